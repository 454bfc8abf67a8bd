// Whether the kernel behind a widget still hears the page. Nothing else tells: a message to a kernel
// that has died is sent without an error. (This stands before another script in one module.)

const GONE = spoken("The kernel is gone. Run this cell again.");
const SILENT = spoken("No answer yet. If no other cell is running, run this one again.");
const PATIENCE = 8000; // milliseconds
const LATER = 300; // after a move, which must not wait for the question
const OVER = ["restarting", "autorestarting", "terminating", "dead"];
const MOVES = ["pointerup", "keydown", "change"];

// JupyterLab keeps the models of widgets that were closed: not with the text of this module. A model
// also keeps the values before the last.
function initialize({ model }) {
  return () => {
    for (const nothing of ["", null]) model.set({ _esm: nothing, _css: nothing }, { silent: true });
  };
}

// Calls `tell` with a sentence when the kernel is gone or silent, and with "" when it answers again.
// While it is gone nothing in `root` that `controls` selects can be used.
// Returns `send`, for messages that must be answered, and `stop`.
function watchSession(model, root, controls, tell) {
  const kernel = model.widget_manager?.kernel; // where there is none, only silence tells
  const signals = [kernel?.statusChanged, kernel?.connectionStatusChanged, kernel?.disposed];
  let [gone, silent] = [false, false];
  let [waiting, again] = [false, false]; // one question is on its way at a time
  let timer, asking;
  let said = "";

  function look() {
    gone ||= !!kernel?.isDisposed || OVER.includes(kernel?.status);
    const link = kernel?.connectionStatus ?? "connected";
    const away = gone || link === "disconnected" || (link === "connecting" && silent);
    if (link === "connecting") beginToWait();
    root.classList.toggle("attention-away", away);
    for (const part of root.querySelectorAll(controls)) part.inert = away;
    say(away ? GONE : silent ? SILENT : "");
  }
  function say(words) {
    if (words !== said) tell(words);
    said = words;
  }
  function beginToWait() {
    timer ??= setTimeout(() => {
      timer = undefined;
      silent = true;
      said = ""; // a commit that comes later is told, too
      look();
    }, PATIENCE);
  }
  function onHeard() {
    clearTimeout(timer);
    timer = undefined;
    silent = waiting = false;
    look();
    if (again) ask();
  }
  function onClosed() {
    gone = true;
    look();
  }
  function send(content) {
    try {
      model.send(content);
    } catch {
      onClosed();
    }
  }
  function ask() {
    beginToWait();
    again = waiting;
    if (waiting) return;
    waiting = true;
    send({ there: true });
  }

  function askLater() {
    asking ??= setTimeout(() => {
      asking = undefined;
      ask();
    }, LATER);
  }

  model.on("msg:custom", onHeard);
  model.on("comm_live_update", onClosed); // ipywidgets' own word, after a restart
  for (const signal of signals) signal?.connect(look);
  for (const move of MOVES) root.addEventListener(move, askLater, true);
  look();
  return {
    send: (content) => {
      send(content);
      ask();
    },
    stop: () => {
      clearTimeout(timer);
      clearTimeout(asking);
      model.off("msg:custom", onHeard);
      model.off("comm_live_update", onClosed);
      for (const signal of signals) signal?.disconnect(look);
      for (const move of MOVES) root.removeEventListener(move, askLater, true);
    },
  };
}

