// The widget in a notebook: a frame that holds the page and may nothing else, and what both say to each
// other. The page is a stranger to the notebook: of its answers only whole numbers are taken.

const isCount = (value) => Number.isInteger(value) && value >= 0;

function render({ model, el }) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("title", "Explorer of a trajectory");
  frame.style.cssText = "display: block; width: 100%; border: 0;";
  let heard = false; // what changes comes from the page itself

  const send = (kind, value) => frame.contentWindow?.postMessage({ kind, value }, "*");
  const network = () => {
    const view = model.get("_network");
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return bytes.slice().buffer;
  };
  const take = (name, value) => {
    heard = true;
    model.set(name, value);
    heard = false;
    model.save_changes();
  };
  const listen = ({ source, data }) => {
    if (source !== frame.contentWindow || source === null) return;
    const { kind, value } = data ?? {};
    if (kind === "ready") {
      send("network", network());
      send("points", model.get("points"));
      send("epoch", model.get("epoch"));
    } else if (kind === "epoch" && isCount(value)) {
      take("epoch", value);
    } else if (kind === "points" && Array.isArray(value) && value.every(isCount)) {
      take("points", value);
    }
  };
  const told = ["epoch", "points"].map((name) => {
    const tell = () => heard || send(name, model.get(name));
    model.on(`change:${name}`, tell);
    return () => model.off(`change:${name}`, tell);
  });
  const size = () => (frame.style.height = `${model.get("height")}px`);
  model.on("change:height", size);
  size();
  addEventListener("message", listen);
  frame.srcdoc = model.get("_page");
  el.append(frame);
  return () => {
    removeEventListener("message", listen);
    model.off("change:height", size);
    for (const end of told) end();
  };
}

export default { render };
