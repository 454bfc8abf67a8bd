// What a page without a kernel does when a control moves: it finds the answer that the panel gave
// when the site was made, paints it, and sets the controls as the panel set them. Python drew every
// pixel and wrote every word. Data come as scripts, so that a page opened from a folder has them.

const attention = (() => {
  const RESTS = 700; // milliseconds without a move, until the picture is read out
  const PLAYS = 1800; // from stage to stage
  const LATE = 1500; // until a panel says what it waits for
  const EXACT = 0.01; // of a distance; and of two gates, which faders show rounded
  const SAME = 1e-6; // between two texts of the same numbers: the text that was asked for comes first
  const base = new URL("../panels/", document.currentScript.src);

  // -- what is fetched ---------------------------------------------------------------------------

  // What `make` promises under a key: made once, and again only if that has failed.
  function once(kept, key, make) {
    if (!kept.has(key)) {
      const made = make();
      kept.set(key, made);
      made.catch(() => kept.delete(key));
    }
    return kept.get(key);
  }

  const scripts = new Map();
  const arrived = new Map(); // from a script's name to what takes its bytes

  const load = (name) => once(scripts, name, () => new Promise((resolve, reject) => {
    arrived.set(name, resolve);
    const script = document.createElement("script");
    script.src = new URL(`${name}.js`, base);
    script.onerror = () => reject(new Error(`${name}.js is missing`));
    document.head.append(script);
  }));

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  const take = (name, text) => arrived.get(name)?.(unpack(text));
  const asJSON = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

  // A line such as `scale photo=cat C=8` as a map from a control to its text.
  function read(line) {
    const found = new Map();
    for (const [, key, text] of line.matchAll(/([A-Za-z_]+)=("(?:[^"\\]|\\.)*"|\S+)/g)) {
      found.set(key, text.startsWith('"') ? unquoted(text) : text);
    }
    return found;
  }
  function unquoted(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  function write(name, texts) {
    const quote = (text) => (text && !/[\s"=\\]/.test(text) ? text : JSON.stringify(text));
    return [name, ...[...texts].map(([key, text]) => `${key}=${quote(text)}`)].join(" ");
  }

  // -- answers: shared by all hosts of one panel on a page --------------------------------------

  const panels = new Map();

  async function loadPanel(name) {
    const { size, tiles, answers } = asJSON(await load(`${name}/answers`));
    const spans = new Map(); // of each control's numbers, over all answers
    const states = answers.map(([asked, line, alt, texts, faders, unused]) => {
      const wanted = read(asked);
      for (const [key, text] of wanted) {
        if (!spans.has(key)) spans.set(key, [Infinity, -Infinity]);
        for (const number of numbers(text) ?? []) {
          const span = spans.get(key);
          span[0] = Math.min(span[0], number);
          span[1] = Math.max(span[1], number);
        }
      }
      return { asked, line: line || asked, wanted, became: read(line || asked), alt, texts, faders, unused };
    });
    return { name, size, tiles, states, spans };
  }
  const panelOf = (name) => once(panels, name, () => loadPanel(name));

  const numbers = (text) => {
    const found = text.split(",").map(Number);
    return text !== "" && found.every(Number.isFinite) ? found : null;
  };

  // How far a text is from another one, from 0 to 1, or 2 for another option; of several numbers,
  // which are gates, none may be further off than they are rounded.
  function distance(one, other, [low, high]) {
    if (one === other) return 0;
    const [ones, others] = [numbers(one ?? ""), numbers(other ?? "")];
    if (!ones || !others) return 2;
    const count = Math.min(ones.length, others.length);
    let [most, sum] = [0, 0];
    for (let i = 0; i < count; i++) {
      const off = Math.abs(ones[i] - others[i]);
      most = Math.max(most, off);
      sum += off;
    }
    return most < (count > 1 ? EXACT : SAME) ? SAME : 0.05 + sum / count / (high - low || 1);
  }

  // The answer nearest to what is asked for, and whether it is that: what has just been moved counts
  // most, then that lists stay as they are. What has no effect in a state may be anything there. Where
  // one gate has been moved by its fader, the others are to stay, and everything else.
  function find(panel, asked, moved, fader) {
    const weight = (key) => (key in moved || fader !== undefined ? 100 : 1);
    let [best, least] = [0, Infinity];
    panel.states.forEach((state, number) => {
      for (const texts of [state.wanted, state.became]) {
        let far = 0;
        for (const [key, text] of asked) {
          if (state.unused.includes(key) && !(key in moved)) continue;
          const byFader = key === "gates" && fader !== undefined;
          const other = byFader ? state.faders.join(",") : texts.get(key);
          far += distance(text, other, panel.spans.get(key)) * weight(key);
          if (byFader) far += 25 * Math.abs(text.split(",")[fader] - state.faders[fader]);
        }
        if (far < least) [best, least] = [number, far];
      }
    });
    return { number: best, exact: least < EXACT };
  }

  // -- pictures ----------------------------------------------------------------------------------

  const stores = new Map();

  async function loadStore(panel, part) {
    const bytes = await load(`${panel.name}/${part}`);
    const end = bytes.indexOf(10);
    const [width, height, needs] = asJSON(bytes.subarray(0, end));
    const ids = new Int32Array(bytes.slice(end + 1).buffer);
    const [states, places] = [needs.length, ids.length / needs.length];
    for (let place = 0; place < places; place++) {
      for (let at = place * states + 1; at < (place + 1) * states; at++) ids[at] += ids[at - 1];
    }
    const sheets = new Map();
    const sheet = (number) => once(sheets, number, async () => {
      const image = new Image();
      image.src = new URL(`${panel.name}/${part}/${number}.webp`, base);
      await image.decode();
      return createImageBitmap(image, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    });
    // The first so many sheets; whoever waits for one waits for those before it.
    const upTo = (count) => Promise.all(Array.from({ length: count }, (_, number) => sheet(number)));
    return { width, height, needs, ids, states, places, upTo };
  }
  const storeOf = (panel, part) =>
    once(stores, `${panel.name}/${part}`, () => loadStore(panel, part));
  // A dense screen, or one so wide that pages.css enlarges the page.
  const fine = matchMedia("(min-resolution: 1.2dppx), (min-width: 1800px)");
  const wantedPart = () => {
    const dark = document.documentElement.dataset.theme === "dark";
    return `${dark ? "dark" : "light"}-${fine.matches ? 2 : 1}`;
  };

  // A canvas that shows one picture of a store after the other.
  function easel(canvas, [side, across]) {
    const context = canvas.getContext("2d");
    let [on, shown] = [null, null];
    return (store, number, bitmaps) => {
      if (on !== store) {
        [canvas.width, canvas.height] = [store.width, store.height];
        shown = new Int32Array(store.places).fill(-1);
        on = store;
      }
      const [columns, sheet] = [Math.ceil(store.width / side), across * across];
      for (let place = 0; place < store.places; place++) {
        const id = store.ids[place * store.states + number];
        if (id === shown[place]) continue;
        shown[place] = id;
        const at = id % sheet;
        context.drawImage(
          bitmaps[Math.floor(id / sheet)],
          (at % across) * side, Math.floor(at / across) * side, side, side,
          (place % columns) * side, Math.floor(place / columns) * side, side, side,
        );
      }
    };
  }

  // -- a host ------------------------------------------------------------------------------------

  function host(root) {
    const name = root.dataset.panel;
    const all = (what) => [...root.querySelectorAll(what)];
    const picture = root.querySelector(".attention-picture");
    const note = root.querySelector(".attention-note");
    const voice = Object.assign(document.createElement("div"), { className: "attention-voice" });
    voice.setAttribute("role", "status");
    let panel, paint, canvas, texts, resting, playing;
    let last = 0; // the newest question, so that an older answer that comes late is not shown
    let now = null; // the number of the state that is shown

    async function begin() {
      const late = setTimeout(() => {
        note.textContent = "This panel moves as soon as its data have come.";
      }, LATE);
      storeOf({ name }, wantedPart()).catch(() => {}); // comes beside the answers
      panel = await panelOf(name).finally(() => clearTimeout(late));
      canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      paint = easel(canvas, panel.tiles);
      texts = read(root.dataset.line);
      await ask({}, { quietly: true });
      picture.prepend(canvas);
      root.append(voice);
      listen();
      root.dataset.alive = "";
      for (const repeat of early.splice(0)) repeat();
    }
    // What a hand does before the data have come is done once they are there.
    const early = [];
    root.addEventListener("change", ({ target }) => {
      const { value, checked } = target;
      if (isAlive()) return;
      early.push(() => {
        Object.assign(target, { value, checked });
        for (const name of ["input", "change"]) target.dispatchEvent(new Event(name, { bubbles: true }));
      });
    });
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button && !isAlive()) early.push(() => button.click());
    });
    const isAlive = () => "alive" in root.dataset;

    async function ask(moved, { quietly = false, from = texts, fader } = {}) {
      const asked = new Map([...from, ...Object.entries(moved)]);
      keepChannel(asked, moved);
      const { number, exact } = find(panel, asked, moved, fader);
      const state = panel.states[number];
      const question = ++last;
      // The next move goes on from here, even where this picture is still to come.
      now = number;
      texts = new Map(state.became);
      for (const key of state.unused) if (asked.has(key)) texts.set(key, asked.get(key));
      const part = wantedPart();
      const store = await storeOf(panel, part);
      const bitmaps = await store.upTo(store.needs[number]);
      if (question !== last) return;
      paint(store, number, bitmaps);
      [canvas.dataset.look] = part.split("-");
      canvas.setAttribute("aria-label", state.alt);
      canvas.dataset.line = write(name, texts);
      settle(state);
      note.replaceChildren(...(exact ? [] : elsewhere(asked)));
      if (!quietly) announce(state);
    }
    // Where there are fewer channels, the chosen one is one of them.
    function keepChannel(asked, { C }) {
      if (C > 0 && Number(asked.get("channel")) >= C) asked.set("channel", String(C - 1));
    }
    // Ask, and say so if a picture does not come: the connection may be gone.
    const tryToAsk = (...what) => ask(...what).catch((error) => {
      note.textContent = "The picture could not be loaded. Move again when the connection is back.";
      console.error(error);
    });

    // While a hand is on the panel its other pictures come, so that no move waits for them.
    async function comeAhead() {
      const store = await storeOf(panel, wantedPart());
      for (let count = 1; count <= Math.max(...store.needs); count++) await store.upTo(count);
    }
    const getAhead = () => comeAhead().catch(() => {}); // a move will ask again

    // What this page does not keep can be seen in the live notebook.
    function elsewhere(asked) {
      const link = document.createElement("a");
      const page = document.querySelector("[data-attention-live]").dataset;
      const place = `lab/tree/notebooks/${page.attentionNotebook || "00_start_here.ipynb"}`;
      const state = encodeURIComponent(write(name.replace(/^(narrow_)?hero$/, "scale"), asked));
      link.href = page.attentionLive + encodeURIComponent(`${place}?state=${state}`);
      link.textContent = "Open exactly that in the live notebook";
      const count = "This page keeps {count} states of this panel. ";
      const nearest = "This is the nearest to what you asked for. ";
      return [count.replace("{count}", panel.states.length) + nearest, link];
    }

    // The controls stand as the panel had them.
    function settle(state) {
      for (const control of all("[data-key]")) {
        const text = texts.get(control.dataset.key);
        if (control.type === "checkbox") control.checked = text === "on";
        else if (control.type === "radio") control.checked = text === control.value;
        else if (control.type === "range") {
          const values = control.dataset.values.split(" ");
          const at = values.indexOf(text);
          if (at >= 0) control.value = at;
          control.setAttribute("aria-valuetext", text);
        } else if (control.matches("input, select")) control.value = text;
      }
      for (const button of all("[data-step]")) {
        const stages = stagesOf(button.dataset.ofKey);
        const end = button.dataset.step < 0 ? stages.at(0) : stages.at(-1);
        button.setAttribute("aria-disabled", String(Number(texts.get(button.dataset.ofKey)) === end));
      }
      for (const part of all("[data-of]")) {
        part.style.visibility = state.unused.includes(part.dataset.of) ? "hidden" : "";
      }
      for (const written of all("[data-text]")) {
        const words = state.texts[written.dataset.text];
        if (written.innerHTML !== words) written.innerHTML = words; // the library's own, escaped
      }
      lieOnBars(state);
    }
    function lieOnBars({ faders }) {
      const sliders = all("[data-fader]");
      sliders.forEach((slider, channel) => {
        slider.hidden = channel >= faders.length;
        if (!slider.hidden && slider !== held) slider.value = faders[channel];
      });
    }
    let held = null; // the fader under the hand

    const stagesOf = (key) => {
      const found = new Set(panel.states.map((state) => Number(state.became.get(key))));
      return [...found].sort((one, other) => one - other);
    };
    function step(key, by) {
      const stages = stagesOf(key);
      const at = stages.indexOf(Number(texts.get(key)));
      const next = stages[Math.min(Math.max(at + Number(by), 0), stages.length - 1)];
      move({ [key]: String(next) });
      return next !== stages.at(-1);
    }
    function stop() {
      clearInterval(playing);
      playing = null;
      for (const button of all("[data-play]")) button.textContent = "Play";
    }
    function play(button) {
      if (playing) return stop();
      const key = button.dataset.ofKey;
      button.textContent = "Pause";
      if (Number(texts.get(key)) === stagesOf(key).at(-1)) move({ [key]: String(stagesOf(key)[0]) });
      playing = setInterval(() => step(key, 1) || stop(), PLAYS);
    }

    const move = (moved) => tryToAsk(moved);
    function moveFader(slider) {
      const { fader } = slider.dataset;
      const gates = all("[data-fader]:not([hidden])").map((each) => each.value);
      const chosen = texts.has("channel") ? { channel: fader } : {};
      return tryToAsk({ gates: gates.join(","), ...chosen }, { fader: Number(fader) });
    }
    // By keyboard a fader goes to the next gate that is kept, the other gates being as they are.
    function stepFader(slider, up) {
      const channel = Number(slider.dataset.fader);
      const { faders } = panel.states[now];
      const alike = panel.states.filter((state) =>
        state.faders.length === faders.length &&
        [...texts].every(([key, text]) =>
          key === "gates" || key === "channel" || state.became.get(key) === text) &&
        faders.every((gate, i) => i === channel || Math.abs(gate - state.faders[i]) < EXACT));
      const stops = alike.map((state) => state.faders[channel]).sort((one, other) => one - other);
      const next = up
        ? stops.find((gate) => gate > faders[channel] + EXACT)
        : stops.findLast((gate) => gate < faders[channel] - EXACT);
      slider.value = next ?? Number(up); // if none is kept: what comes nearest to its end
      moveFader(slider);
    }
    function listen() {
      root.addEventListener("pointerenter", getAhead, { once: true });
      root.addEventListener("focusin", getAhead, { once: true });
      root.addEventListener("input", ({ target }) => {
        const { key, fader, values } = target.dataset;
        if (fader !== undefined) {
          held = target;
          moveFader(target);
        } else if (target.type === "range" && key) move({ [key]: values.split(" ")[target.value] });
        else if (target.type === "checkbox" && key) move({ [key]: target.checked ? "on" : "off" });
      });
      root.addEventListener("keydown", (event) => {
        const way = { ArrowUp: true, ArrowRight: true, ArrowDown: false, ArrowLeft: false }[event.key];
        const { fader, key } = event.target.dataset;
        const typed = event.target.type === "number" && /Up|Down/.test(event.key);
        if (way === undefined || (fader === undefined && !typed)) return;
        event.preventDefault();
        if (typed) step(key, way ? 1 : -1); // to the next number that is kept
        else stepFader(event.target, way);
      });
      root.addEventListener("change", ({ target }) => {
        const { key, fader, sets } = target.dataset;
        if (fader !== undefined) {
          held = null;
          lieOnBars(panel.states[now]);
        } else if (sets) move(JSON.parse(sets));
        else if (key && target.matches("select")) move({ [key]: target.value });
        else if (key && target.type === "number") {
          if (root.querySelector(`[data-play][data-of-key=${key}]`)) stop(); // a hand has the stage
          // What is no number is taken back.
          move(target.value === "" ? {} : { [key]: String(Number(target.value)) });
        }
      });
      root.addEventListener("click", ({ target }) => {
        const button = target.closest("button");
        if (!button) return;
        const { step: by, ofKey, play: plays, sets } = button.dataset;
        if (by && button.ariaDisabled !== "true") {
          stop();
          step(ofKey, by);
        } else if (plays !== undefined) play(button);
        else if (sets) move(JSON.parse(sets));
      });
      const again = () => tryToAsk({}, { quietly: true });
      new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
      fine.addEventListener("change", again);
    }

    // A move is read out when the picture has come to rest, and the page's address then has it.
    function announce(state) {
      clearTimeout(resting);
      resting = setTimeout(() => {
        voice.textContent = state.alt;
        const place = [...document.querySelectorAll(`[data-panel="${name}"]`)].indexOf(root) + 1;
        const which = place > 1 ? `&panel=${place}` : "";
        history.replaceState(null, "", `#state=${encodeURIComponent(canvas.dataset.line)}${which}`);
      }, RESTS);
    }

    const disable = (whether) => all("[data-key], [data-fader], button").forEach((part) => {
      part.disabled = whether;
    });
    disable(false); // even before its data: who comes by keyboard finds every control in its order
    let begun = null;
    return {
      states: () => panel.states.map(({ line }) => line),
      root,
      name,
      begin: () => (begun ??= begin().catch((error) => {
        note.textContent = "This panel's data could not be loaded, so it stays a picture.";
        disable(true);
        console.error(error);
      })),
      async show(line) {
        if (now === null) return; // its data could not be loaded
        const known = [...read(line)].filter(([key]) => texts.has(key));
        await tryToAsk({}, { quietly: true, from: new Map([...texts, ...known]) });
      },
      line: () => write(name, texts),
    };
  }

  // -- walks -------------------------------------------------------------------------------------

  function walk(root, hosts) {
    const steps = JSON.parse(root.dataset.steps);
    const words = root.querySelector(".attention-words");
    const buttons = [...root.querySelectorAll("[data-walk]")];
    let at = 0;

    async function go(to) {
      at = Math.min(Math.max(to, 0), steps.length - 1);
      const [line, said] = steps[at];
      const small = document.createElement("small");
      small.textContent = root.dataset.step.replace("{at}", at + 1).replace("{all}", steps.length);
      words.replaceChildren(small, ` ${said}`);
      buttons.forEach((button) => {
        const end = Number(button.dataset.walk) < 0 ? 0 : steps.length - 1;
        button.setAttribute("aria-disabled", String(at === end));
      });
      for (const each of hosts) each.root.hidden = each.name !== line.split(" ")[0];
      const shown = hosts.find((each) => !each.root.hidden);
      await shown.begin();
      await shown.show(`${shown.root.dataset.line} ${line}`);
    }
    for (const button of buttons) {
      button.addEventListener("click", () => go(at + Number(button.dataset.walk)));
    }
    go(0);
    return (name) => go(steps.findIndex(([line]) => line.split(" ")[0] === name));
  }

  // -- the page ----------------------------------------------------------------------------------

  const walks = new Map(); // from a walk to what leads it to a panel
  function beginWalk(story) {
    if (!walks.has(story)) {
      story.dataset.begun = "yes";
      walks.set(story, walk(story, hosts.filter(({ root }) => story.contains(root))));
    }
    return walks.get(story);
  }

  function wake(each) {
    const story = each.root.closest(".attention-story");
    if (story) beginWalk(story);
    else each.begin();
  }

  // A panel as the address has it: `#state=LINE`, with `&panel=2` for the second of its kind. The start
  // page has one for wide and one for narrow screens.
  async function restore() {
    const [, text, place] = location.hash.match(/^#state=([^&]*)(?:&panel=(\d+))?$/) ?? [];
    if (!text) return;
    const line = decoded(text);
    const kind = (name) => name.replace("narrow_", "");
    const alike = hosts.filter(({ name, root }) =>
      kind(name) === kind(line.split(" ")[0]) && getComputedStyle(root.parentElement).display !== "none");
    const asked = alike[(place ?? 1) - 1] ?? alike[0];
    if (!asked) return;
    for (let up = asked.root; up; up = up.parentElement) if (up.localName === "details") up.open = true;
    const story = asked.root.closest(".attention-story");
    if (story) await beginWalk(story)(asked.name);
    asked.root.scrollIntoView();
    await asked.begin();
    asked.show(line);
  }

  let hosts = [];
  const named = (name) => hosts.find((each) => each.name === name);

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return ""; // an address that was cut off
    }
  }

  function start() {
    if (!window.DecompressionStream) return tellOfAge();
    hosts = [...document.querySelectorAll(".attention-host")].map(host);
    const near = new IntersectionObserver(
      (seen) => {
        for (const { target, isIntersecting } of seen) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          wake(hosts.find((each) => each.root === target));
        }
      },
      { rootMargin: "300px" },
    );
    for (const each of hosts) {
      near.observe(each.root);
      (each.root.closest(".attention-story") ?? each.root).addEventListener("focusin", () => wake(each));
    }
    for (const button of document.querySelectorAll("[data-walk]")) button.disabled = false;
    restore();
    addEventListener("hashchange", restore);
    for (const root of document.querySelectorAll("[data-card]")) attention.beginCard(root);
  }
  // A browser without what unpacks the data: pictures and questions stay as they are.
  function tellOfAge() {
    const words = "This needs a browser from May 2023 or later.";
    for (const note of document.querySelectorAll(".attention-note")) note.textContent = words;
    for (const card of document.querySelectorAll("[data-card]")) card.append(words);
  }

  document.addEventListener("DOMContentLoaded", start); // judge.js and card.js are there then, too
  // The states that a panel on this page has, and one of them shown: from the console, and for tests.
  const statesOf = (name) => named(name).states();
  const show = (name, line) => named(name).show(line);
  return { take, unpack, asJSON, statesOf, show };
})();
