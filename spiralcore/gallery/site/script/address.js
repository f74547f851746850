"use strict";
// The state of the page in its address, after the #, so that it can be shared and gone back to.

spiral.address = (() => {
  const listeners = [];

  /** What the address says: an object of texts. */
  function read() {
    return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  }

  /** An address for a state; empty values are left out. */
  function of(state) {
    const shown = Object.entries(state).filter(([, value]) => value !== "" && value !== undefined);
    return `#${new URLSearchParams(shown)}`;
  }

  /** Take some values over into the address, without a step back in the history. */
  function note(changes) {
    const wanted = of({ ...read(), ...changes });
    if (wanted !== (location.hash || "#")) history.replaceState(null, "", wanted);
  }

  /** Go to another state, which the reader can come back from. */
  function go(changes) {
    location.hash = of({ ...read(), ...changes });
  }

  addEventListener("hashchange", () => {
    for (const listener of listeners) listener(read());
  });

  return { read, of, note, go, listen: (listener) => listeners.push(listener) };
})();
