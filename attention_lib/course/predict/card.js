// A prediction: the question, its controls, Commit, and what the kernel replies. What was committed
// stands still until "Try again"; nothing about the truth is on the page before the kernel says it.
// (session.js stands before this in one module.)

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  // JupyterLab would take arrow keys and Enter for its own, unless the control says so itself.
  if (["input", "button"].includes(tag)) made.setAttribute("data-lm-suppress-shortcuts", "true");
  return made;
}

function marked(tag, attributes, html) {
  const made = element(tag, attributes);
  made.innerHTML = html; // the library's own words, escaped by the kernel
  return made;
}

function numberBox(form, ids) {
  const box = element("input", {
    type: "text", size: 12, autocomplete: "off",
    "aria-labelledby": ids.asks, "aria-describedby": ids.hint,
  });
  return {
    inputs: [box],
    parts: [box, ...(form.unit ? [element("span", {}, form.unit)] : [])],
    answer: () => box.value,
    lock: (locked) => (box.readOnly = locked),
  };
}

function line(form, ids) {
  const box = element("input", {
    type: "text", maxlength: 300, autocomplete: "off",
    "aria-labelledby": ids.asks, "aria-describedby": ids.hint,
  });
  return { inputs: [box], parts: [box], answer: () => box.value, lock: (locked) => (box.readOnly = locked) };
}

function radios(form, ids) {
  const inputs = form.options.map((option) =>
    element("input", { type: "radio", name: ids.asks, value: option }),
  );
  return {
    inputs,
    parts: form.options.map((option, i) => element("label", {}, inputs[i], option)),
    answer: () => inputs.find((input) => input.checked)?.value ?? "",
    lock: (locked) => inputs.forEach((input) => (input.disabled = locked)),
  };
}

// Its rows are one grid: a name, the learner's bar with a slider on it, and the computed bar.
function sketch(form, model) {
  const heads = ["", form.words.sketch, form.words.computed].map((text) =>
    element("span", { class: "predict-head", "data-yours": form.words.yours }, text),
  );
  const rows = form.options.map((option, i) => {
    const input = element("input", {
      type: "range", min: 0, max: 1, step: 0.05, value: model.get("sketch")[i] ?? 0,
      "aria-label": option,
    });
    const [yours, truth] = [bar(form, input), bar(form)];
    const name = element("span", { class: "predict-name", "aria-hidden": "true" }, option);
    return { input, yours, truth, parts: [name, yours.cell, truth.cell] };
  });
  const inputs = rows.map(({ input }) => input);
  const values = () => inputs.map((input) => Number(input.value));

  function draw() {
    const truth = model.get("said").bars ?? [];
    heads[2].classList.toggle("predict-both", truth.length > 0);
    rows.forEach((row, i) => {
      row.yours.show(Number(row.input.value));
      if (truth.length) row.truth.show(truth[i], Number(row.input.value));
    });
  }
  for (const input of inputs) {
    input.addEventListener("input", () => {
      model.set("sketch", values());
      model.save_changes();
      draw();
    });
  }
  return {
    inputs,
    parts: [...heads, ...rows.flatMap(({ parts }) => parts)],
    answer: () => (model.get("sketch").length ? values() : []),
    lock: (locked) => inputs.forEach((input) => (input.disabled = locked)),
    draw,
  };
}

function bar(form, ...inside) {
  const track = element("span", { class: "predict-bar" }, ...inside);
  const number = element("span", { class: "predict-value" });
  const cell = element("span", { class: "predict-cell" }, track, number);
  function show(value, guess) {
    number.textContent = value.toFixed(2);
    const at = Math.round(100 * value);
    const style = { at: value, guess, light: form.light[at], dark: form.dark[at] };
    for (const [name, set] of Object.entries(style)) track.style.setProperty(`--${name}`, set);
    track.classList.toggle("predict-guessed", guess !== undefined);
  }
  return { cell, show };
}

