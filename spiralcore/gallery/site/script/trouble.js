"use strict";
// What could not be loaded, and a way to try again. It goes when it has been loaded.

spiral.trouble = (() => {
  const { byId, say: write } = spiral.dom;
  let again = () => {};

  function build() {
    byId("again").addEventListener("click", () => again());
    addEventListener("online", () => byId("failure").hidden || again());
  }

  /** Say what is missing; `retry()` tries again. */
  function say(text, retry) {
    again = retry;
    byId("failure").hidden = false;
    write(byId("missing"), text);
  }

  function clear() {
    byId("failure").hidden = true;
    write(byId("missing"), "");
  }

  return { build, say, clear };
})();
