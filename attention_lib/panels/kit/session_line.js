// Stands beside buttons of ipywidgets and says when their kernel is gone.

function render({ model, el }) {
  el.classList.add("attention-session", "attention-live");
  el.setAttribute("role", "status");
  let session;
  const start = requestAnimationFrame(() => {
    session = watchSession(model, el.parentElement, "button", (words) => (el.textContent = words));
  });
  return () => {
    cancelAnimationFrame(start);
    session?.stop();
  };
}

export default { initialize, render };
