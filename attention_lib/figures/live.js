// The view of a LiveFigure: paints the pictures that the kernel sends, whole or in part, and tells
// the kernel how dense the screen is and whether the page is dark.

const RESTS = 700; // milliseconds without a new picture
const FORGOTTEN = 10000;

function isDark() {
  const light = document.body.dataset.jpThemeLight;
  if (light) return light === "false";
  if (document.body.classList.contains("vscode-dark")) return true;
  const rgb = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g);
  return !!rgb && (rgb.length < 4 || rgb[3] > 0) && rgb[0] * 0.3 + rgb[1] * 0.6 + rgb[2] * 0.1 < 96;
}

function inflate(bytes) {
  const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

function render({ model, el }) {
  const canvas = document.createElement("canvas");
  canvas.className = "live-figure";
  canvas.setAttribute("role", "img");
  canvas.style.width = `${model.get("width")}px`;
  canvas.style.aspectRatio = `${model.get("width")} / ${model.get("height")}`;
  canvas.style.setProperty("--ratio", model.get("width") / model.get("height"));
  const context = canvas.getContext("2d");
  const voice = document.createElement("div");
  voice.className = "live-voice";
  voice.setAttribute("role", "status");
  let painted = 0;
  let last = Promise.resolve();

  function paint() {
    const frame = model.get("frame");
    if (!painted && !frame.whole) return; // parts mean nothing before the first whole picture
    const inflated = inflate(frame.pixels);
    if (frame.whole) painted += 1;
    last = last.then(async () => {
      const bytes = await inflated; // beside the queue; painted in order
      if (canvas.width !== frame.width || canvas.height !== frame.height) {
        canvas.width = frame.width;
        canvas.height = frame.height;
      }
      let from = 0;
      for (const [x, y, width, height] of frame.places) {
        const pixels = new Uint8ClampedArray(bytes, from, 4 * width * height);
        context.putImageData(new ImageData(pixels, width, height), x, y);
        from += pixels.length;
      }
      if (canvas.getAttribute("aria-label") !== frame.alt) announce(frame.alt);
      canvas.setAttribute("aria-label", frame.alt);
      canvas.dataset.frame = frame.number;
    });
  }

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
  const zoom = () => canvas.clientWidth / model.get("width") || 1;
  let told = 0;
  const hello = () => {
    told = zoom();
    model.send({ scale: (window.devicePixelRatio || 1) * told, zoom: told, dark: isDark() });
  };
  const size = new ResizeObserver(() => {
    if (told && Math.abs(zoom() - told) > 0.004) hello();
  });
  size.observe(canvas);
  const theme = new MutationObserver(hello);
  theme.observe(document.body, { attributeFilter: ["data-jp-theme-light", "class"] });
  let density;
  function watchDensity() {
    density?.removeEventListener("change", onDensity);
    density = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    density.addEventListener("change", onDensity);
  }
  function onDensity() {
    watchDensity();
    hello();
  }
  watchDensity();

  canvas.addEventListener("click", (event) => {
    if (!model.get("clickable")) return;
    const scale = model.get("width") / canvas.getBoundingClientRect().width;
    model.send({ click: [event.offsetX * scale, event.offsetY * scale] });
  });
  if (model.get("clickable")) canvas.style.cursor = "pointer";

  model.on("change:frame", paint);
  el.append(canvas, voice);
  paint();
  hello();
  return () => {
    clearTimeout(resting);
    model.off("change:frame", paint);
    theme.disconnect();
    size.disconnect();
    density.removeEventListener("change", onDensity);
  };
}

export default { render };
