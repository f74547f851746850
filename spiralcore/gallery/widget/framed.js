"use strict";
// The page in the frame of a widget: it is handed its network, and says what is chosen in it.

spiral.framed = (() => {
  const { clock, address, handed } = spiral;
  const QUIET = 100; // milliseconds between two epochs that are told, at least
  let epoch = null; // what both sides know
  let points = "";
  let timer = 0;
  let last = 0;

  function tell(kind, value) {
    parent.postMessage({ kind, value }, "*");
  }

  function tellEpoch() {
    timer = 0;
    last = performance.now();
    const now = Math.min(clock.epochOver() ?? 0, handed.trained());
    if (now === epoch) return;
    epoch = now;
    tell("epoch", now);
  }

  function tellPoints() {
    const now = spiral.explorer.settings().followed;
    if (now.join() === points) return;
    points = now.join();
    tell("points", now);
  }

  async function take({ kind, value }) {
    if (kind === "network") {
      handed.show(await handed.read(new Uint8Array(value)));
    } else if (kind === "epoch") {
      if (value === epoch) return;
      epoch = value;
      clock.pause();
      clock.seekEpoch(value);
    } else if (kind === "points") {
      points = value.join();
      address.note({ points: value.join(".") });
      spiral.page.handed();
    }
  }

  // One after the other: the network takes a while.
  let turn = Promise.resolve();
  addEventListener("message", ({ source, data }) => {
    if (source === parent) turn = turn.then(() => take(data));
  });

  addEventListener("DOMContentLoaded", () => {
    // Once the page has taken over what the address says, whoever listens first.
    address.listen(() => queueMicrotask(tellPoints));
    clock.listen(() => {
      if (!handed.any() || timer) return;
      timer = setTimeout(tellEpoch, Math.max(QUIET - (performance.now() - last), 0));
    });
    tell("ready", null);
  });
  return {};
})();
