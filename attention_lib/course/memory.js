// Lists what holds memory on this server, and shuts down all but this notebook. (server.js stands
// before this in one module.)

function render({ model, el }) {
  const said = model.get("words"); // in the language of the kernel, {places} to fill
  const words = document.createElement("span");
  const button = document.createElement("button");
  words.setAttribute("role", "status");
  button.hidden = true;
  el.classList.add("attention-memory", "attention-live");
  el.append(words, button);

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
    if (apps) names.push(apps === 1 ? said.app : said.apps.replace("{count}", apps));
    button.hidden = !names.length;
    const { length } = running;
    button.textContent = length === 1 ? said.shut : said.shut_all.replace("{count}", length);
    words.textContent = names.length
      ? `${said.running.replace("{names}", names.join(", "))} ${said.shared}`.trim()
      : said.alone;
  }

  function tell(problem) {
    words.textContent = said.unasked.replace("{problem}", problem.message);
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
    words.textContent = said.elsewhere;
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
