// Lists what holds memory on this server, and shuts down all but this notebook. (server.js stands
// before this in one module.)

function render({ model, el }) {
  const words = document.createElement("span");
  const button = document.createElement("button");
  words.setAttribute("role", "status");
  button.hidden = true;
  el.classList.add("attention-memory", "attention-live");
  el.append(words, button);

  const limit = model.get("limit");
  const shared = limit
    ? spoken(
        "All share {limit} GB here. The kernel that finds none left dies, and its notebook must be run again.",
        { limit: +limit.toFixed(1) },
      )
    : "";

  // A notebook has a session, which has its path; what Voila serves as an app has none.
  async function others() {
    const [kernels, sessions] = await Promise.all([ask("kernels"), ask("sessions")]);
    const paths = new Map(sessions.map(({ kernel, path }) => [kernel?.id, path]));
    return kernels
      .filter(({ id }) => id !== model.get("kernel"))
      .map(({ id }) => ({ id, path: paths.get(id) }));
  }

  async function look() {
    const running = await others();
    const named = running.filter(({ path }) => path);
    const names = named.map(({ path }) => path.split("/").pop().replace(".ipynb", ""));
    const apps = running.length - named.length;
    if (apps === 1) names.push(spoken("an app without a notebook"));
    if (apps > 1) names.push(spoken("{count} apps without a notebook", { count: apps }));
    button.hidden = !names.length;
    const count = running.length;
    button.textContent =
      count === 1 ? spoken("Shut it down") : spoken("Shut all {count} down", { count });
    const held = spoken("Also running, and holding memory: {names}.", { names: names.join(", ") });
    words.textContent = names.length
      ? `${held} ${shared}`.trim()
      : spoken("No other notebook is running: the memory is yours.");
  }

  function tell(problem) {
    words.textContent = spoken(
      "The server could not be asked ({problem}). Shut notebooks down by hand: the tab with the square in a circle, on the left.",
      { problem: problem.message },
    );
  }

  button.onclick = async () => {
    button.disabled = true;
    try {
      await Promise.all((await others()).map(({ id }) => ask(`kernels/${id}`, "DELETE")));
      await look();
    } catch (problem) {
      tell(problem);
    }
    button.disabled = false;
  };
  if (!config.baseUrl) {
    words.textContent = spoken(
      "Only JupyterLab can tell which other notebooks are running.",
    );
    return;
  }
  // A notebook is run at once and read for an hour: what is said is looked up when it is seen.
  const sight = new IntersectionObserver((changes) => {
    if (changes.at(-1).isIntersecting) look().catch(tell);
  });
  sight.observe(el);
  return () => sight.disconnect();
}

export default { render };
