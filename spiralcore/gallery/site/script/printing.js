"use strict";
// On paper the page is light, and all of it is there.

spiral.printing = (() => {
  const listeners = [];
  const paper = matchMedia("print");
  let asked = false;

  function change(to) {
    const before = now();
    asked = to;
    if (now() !== before) for (const listener of listeners) listener();
  }

  function now() {
    return asked || paper.matches;
  }

  addEventListener("beforeprint", () => change(true));
  addEventListener("afterprint", () => change(false));
  paper.addEventListener("change", () => {
    for (const listener of listeners) listener();
  });

  /** Call `listener()` before the page is printed and after that: nothing may wait then. */
  return { now, listen: (listener) => listeners.push(listener) };
})();
