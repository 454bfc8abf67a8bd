// Asks JupyterLab's own server, the way JupyterLab asks it. (This stands before another script in
// one module.)

const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");

async function ask(path, method = "GET") {
  const headers = {};
  const cookie = document.cookie.match(/(?:^|; )_xsrf=([^;]+)/);
  if (cookie) headers["X-XSRFToken"] = cookie[1];
  if (config.token) headers.Authorization = `token ${config.token}`;
  const answer = await fetch(`${config.baseUrl}api/${path}`, { method, headers });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return method === "GET" ? answer.json() : null;
}

