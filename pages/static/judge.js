// What a card replies on a page without a kernel: every reply was asked of the real judge when the
// site was made (pages/cards.py). Here the one is found that belongs to an answer.

const judge = (() => {
  const WORDS = { nothing: 0, none: 0, half: 0.5, "a half": 0.5, "a quarter": 0.25 };
  "zero, one, two, three, four, five, six, seven, eight, nine, ten"
    .split(", ")
    .forEach((word, number) => (WORDS[word] = number));
  WORDS["一半"] = 0.5;
  WORDS["两"] = 2;
  [..."零一二三四五六七八九十"].forEach((sign, number) => {
    WORDS[sign] = number;
    if (number > 1) WORDS[`${sign}分之一`] = 1 / number;
  });
  const MEASURED = /(?<=^[零一二两三四五六七八九十])[个张种次件组倍行列层][一-鿿]{0,2}$/;
  const SIGNS = { "−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "^": "**", "\u00a0": " " };
  const FILLER = /^(about|around|roughly|exactly|大约|约|times|=|~|≈|×|x(?=[\s\d.]))\s*/i;

  // Digits of any script, and signs as Chinese keyboards type them, as in ASCII; no stop at the end.
  function tidied(text) {
    const narrow = text.replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
    return narrow.trim().replace(/[.。]+$/, "").replace(/\p{Nd}/gu, decimal);
  }
  // Every script has its ten digits in a row.
  function decimal(sign) {
    let below = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - below - 1))) below++;
    return below % 10;
  }

  // A number as people type one, as `read_number` in attention_lib.course.predict reads it; what is
  // none is a SyntaxError, and what is too long a RangeError.
  function readNumber(text, unit = "") {
    const told = tidied(text);
    const word = WORDS[told.replace(MEASURED, "").toLowerCase()];
    if (word !== undefined) return word * (unit === "%" && word > 0 && word < 1 ? 100 : 1);
    let words = told.replace(FILLER, "").replace(/[−–×·÷^\u00a0]/g, (sign) => SIGNS[sign]);
    words = words.replace(/(?<![\d.,])([1-9]\d{0,2})((?:[, ]\d{3})+)(?![\d,])/g, (all) => all.replace(/[, ]/g, ""));
    words = words.replace(/(?<![\d.,])(\d+),(\d+)(?![\d,])/g, "$1.$2");
    const percent = /\s*(%|per ?cent)$/.test(words);
    words = words.replace(/\s*(%|per ?cent)$/, "");
    words = words.replace(/(?<=\d)\s*x\s*(?=\d)/g, "*");
    words = words.replace(/(?<=[\d)])\s*[a-z一-鿿][a-z一-鿿 ]*\.?$/i, "");
    if ([...words].length > 80) throw new RangeError(words);
    const value = workOut(words);
    return percent && unit !== "%" ? value / 100 : value;
  }

  // Sums, products and powers of numbers, with brackets; a SyntaxError for anything else.
  function workOut(words) {
    const parts = words.replace(/(?<=\d)_(?=\d)/g, "").match(/\*\*|\/\/|[-+*/()]|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\S/gi) ?? [];
    let at = 0;
    const fail = () => {
      throw new SyntaxError(words);
    };
    const met = (sign) => parts[at] === sign && ++at;
    function sum() {
      let value = product();
      for (;;) {
        if (met("+")) value += product();
        else if (met("-")) value -= product();
        else return value;
      }
    }
    function product() {
      let value = signed();
      for (;;) {
        if (met("*")) value *= signed();
        else if (met("//")) value = Math.floor(value / signed());
        else if (met("/")) value /= signed();
        else return value;
      }
    }
    function signed() {
      if (met("-")) return -signed();
      if (met("+")) return signed();
      const value = one();
      const power = met("**") ? value ** signed() : value;
      return Number.isNaN(power) && !Number.isNaN(value) ? fail() : power; // no real number
    }
    function one() {
      if (met("(")) {
        const value = sum();
        return met(")") ? value : fail();
      }
      const part = parts[at++] ?? "";
      return /^(?!0+[1-9]\d*$)\.?\d/.test(part) ? Number(part) : fail();
    }
    const value = sum();
    return at === parts.length ? value : fail();
  }

  function number(card, answer) {
    if (!tidied(answer)) return card.empty;
    let value;
    try {
      value = readNumber(answer, card.form.unit);
    } catch (error) {
      return error instanceof RangeError ? card.long : withAnswer(card.unread, answer);
    }
    if (!Number.isFinite(value)) return withAnswer(card.infinite, answer);
    const after = card.borders.findIndex((border) => value < border);
    return card.replies[after < 0 ? card.borders.length : after];
  }
  // The sentence repeats what was typed.
  function withAnswer(reply, answer) {
    const made = document.createElement("span");
    made.textContent = [...tidied(answer)].slice(0, 40).join("");
    const words = reply.words.replace(/qqq|1\/0/, () => made.innerHTML);
    return { ...reply, words };
  }

  function bars(card, sketch) {
    if (!sketch.length) return card.empty;
    const off = (values) => sketch.map((value, bar) => Math.abs(value - values[bar]));
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const all = off(card.truth);
    const most = Math.max(...all);
    if (most <= card.margin) return card.right;
    const place = sketch.reduce((before, value) => before * 21 + Math.round(value * 20), 0);
    const first = Number(card.ruled[place] ?? 0) - 1; // whose rule the sketch fits
    const believed = card.beliefs.find((belief, i) =>
      belief.ruled ? i === first : Math.max(...off(belief.value)) <= card.margin,
    );
    if (believed) return believed;
    const near = mean(all) <= card.margin && most <= 2.5 * card.margin;
    return card[near ? "near" : "other"][all.indexOf(most)];
  }

  return {
    readNumber,
    number,
    bars,
    choice: (card, answer) => card.replies[answer] ?? card.replies[""],
    note: (card, answer) => card.replies[answer.trim() ? "any" : ""],
  };
})();

// The card's own script (attention_lib/course/predict/card.js) draws it; what it takes for a kernel
// is this model.
attention.beginCard = async (root) => {
  const card = attention.asJSON(await attention.unpack(root.dataset.card));
  const { kind } = card.form;
  const traits = { asks: card.asks, form: card.form, sketch: [], said: {} };
  const heard = {};
  let first = null;
  const told = (answer) => (typeof answer === "string" ? answer.trim() : "");
  const model = {
    get: (name) => traits[name],
    set: (name, value) => (traits[name] = value),
    save_changes: () => {},
    on: (event, callback) => (heard[event] = callback),
    off: () => {},
    commit(answer) {
      const reply = judge[kind](card, answer);
      const revealed = reply.kind !== "unread";
      if (revealed) first ??= told(answer);
      traits.said = {
        ...reply,
        yours: told(answer),
        truth: kind === "bars" ? "" : reply.truth,
        bars: kind === "bars" && revealed ? card.truth : [],
        first: first === told(answer) ? "" : first,
      };
      heard["change:said"]();
      if (revealed) root.dispatchEvent(new CustomEvent("attention-committed", { bubbles: true }));
    },
  };
  const el = document.createElement("div");
  root.replaceChildren(el);
  attention.card.render({ model, el });
};
