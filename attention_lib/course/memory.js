// Lists the notebooks that hold memory, and shuts down all but this one. JupyterLab's own server is
// asked, the way JupyterLab asks it; nothing else is.

const page = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");

async function ask(path, method = "GET") {
  const headers = {};
  const cookie = document.cookie.match(/(?:^|; )_xsrf=([^;]+)/);
  if (cookie) headers["X-XSRFToken"] = cookie[1];
  if (page.token) headers.Authorization = `token ${page.token}`;
  const answer = await fetch(`${page.baseUrl}api/${path}`, { method, headers });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return method === "GET" ? answer.json() : null;
}

function render({ model, el }) {
  const words = document.createElement("span");
  const button = document.createElement("button");
  words.setAttribute("role", "status");
  button.hidden = true;
  el.classList.add("attention-kernels");
  el.append(words, button);

  const limit = model.get("limit");
  const shared = limit
    ? ` All share ${+limit.toFixed(1)} GB here. The kernel that finds none left dies, and its ` +
      "notebook must be run again."
    : "";

  async function others() {
    const sessions = await ask("sessions");
    return sessions.filter(({ kernel }) => kernel && kernel.id !== model.get("kernel"));
  }

  async function look() {
    const names = (await others()).map(({ path }) => path.split("/").pop().replace(".ipynb", ""));
    button.hidden = !names.length;
    button.textContent = names.length === 1 ? "Shut it down" : `Shut all ${names.length} down`;
    words.textContent = names.length
      ? `Also running, and holding memory: ${names.join(", ")}.${shared}`
      : "No other notebook is running: the memory is yours.";
  }

  function tell(problem) {
    words.textContent =
      `The server could not be asked (${problem.message}). Shut notebooks down by hand: ` +
      "the tab with the square in a circle, on the left.";
  }

  button.onclick = async () => {
    button.disabled = true;
    try {
      await Promise.all((await others()).map(({ kernel }) => ask(`kernels/${kernel.id}`, "DELETE")));
      await look();
    } catch (problem) {
      tell(problem);
    }
    button.disabled = false;
  };
  if (!page.baseUrl) {
    words.textContent = "Only JupyterLab can tell which other notebooks are running.";
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
