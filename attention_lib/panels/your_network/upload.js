// A button that sends a picture to the kernel. Jupyter's server hangs up on a message of more than
// 10 MiB, and the picture would be lost in silence: of a larger file only its size is told.

function render({ model, el }) {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept: ".png,.jpg,.jpeg,.webp", hidden: true });
  const button = document.createElement("button");
  button.className = "jupyter-button widget-button";
  button.textContent = spoken("your picture");
  button.title = spoken("A PNG, JPEG or WebP file from your computer becomes the first picture");
  button.onclick = () => input.click();
  input.onchange = async () => {
    const [file] = input.files;
    input.value = ""; // the same file may be chosen again
    if (!file) return;
    const content = file.size <= model.get("most") ? [await file.arrayBuffer()] : [];
    model.send({ name: file.name, size: file.size }, undefined, content);
  };
  el.append(button, input);
}

export default { render };