// A check that is opened repeats, above its text, the line that was written on the card before it.
function repeatAboveTheCheck(model, el) {
  const { check, wrote } = model.get("form").words;
  function opened({ target }) {
    if (!target.open || target.querySelector("summary > b")?.textContent !== check) return;
    const before = [...document.querySelectorAll(".attention-predict")].filter(
      (card) => card.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const { kind, yours } = model.get("said");
    if (before.at(-1) !== el || kind !== "noted") return;
    target.querySelector(".predict-line")?.remove();
    const line = element("p", { class: "predict-line" }, `${wrote} `, element("b", {}, yours));
    target.querySelector("summary").after(line);
  }
  document.addEventListener("toggle", opened, true); // it does not bubble
  return () => document.removeEventListener("toggle", opened, true);
}

function render({ model, el }) {
  const form = model.get("form");
  const id = Math.random().toString(36).slice(2); // each card has a copy of this module
  const ids = { asks: `predict-asks-${id}`, hint: `predict-hint-${id}` };
  const controls = { number: numberBox, note: line, choice: radios, bars: sketch }[form.kind](
    form, form.kind === "bars" ? model : ids,
  );
  const hint = element("span", { class: "predict-hint", id: ids.hint }, form.hint ?? "");
  const button = element("button", { type: "submit" }, form.words.commit);
  const fields = element(
    "div",
    { class: "predict-fields", role: "group", "aria-labelledby": ids.asks },
    ...controls.parts,
  );
  if (form.kind === "choice") fields.setAttribute("role", "radiogroup");
  const room = form.kind === "note" ? form.words.room_for_a_line : form.words.room;
  const reply = element("div", { class: "predict-reply", role: "status", "data-room": room });
  const away = element("p", { class: "predict-session", role: "status" });
  const page = element(
    "form",
    { class: `predict-form predict-${form.kind} attention-live` },
    marked("p", { class: "predict-asks", id: ids.asks }, model.get("asks")),
    fields,
    element("div", { class: "predict-commit" }, hint, button),
    reply,
    away,
  );
  el.classList.add("attention-predict");
  el.append(page);

  function lock(locked) {
    controls.lock(locked);
    page.classList.remove("waiting");
    page.classList.toggle("committed", locked);
    const { again, change, commit } = form.words;
    button.textContent = locked ? (form.kind === "note" ? change : again) : commit;
  }

  function show() {
    const { kind, title, words, yours, truth, first, unkept } = model.get("said");
    controls.draw?.();
    if (!kind) return;
    const revealed = kind !== "unread";
    reply.replaceChildren();
    if (revealed) {
      // A sketch and its truth stand side by side already.
      const facts = [
        [kind === "noted" ? form.words.wrote : form.words.answer, yours],
        [form.words.truth, truth],
        [form.words.first, first],
      ];
      reply.append(
        element("p", { class: "predict-facts" }, ...facts.filter(([, value]) => value).map(
          ([name, value]) => element("span", {}, `${name} `, element("b", {}, value)),
        )),
      );
    }
    const sentence = marked("p", {}, words);
    if (title) sentence.prepend(element("strong", {}, title), " ");
    reply.append(sentence);
    if (unkept) reply.append(element("p", {}, unkept));
    reply.dataset.kind = kind;
    const inside = page.contains(document.activeElement);
    lock(revealed);
    if (inside && revealed) button.focus();
  }

  function tell(words) {
    if (page.classList.contains("waiting")) lock(false);
    away.textContent = words;
  }
  const session = watchSession(model, page, "input, button", tell);

  // JupyterLab lets no text box of a form submit it.
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target === button) return;
    event.preventDefault();
    if (!page.classList.contains("committed")) page.requestSubmit();
  });
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    if (page.classList.contains("committed")) {
      lock(false);
      (controls.inputs.find((input) => input.checked) ?? controls.inputs[0]).focus();
    } else if (!page.classList.contains("waiting")) {
      page.classList.add("waiting");
      button.textContent = form.words.computing;
      session.send({ commit: controls.answer() });
    }
  });
  model.on("change:said", show);
  show();
  const forget = repeatAboveTheCheck(model, el);
  return () => {
    forget();
    model.off("change:said", show);
    session.stop();
  };
}

export default { initialize, render };
