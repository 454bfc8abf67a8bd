// Gives every slider handle and number box of a panel the name that stands beside it, and Play's
// buttons theirs: ipywidgets leaves them nameless, and a screen reader would say "slider, 6".

const PLAY = [
  spoken("Play or pause"),
  spoken("Stop and go back to the first stage"),
  spoken("Repeat"),
];

function name(panel) {
  for (const player of panel.querySelectorAll(".widget-play")) {
    player.querySelectorAll("button:not([aria-label])").forEach((button, i) => {
      button.setAttribute("aria-label", PLAY[i]);
      button.title = PLAY[i];
    });
  }
  // A sentence beside the picture is replaced as a whole: its frame is what announces it.
  for (const frame of panel.querySelectorAll(".attention-message .widget-html-content")) {
    frame.setAttribute("role", "status");
  }
  for (const control of panel.querySelectorAll(".attention-control")) {
    const label = control.querySelector(".widget-label")?.textContent.trim();
    if (!label) continue;
    for (const handle of control.querySelectorAll(".noUi-handle:not([aria-label])")) {
      handle.setAttribute("aria-label", label);
      onFocus({ target: handle });
    }
    for (const box of control.querySelectorAll("input[type=number]:not([aria-label])")) {
      box.setAttribute("aria-label", spoken("{label}, typed", { label }));
    }
  }
}

// A slider through powers of two stands at the exponent. What it says is the number itself: that of
// the box beside it, which may hold 24, and while it is moved the one that it moves to.
function say(handle, number) {
  if (number) handle.setAttribute("aria-valuetext", number);
}
function onFocus({ target }) {
  const powers = target.matches(".noUi-handle") && target.closest(".attention-powers");
  if (powers) say(target, powers.querySelector("input").value);
}
function onMoved({ target, attributeName }) {
  if (attributeName !== "aria-valuenow" || !target.closest(".attention-powers")) return;
  say(target, String(2 ** target.getAttribute("aria-valuenow")));
}

// JupyterLab takes a letter on a slider or a button for a command: an x would cut the whole cell.
// What it keeps are keys held with Ctrl and the like, Escape, and Shift+Enter.
function keepKeys({ target, key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (!target.closest?.(".attention-panel, .attention-story, .attention-progress")) return;
  const theirs = ctrlKey || metaKey || altKey || key === "Escape" || (shiftKey && key === "Enter");
  if (theirs) target.removeAttribute("data-lm-suppress-shortcuts");
  else target.setAttribute("data-lm-suppress-shortcuts", "true");
}

// Names what there is, and what comes; returns what stops it.
function keepNamed(panel) {
  name(panel);
  panel.addEventListener("focusin", onFocus);
  window.addEventListener("keydown", keepKeys, true); // before JupyterLab looks
  const observer = new MutationObserver((changes) => {
    name(panel);
    changes.forEach(onMoved);
  });
  const attributeFilter = ["aria-valuenow"];
  observer.observe(panel, { childList: true, subtree: true, attributeFilter });
  return () => {
    observer.disconnect();
    panel.removeEventListener("focusin", onFocus);
    window.removeEventListener("keydown", keepKeys, true);
  };
}

