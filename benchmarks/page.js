// Measures in the page: from a key press, or the last move of a drag, to the picture that follows.
//
// A picture is new when a canvas gets a new data-frame (ours, and bare transport), when an image
// has loaded into the output (inline figures), or when something is drawn onto ipympl's canvas.
// Its time is that of the animation frame that comes next: the one the browser paints it with.

const cells = () => jupyterapp.shell.currentWidget.content.widgets;
const kernel = () => jupyterapp.shell.currentWidget.sessionContext.session.kernel;
const nextFrame = () => new Promise(requestAnimationFrame);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const onThisClock = ({ header }) => Date.parse(header.date) - performance.timeOrigin;

const PATIENCE = 20000; // ms

let output, handle, sampling; // of the slider looked at
let pressed, pictures = [], values = [], stations = {}; // since it was looked at

function seen(changed) {
  requestAnimationFrame(() => pictures.push({ changed, painted: performance.now() }));
}

new MutationObserver((records) => {
  const now = performance.now();
  const images = new Set();
  for (const { target, type, attributeName, addedNodes } of records) {
    if (target === handle && attributeName === "aria-valuenow") values.push(now);
    if (!output?.contains(target)) continue;
    if (type === "attributes" && attributeName === "data-frame") seen(now);
    for (const node of addedNodes) {
      const image = node.matches?.("img") ? node : node.querySelector?.("img");
      if (image) images.add(image);
    }
  }
  images.forEach((image) => image.decode().then(() => seen(performance.now())));
}).observe(document.body, {
  subtree: true,
  childList: true,
  attributeFilter: ["data-frame", "aria-valuenow"],
});

const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (...picture) {
  draw.apply(this, picture);
  if (output?.contains(this.canvas) && this.canvas.closest(".jupyter-matplotlib"))
    seen(performance.now());
};

addEventListener("keydown", ({ timeStamp }) => (pressed ??= timeStamp), { capture: true });

// When a move passed each station on its way to the kernel and back, and which of the page's
// messages the kernel is not done with: it handles them beside the cells, in a thread of their own,
// so that an answer to a cell would prove nothing.
const underway = new Set();
kernel().anyMessage.connect((_, { msg, direction }) => {
  const { msg_type, msg_id } = msg.header;
  if (msg_type === "comm_msg" && direction === "send") {
    underway.add(msg_id);
    stations.sent ??= performance.now();
  }
  if (!underway.has(msg.parent_header.msg_id)) return;
  if (msg_type === "status" && msg.content.execution_state === "busy")
    stations.begun ??= onThisClock(msg);
  if (msg_type === "comm_msg" && msg.content.data.buffer_paths?.length) {
    stations.made = onThisClock(msg);
    stations.received = performance.now();
  }
  if (msg_type === "status" && msg.content.execution_state === "idle")
    underway.delete(msg.parent_header.msg_id);
});

async function settled() {
  const end = performance.now() + PATIENCE;
  for (let still = 0; still < 3; still = pictures.length && !underway.size ? still + 1 : 0) {
    if (performance.now() > end) throw new Error("no picture came, or no end of them");
    await nextFrame();
  }
}

function standing() {
  const number = (name) => Number(handle.getAttribute(`aria-value${name}`));
  return { value: number("now"), low: number("min"), high: number("max") };
}

window.bench = {
  // Bring one slider of one cell into view and into focus; tells where it stands.
  async look(cell, name) {
    output = cells()[cell].node.querySelector(".jp-OutputArea");
    const handles = [...output.querySelectorAll(".noUi-handle")];
    handle = handles.find((each) => !name || each.getAttribute("aria-label") === name);
    if (!handle) throw new Error(`cell ${cell} has no slider ${name ?? ""}`);
    const { top, bottom } = output.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) output.scrollIntoView({ block: "end" });
    handle.focus({ preventScroll: true });
    await nextFrame();
    await pause(20 * Math.random()); // so that presses fall anywhere between two frames
    [pressed, pictures, values, stations] = [undefined, [], [], {}];
    return standing();
  },

  // After a press: ms from the key event to its last picture, and to the stations on the way.
  async moved() {
    await settled();
    const { changed, painted } = pictures.at(-1);
    const passed = Object.entries({ ...stations, changed });
    const after = Object.fromEntries(passed.map(([name, at]) => [name, at - pressed]));
    return { ms: painted - pressed, pictures: pictures.length, ...after, ...standing() };
  },

  // Where to take hold of the handle, and the low and the high end between which to drag it.
  grip() {
    const { x, y, width, height } = handle.getBoundingClientRect();
    const { left, right, top, bottom } = handle.closest(".noUi-base").getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2];
    return handle.ariaOrientation === "vertical"
      ? [middle, [middle[0], bottom], [middle[0], top]]
      : [middle, [left, middle[1]], [right, middle[1]]];
  },

  // From now on look at every frame: is the picture all of one colour?
  sample() {
    const canvas = output.querySelector("canvas.live-figure");
    const small = new OffscreenCanvas(48, 32).getContext("2d", { willReadFrequently: true });
    const state = (sampling = { running: true, frames: 0, blank: 0 });
    requestAnimationFrame(function look() {
      if (!state.running) return;
      small.drawImage(canvas, 0, 0, 48, 32);
      const pixels = new Uint32Array(small.getImageData(0, 0, 48, 32).data.buffer);
      state.frames += 1;
      if (pixels.every((pixel) => pixel === pixels[0])) state.blank += 1;
      requestAnimationFrame(look);
    });
  },

  // After a drag: what the page shows in the end, beside what the kernel has, which `code` prints.
  async dragged(code) {
    const canvas = output.querySelector("canvas.live-figure");
    await settled();
    const held = JSON.parse(await this.ask(code));
    for (let i = 0; i < 60 && Number(canvas.dataset.frame) < held.sent; i++) await nextFrame();
    sampling.running = false;
    return {
      ms: Math.max(pictures.at(-1).painted - values.at(-1), 0),
      events: values.length,
      pictures: pictures.length,
      frames: sampling.frames,
      blank: sampling.blank,
      page: {
        value: standing().value,
        sent: Number(canvas.dataset.frame),
        alt: canvas.getAttribute("aria-label"),
      },
      kernel: held,
    };
  },

  // Press arrow keys on every slider of the first panel in turn, up and down its range, and wait for
  // the kernel each time; returns how many presses there were.
  async exercise(moves) {
    const panel = document.querySelector(".attention-panel");
    if (!panel) return 0;
    const handles = [...panel.querySelectorAll(".noUi-handle")].filter((each) => each.offsetParent);
    const keys = new Map(handles.map((each) => [each, "ArrowRight"]));
    for (let move = 0; move < moves; move++) {
      handle = handles[move % handles.length];
      const { value, low, high } = standing();
      if (value >= high) keys.set(handle, "ArrowLeft");
      if (value <= low) keys.set(handle, "ArrowRight");
      handle.dispatchEvent(new KeyboardEvent("keydown", { key: keys.get(handle), bubbles: true }));
      for (let still = 0; still < 2; still = underway.size ? 0 : still + 1) await nextFrame();
    }
    return moves;
  },

  // Run code in the kernel; returns what it prints.
  async ask(code) {
    let text = "";
    const future = kernel().requestExecute({ code, store_history: false });
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "stream") text += content.text;
      if (header.msg_type === "error") throw new Error(`${content.ename}: ${content.evalue}`);
    };
    await future.done;
    return text;
  },
};
