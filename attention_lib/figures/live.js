// The page's side of a LiveFigure. What belongs to the model, and is shared by all its views, is the
// last whole picture: a view paints it at once, whatever the kernel is doing, and then asks for what
// it lacks: another density, or the other theme.

const RESTS = 700; // milliseconds without a new picture
const FORGOTTEN = 10000;
const NEAR = 0.004; // of two sizes that need no new picture

function isDark() {
  const light = document.body.dataset.jpThemeLight;
  if (light) return light === "false";
  if (document.body.classList.contains("vscode-dark")) return true;
  const rgb = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g);
  return !!rgb && (rgb.length < 4 || rgb[3] > 0) && rgb[0] * 0.3 + rgb[1] * 0.6 + rgb[2] * 0.1 < 96;
}

async function inflate(bytes) {
  const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
  return new Uint8ClampedArray(await new Response(stream).arrayBuffer());
}

// Writes the parts that have changed, which lie one after the other in `pixels`, into a picture.
function patch(picture, places, pixels) {
  let from = 0;
  for (const [x, y, width, height] of places) {
    for (let row = y; row < y + height; row++) {
      const line = pixels.subarray(from, from + 4 * width);
      picture.data.set(line, 4 * (row * picture.width + x));
      from += 4 * width;
    }
  }
}

function alike(one, other) {
  if (!one || !other || one.dark !== other.dark) return false;
  return ["scale", "zoom"].every((size) => Math.abs(one[size] - other[size]) <= NEAR);
}

export default () => {
  const views = new Set(); // each paints places that have changed, and says how large it is
  let picture = null; // an ImageData
  let frame = { number: 0 }; // of the picture: number, alt, asked
  let taken = Promise.resolve(); // frames are taken one after the other
  let asked = null; // what was wanted, while the answer has not come

  async function take(model, next, pixels) {
    if (next.number === frame.number) return;
    if (next.whole) {
      picture = new ImageData(await pixels, next.width, next.height);
    } else if (picture && next.number === frame.number + 1) {
      patch(picture, next.places, await pixels);
    } else {
      return ask(model, { anew: true }); // a part means nothing without the others
    }
    frame = { number: next.number, alt: next.alt, asked: next.asked };
    for (const { paint } of views) paint(next.places);
    if (!asked || !next.whole) return;
    const changed = !alike(asked, wanted()); // since, as the page was resized
    asked = null;
    if (changed) ask(model);
  }

  // A picture as large as the largest view, as dense as the screen, as dark as the page.
  function wanted() {
    const zoom = Math.max(...[...views].map((view) => view.zoom())) || 1; // none is in sight
    return { scale: (window.devicePixelRatio || 1) * zoom, zoom, dark: isDark() };
  }

  function ask(model, { anew = false } = {}) {
    if (!views.size || asked || (!anew && alike(wanted(), frame.asked))) return;
    asked = wanted();
    try {
      model.send(asked);
    } catch {
      // The kernel is gone: the last picture stays.
    }
  }

  function initialize({ model }) {
    const onFrame = () => {
      const next = model.get("frame");
      const pixels = inflate(next.pixels); // beside the queue
      taken = taken.then(() => take(model, next, pixels)).catch(console.error);
    };
    model.on("change:frame", onFrame);
    onFrame();
    return () => {
      // JupyterLab keeps the models of widgets that were closed: not with their pixels, nor with the
      // text of this module. A model also keeps the values before the last.
      picture = null;
      model.off("change:frame", onFrame);
      for (const nothing of [{}, null])
        model.set({ frame: nothing, _esm: nothing, _css: nothing }, { silent: true });
    };
  }

  function render({ model, el }) {
    const [wide, high] = [model.get("width"), model.get("height")];
    const canvas = document.createElement("canvas");
    canvas.className = "live-figure";
    canvas.setAttribute("role", "img");
    canvas.style.width = `${wide}px`;
    canvas.style.aspectRatio = `${wide} / ${high}`;
    canvas.style.setProperty("--ratio", wide / high);
    const context = canvas.getContext("2d");
    const voice = document.createElement("div");
    voice.className = "live-voice";
    voice.setAttribute("role", "status");

    function paint(places) {
      if (!picture) return;
      if (canvas.width !== picture.width || canvas.height !== picture.height) {
        canvas.width = picture.width;
        canvas.height = picture.height;
        places = [[0, 0, picture.width, picture.height]];
      }
      for (const place of places) context.putImageData(picture, 0, 0, ...place);
      if (canvas.getAttribute("aria-label") !== frame.alt) announce(frame.alt);
      canvas.setAttribute("aria-label", frame.alt);
      canvas.dataset.frame = frame.number;
      canvas.classList.add("attention-live"); // from here on it stands for itself (output.py)
    }
    const paintAll = () => picture && paint([[0, 0, picture.width, picture.height]]);

    // What a move has made of the picture is read out when it has come to rest, to whoever moved a
    // control beside it; then the words are taken away, so that they are not met twice.
    let resting;
    function announce(words) {
      clearTimeout(resting);
      const beside = el.closest(".attention-panel, .attention-predict");
      if (!beside?.contains(document.activeElement)) return;
      resting = setTimeout(() => {
        voice.textContent = words;
        resting = setTimeout(() => (voice.textContent = ""), FORGOTTEN);
      }, RESTS);
    }

    // A figure is drawn at the pixels that it has: larger in a presentation, smaller in a narrow page.
    const zoom = () => canvas.clientWidth / wide;
    const askAgain = () => taken.then(() => ask(model));
    const size = new ResizeObserver(askAgain);
    size.observe(canvas);
    const theme = new MutationObserver(askAgain);
    theme.observe(document.body, { attributeFilter: ["data-jp-theme-light", "class"] });
    let screen;
    function onScreen() {
      screen?.removeEventListener("change", onScreen);
      screen = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
      screen.addEventListener("change", onScreen);
      askAgain();
    }

    canvas.addEventListener("contextrestored", paintAll);
    canvas.addEventListener("click", (event) => {
      if (!model.get("clickable")) return;
      const scale = wide / canvas.getBoundingClientRect().width;
      model.send({ click: [event.offsetX * scale, event.offsetY * scale] });
    });
    if (model.get("clickable")) canvas.style.cursor = "pointer";

    el.append(canvas, voice);
    const view = { paint, zoom };
    views.add(view);
    paintAll();
    onScreen();
    return () => {
      clearTimeout(resting);
      canvas.width = 0; // JupyterLab keeps views of outputs that are gone: not with their pixels
      views.delete(view);
      ask(model); // it may have been the largest
      theme.disconnect();
      size.disconnect();
      screen.removeEventListener("change", onScreen);
    };
  }

  return { initialize, render };
};
