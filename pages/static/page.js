// What a page without a kernel does beside its panels: fingers, folds, paper, and links to places.

(() => {
  // A finger on a slider may be there to scroll the page. So the first that the slider says waits,
  // until it says more or the finger leaves it; a page that scrolls puts it back.
  function waitForFingers() {
    let finger = null;
    const tell = (slider) => slider.dispatchEvent(new Event("input", { bubbles: true }));
    const on = (name, does) => addEventListener(name, does, { capture: true });
    const lift = () => {
      const lifted = finger;
      finger = null;
      return lifted;
    };
    on("pointerdown", ({ target, pointerType }) => {
      const slides = pointerType === "touch" && target.type === "range";
      finger = slides ? { slider: target, before: target.value, said: 0 } : null;
    });
    on("input", (event) => {
      if (finger && ++finger.said === 1) event.stopImmediatePropagation();
    });
    on("pointerup", () => {
      const lifted = lift();
      if (lifted?.said === 1) tell(lifted.slider);
    });
    on("pointercancel", () => {
      const lifted = lift();
      if (!lifted) return;
      lifted.slider.value = lifted.before;
      if (lifted.said > 1) tell(lifted.slider);
    });
  }

  // What is cut at the right has a sign there, until it has been scrolled to its end.
  const FRAMES =
    ".attention-scroll, div.math, .cell_output [role='region'], .pst-scrollable-table-container";
  function tellMore(frame) {
    const tell = () => {
      const rest = frame.scrollWidth - frame.clientWidth - frame.scrollLeft;
      frame.classList.toggle("attention-more", rest > 2);
    };
    frame.addEventListener("scroll", tell, { passive: true });
    new ResizeObserver(tell).observe(frame);
  }

  // What was styled for JupyterLab asks for its word for the theme.
  function tellTheme() {
    const root = document.documentElement;
    root.dataset.jpThemeLight = String(root.dataset.theme !== "dark");
  }

  // What a card asks about comes into sight once somebody has committed.
  function unfold({ target }) {
    let cell = target.closest(".cell");
    while ((cell = cell?.nextElementSibling)) {
      if (cell.querySelector("[data-card]")) break;
      if (!cell.matches(".tag_hide-cell, .tag_hide-output")) continue;
      cell.querySelectorAll("details.hide").forEach((each) => (each.open = true));
    }
  }

  // A link to the other language goes to the same cell: cells have the same names there.
  function keepPlace({ currentTarget }) {
    const cells = [...document.querySelectorAll("[class*=tag_cell-]")];
    const above = cells.filter((cell) => cell.getBoundingClientRect().top < innerHeight / 3);
    const name = above.at(-1)?.className.match(/tag_(cell-\S+)/)[1];
    currentTarget.hash = name ? `#${name}` : location.hash;
  }

  // A page is printed light and with its code; what answers a question stays folded if it is.
  function makeReadyForPaper() {
    const root = document.documentElement;
    let [theme, folds] = ["", []];
    addEventListener("beforeprint", () => {
      theme = root.dataset.theme;
      const code = ".tag_hide-input:not([class*=tag_cell-solution]) > details:not([open])";
      folds = [...document.querySelectorAll(code)];
      folds.forEach((each) => (each.open = true));
      root.dataset.theme = "light";
    });
    addEventListener("afterprint", () => {
      folds.forEach((each) => (each.open = false));
      root.dataset.theme = theme;
    });
  }

  function goToCell() {
    const name = location.hash.match(/^#(cell-[\w-]+)$/)?.[1];
    document.querySelector(`.tag_${name}`)?.scrollIntoView();
  }
  document.addEventListener("DOMContentLoaded", () => {
    tellTheme();
    new MutationObserver(tellTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    document.addEventListener("attention-committed", unfold);
    waitForFingers();
    document.querySelectorAll(FRAMES).forEach(tellMore);
    for (const link of document.querySelectorAll(".attention-language")) {
      link.addEventListener("click", keepPlace);
    }
    // The theme listens to the first of its buttons for the list of pages, and another one is shown.
    const [hidden, ...shown] = document.querySelectorAll(".primary-toggle");
    for (const button of shown) button.addEventListener("click", () => hidden.click());
    goToCell();
    addEventListener("hashchange", goToCell);
    makeReadyForPaper();
  });
})();
