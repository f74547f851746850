"use strict";
// Elements of the page. Texts are always set as text: nothing from a file is read as HTML.

spiral.dom = (() => {
  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  /** Set a text where it has changed. */
  function say(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }

  /** Follow a link by `go()`, unless the reader wants it in another window. */
  function followed(link, go) {
    link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go();
    });
  }

  /** Hand a file to the reader. */
  function save(blob, name) {
    const link = element("a", { download: name, href: URL.createObjectURL(blob) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  return { element, say, followed, save, byId: (id) => document.getElementById(id) };
})();
