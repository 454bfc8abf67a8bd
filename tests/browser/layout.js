// Runs on the page: finds what of a frame is cut off, and what lies over what. (layout.py calls it.)

// What a reader needs whole, with its box: words, and what can be looked at or worked with.
function parts(frame) {
  const found = [];
  const worked = "button, select, input, textarea, canvas, img, svg, .noUi-handle";
  for (const element of frame.querySelectorAll("*")) {
    const { width, height } = element.getBoundingClientRect();
    const shown = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!shown || width <= 1 || height <= 1) continue; // 1 pixel: words for screen readers alone
    if (element.matches(worked)) found.push([element, element.getBoundingClientRect()]);
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) found.push([element, line]);
    }
  }
  return found;
}

function name(element) {
  const words = element.innerText || element.getAttribute("aria-label") || element.className;
  return `${words || element.tagName}`.trim().slice(0, 40);
}

// How wide a list is that shows each of its choices whole.
function longest(list) {
  const copy = list.cloneNode(true);
  copy.style = "position: absolute; width: max-content; min-width: 0; max-width: none";
  list.after(copy);
  const width = copy.offsetWidth;
  copy.remove();
  return width;
}

// Each part is held against its frame, and against all between that does not let it show beyond
// itself. What scrolls sideways stands for what is inside.
function cutOff(frame, near) {
  const told = [];
  for (let [part, box] of parts(frame)) {
    const inside = part.matches("select, input, canvas, img") ? part.parentElement : part;
    for (let around = inside; around !== frame.parentElement; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around);
      if (around !== frame && overflowX === "visible" && overflowY === "visible") continue;
      const edge = around.getBoundingClientRect();
      if (/auto|scroll/.test(overflowX) && around.scrollWidth > around.clientWidth) {
        box = edge;
        continue;
      }
      const beyond = Math.max(
        edge.left - box.left, box.right - edge.right, edge.top - box.top, box.bottom - edge.bottom,
      );
      if (beyond <= near) continue;
      told.push(`${name(part)}: ${Math.round(beyond)} px beyond ${name(around)}`);
      break;
    }
  }
  for (const list of frame.querySelectorAll("select")) {
    const beyond = longest(list) - list.offsetWidth;
    const whole = list.offsetWidth >= list.closest(".attention-row").clientWidth - 4; // its row
    if (list.offsetWidth && !whole && beyond > near) told.push(`a list: ${Math.round(beyond)} px of a choice`);
  }
  const output = frame.closest(".jp-OutputArea-output");
  const wider = output ? output.scrollWidth - output.clientWidth : 0;
  if (wider > near) told.push(`the whole: ${wider} px wider than its output`);
  return told;
}

function covered(frame, near) {
  const told = [];
  const all = parts(frame).filter(([part]) => !part.matches("canvas"));
  all.forEach(([one, a], i) => {
    for (const [other, b] of all.slice(i + 1)) {
      if (one.contains(other) || other.contains(one)) continue; // or the same: two lines of words
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > near && high > near)
        told.push(`${name(one)} and ${name(other)}: ${Math.round(wide)} px`);
    }
  });
  return told;
}
