// The foot of a panel: presenting it on the whole screen, and its state as a line of text that can
// be copied, pasted, and put into a link. (session.js, server.js and
// names.js stand before this in one module.)

const NEXT = ["ArrowRight", "PageDown"]; // clickers send the second of each
const BACK = ["ArrowLeft", "PageUp"];
const CONTROLS = ".attention-row, .attention-faders, .attention-show, .attention-state";
const TYPE = 22 / 13; // of a control's 13 pixels, on a screen that is 1920 wide

// A link is the page's own address with ?state=..., a line of text. JupyterLab rewrites the address
// while it starts, so we look at the one that was asked for. A panel that is shown again keeps to
// what its cell says.
const asked = new URL(performance.getEntriesByType("navigation")[0]?.name ?? location.href);
window.attentionStates ??= asked.searchParams.getAll("state");

function fromLink(panel) {
  const mine = window.attentionStates.findIndex((line) => line.split(" ", 1)[0] === panel);
  return mine < 0 ? null : window.attentionStates.splice(mine, 1)[0];
}

// The address of this notebook, or null in an editor that is no page of a server. JupyterLab's own
// may be that of a folder: a second visit restores what was open before.
async function place(kernel) {
  if (!config.baseUrl) return null;
  const here = new URL(location.pathname, location.href);
  const inside = here.pathname.slice(config.baseUrl.length);
  if (!/^(lab|doc)\b/.test(inside)) return here;
  const mine = (await ask("sessions")).filter((session) => session.kernel?.id === kernel);
  const { path } = mine.find(({ type }) => type === "notebook") ?? mine[0];
  here.pathname = `${config.baseUrl}lab/tree/${path.split("/").map(encodeURIComponent).join("/")}`;
  return here;
}

// On a hub and on Binder this page is on a server of one's own: the link leads all to theirs.
function linkTo(page, line, [own, shared] = []) {
  const link = new URL(page);
  link.searchParams.set("state", line);
  const place = link.pathname + link.search;
  if (!own || !place.startsWith(own)) return link.href;
  const rest = place.slice(own.length);
  return new URL(shared + (shared.endsWith("=") ? encodeURIComponent(rest) : rest), link).href;
}

