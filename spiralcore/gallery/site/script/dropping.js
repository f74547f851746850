"use strict";
// Files of the reader's: chosen beside the network, or dropped anywhere on the page.

spiral.dropping = (() => {
  const { byId } = spiral.dom;
  const TABLE = /\.(csv|tsv|txt)$/i;
  let opened = () => {};

  /** `shown(name)` is called with the name of a network to show. */
  function build(shown) {
    opened = shown;
    byId("own").addEventListener("change", (event) => {
      open([...event.target.files]);
      // The same file can be chosen again, when it has been mended.
      event.target.value = "";
    });
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      document.documentElement.classList.toggle("dropping", event.type === "dragover");
      if (event.type === "drop") open([...event.dataTransfer.files]);
    };
    for (const kind of ["dragover", "drop"]) addEventListener(kind, over);
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) document.documentElement.classList.remove("dropping");
    });
  }

  /** Open files, show the last one that can be used, and say what is wrong with the others. */
  async function open(files) {
    const tables = files.filter(({ name }) => TABLE.test(name));
    if (tables.length === files.length && document.documentElement.dataset.view === "train") {
      return spiral.training.open(tables[tables.length - 1]);
    }
    const refused = [];
    let last = "";
    for (const file of files) {
      try {
        last = spiral.explorer.take(await spiral.opened.trajectory(file));
      } catch (error) {
        refused.push({ name: file.name, text: error.message });
      }
    }
    if (last) opened(last, "own");
    if (refused.length) spiral.explorer.refuse(refused, !last);
  }

  return { build };
})();
