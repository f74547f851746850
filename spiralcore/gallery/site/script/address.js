"use strict";
// The state of the page in its address, after the #, so that it can be shared and gone back to.

spiral.address = (() => {
  const listeners = [];
  let leaving = () => ({});

  // What is seen is made after the address, and later than the browser would scroll.
  history.scrollRestoration = "manual";

  // A page in a frame of a notebook has no address of its own: there the state is only kept.
  const framed = location.protocol === "about:";
  let kept = "";

  function hash() {
    return framed ? kept : location.hash;
  }

  /** What the address says: an object of texts. */
  function read() {
    return Object.fromEntries(new URLSearchParams(hash().slice(1)));
  }

  /** An address for a state; empty values are left out. */
  function of(state) {
    const shown = Object.entries(state).filter(([, value]) => value !== "" && value !== undefined);
    return `#${new URLSearchParams(shown)}`;
  }

  /** Take some values and how far the page is scrolled over, without a step back in the history. */
  function note(changes, focus = history.state?.focus ?? "") {
    const wanted = of({ ...read(), ...changes });
    const { scroll, focus: known } = history.state ?? {};
    if (wanted === (hash() || "#") && scroll === scrollY && known === focus) return;
    if (framed) kept = wanted;
    else history.replaceState({ scroll: scrollY, focus }, "", wanted);
  }

  /**
   * Go to another state, which the reader can come back from.
   *
   * @param focus the id of what gets the focus when the reader comes back
   */
  function go(changes, focus = "") {
    note(leaving(), focus);
    const wanted = of({ ...read(), ...changes });
    if (framed) kept = wanted;
    else if (wanted !== (hash() || "#")) history.pushState({ scroll: 0, focus: "" }, "", wanted);
    tell({ back: false });
  }

  function tell(how) {
    for (const listener of listeners) listener(read(), how);
  }

  addEventListener("hashchange", () => {
    const { scroll = 0, focus = "" } = history.state ?? {};
    tell({ back: true, scroll, focus });
  });

  return {
    read,
    of,
    note,
    go,
    listen: (listener) => listeners.push(listener),
    /** `what()` is noted in the address that is left. */
    leave: (what) => (leaving = what),
  };
})();