// Where the page may not write to the clipboard the text stands in the box, chosen.
async function copy(text, box) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    box.value = text;
    box.select();
    return document.execCommand("copy");
  }
  return true;
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Shows `root` on the whole screen, its picture as large as can be seen whole.
function present(root) {
  const leaving = new AbortController();
  const meanwhile = { signal: leaving.signal, capture: true };
  let byMouse = false;

  function measure() {
    root.style.setProperty("--attention-zoom", (TYPE * window.innerWidth) / 1920);
    for (const picture of root.querySelectorAll(".attention-picture")) {
      const ratio = picture.querySelector(".live-figure").style.getPropertyValue("--ratio");
      picture.style.setProperty("--attention-ratio", ratio);
    }
  }
  function onKey(event) {
    if (!root.isConnected) return leave(); // its cell has run again
    byMouse = false;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = NEXT.includes(event.key) ? "next" : BACK.includes(event.key) ? "back" : null;
    const step = way && root.querySelector(`.attention-${way}`);
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    const sliding = event.target.closest(".noUi-handle") && event.key.startsWith("Arrow");
    if ((typing || sliding) && !(step && event.key.startsWith("Page"))) return;
    const letter = event.key.toLowerCase();
    if (step) step.click();
    else if (letter === "c") root.classList.toggle("attention-bare");
    else if (letter === "f") root.classList.toggle("attention-large");
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  // A list or a slider that was moved by mouse would keep the keys: the whole takes them back.
  function onMoved({ type, target }) {
    const done = type === "change" ? byMouse : !target.closest("input, select");
    if (done) root.focus({ preventScroll: true });
  }
  function leave() {
    leaving.abort();
    sizes.disconnect();
    root.classList.remove("attention-presenting", "attention-bare", "attention-large");
    delete root.dataset.lmSuppressShortcuts;
    if (root.popover) root.hidePopover();
    root.removeAttribute("popover");
    if (document.fullscreenElement === root) document.exitFullscreen();
    root.querySelector(".attention-enter")?.focus();
  }

  const sizes = new ResizeObserver(measure);
  sizes.observe(root);
  root.classList.add("attention-presenting");
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own keys rest meanwhile
  root.tabIndex = -1;
  window.addEventListener("keydown", onKey, meanwhile);
  root.addEventListener("attention-leave", leave, meanwhile);
  root.addEventListener("pointerdown", () => (byMouse = true), meanwhile);
  root.addEventListener("pointerup", onMoved, meanwhile);
  root.addEventListener("change", onMoved, meanwhile);
  const onScreen = () => document.fullscreenElement || leave();
  root.requestFullscreen().then(
    () => document.addEventListener("fullscreenchange", onScreen, meanwhile),
    () => {
      root.popover = "manual"; // no whole screen is to be had: the whole page, then
      root.showPopover();
    },
  );
  root.focus();
}

// Brings what a run has just shown into sight, once: JupyterLab keeps the next cell where it was, and
// pushes the panel out of sight above it. At Run All the active cell is elsewhere; and who has scrolled
// away meanwhile is left alone.
function bringIntoSight(root) {
  const cell = root.closest(".jp-WindowedPanel-outer .jp-Cell");
  const hasRun = [cell, cell?.nextElementSibling].some((at) => at?.matches(".jp-mod-active"));
  if (!hasRun) return;
  const watch = new IntersectionObserver(([{ isIntersecting, intersectionRatio }]) => {
    watch.disconnect();
    const fits = root.offsetHeight < root.closest(".jp-WindowedPanel-outer").clientHeight;
    const seenInPart = isIntersecting && intersectionRatio < 1;
    if (seenInPart) root.scrollIntoView({ block: fits ? "nearest" : "start" });
  });
  watch.observe(root);
}

function build(model, panel) {
  const line = make("input", { type: "text", spellcheck: false, ariaLabel: spoken("State as a line") });
  line.dataset.lmSuppressShortcuts = "true";
  const link = make("button", { textContent: spoken("Copy link") });
  const state = make("span", { className: "attention-state", hidden: true }, line, link);
  const away = make("span", { className: "attention-session", role: "status" });
  const show = make("button", { className: "attention-show", textContent: spoken("State") });
  show.ariaExpanded = "false";
  show.title = spoken("This panel's state as a line of text, to copy or to paste");
  const enter = make("button", { className: "attention-enter", textContent: spoken("Present") });
  enter.title = spoken("Show this panel on the whole screen");
  const leave = make("button", { className: "attention-leave", textContent: spoken("Leave") });
  const more = make("button", { className: "attention-more", textContent: spoken("More") });
  more.ariaExpanded = "false";
  more.title = spoken("Show the controls that are used less");
  more.onclick = () => {
    const shown = more.closest(".attention-presenting").classList.toggle("attention-all");
    more.ariaExpanded = String(shown);
  };
  const steps = make("span", { className: "attention-keys-step" }, spoken("← → step · "));
  const pressed = spoken("C controls · F larger · Esc leave");
  const keys = make("span", { className: "attention-keys" }, steps, pressed);

  enter.onclick = () => present(panel.closest(".attention-story") ?? panel);
  leave.onclick = () => leave.dispatchEvent(new Event("attention-leave", { bubbles: true }));
  show.onclick = () => {
    state.hidden = !state.hidden;
    show.ariaExpanded = String(!state.hidden);
    model.set({ shown: !state.hidden, problem: "" });
    model.save_changes();
    write();
  };
  // What was typed and refused stays, so that it can be mended, until the panel moves or the line is
  // opened again.
  line.onkeydown = (event) => {
    if (event.key === "Enter") model.send({ restore: line.value });
  };
  line.onfocus = () => line.select();
  link.onclick = async () => {
    write();
    const state = model.get("line");
    const page = await place(model.get("kernel")).catch(() => null); // or the server is silent
    const text = page ? linkTo(page, state, model.get("shared")) : state;
    const copied = await copy(text, line);
    const done = page ? spoken("Copied") : spoken("Copied the line");
    link.textContent = copied ? done : spoken("Press Ctrl+C");
    setTimeout(() => (link.textContent = spoken("Copy link")), 1500);
  };
  const row = make("div", { className: "attention-foot-row" }, away, keys, state, more, show, enter, leave);
  const problem = make("div", { className: "attention-foot-problem", role: "status" });
  function write() {
    line.value = model.get("line");
    link.disabled = !line.value; // it is on its way
  }
  function say() {
    problem.textContent = model.get("problem").replaceAll("`", "");
  }
  say();
  return { foot: [row, problem], heard: { "change:line": write, "change:problem": say }, away };
}

function render({ model, el }) {
  let stop = () => {};
  const start = requestAnimationFrame(() => {
    const panel = el.closest(".attention-panel");
    if (!panel) return;
    const unname = keepNamed(panel);
    const { foot, heard, away } = build(model, panel);
    for (const [event, hear] of Object.entries(heard)) model.on(event, hear);
    el.append(...foot);
    const restore = fromLink(model.get("name"));
    if (restore) model.send({ restore });
    const root = panel.closest(".attention-story") ?? panel;
    if (!model.wasShown) bringIntoSight(root);
    model.wasShown = true;
    const session = watchSession(model, root, CONTROLS, (words) => (away.textContent = words));
    stop = () => {
      for (const [event, hear] of Object.entries(heard)) model.off(event, hear);
      unname();
      session.stop();
    };
  });
  return () => {
    cancelAnimationFrame(start);
    stop();
  };
}

export default { initialize, render };
