"use strict";
// A network that is handed to the page while it is open, again and again as it is trained: an archive
// as `spiralcore/gallery/watch/handed.py` makes it. Where one is at its end the page stays there, and
// anywhere else it stays at the epoch.

spiral.handed = (() => {
  const NAME = "handed";
  let now = null; // {identity, trained}

  /** What is in an archive: {facts, arrays}. */
  async function read(bytes) {
    const { facts, ...arrays } = await spiral.archive.open(bytes);
    return { facts: JSON.parse(new TextDecoder().decode(facts.data)), arrays };
  }

  /** Show a network, in place of the one before. */
  function show({ facts, arrays }) {
    const path = spiral.live.path(arrays, facts.network);
    const { trained } = path.network;
    const other = !now || now.identity !== facts.identity || trained < now.trained;
    // An address that somebody comes with says where to be.
    const asked = !now && spiral.address.read().e;
    const ends = other ? !asked : atEnd();
    if (now && other) spiral.address.note({ points: "" });
    now = { identity: facts.identity, trained };
    spiral.explorer.replace(NAME, path);
    if (ends) spiral.clock.seekEpoch(trained);
    spiral.page.handed();
  }

  /** Whether the last epoch of what was handed is seen. */
  function atEnd() {
    return now !== null && !spiral.clock.state.playing && spiral.clock.epochOver() >= now.trained;
  }

  /** Whether there is any. */
  function any() {
    return now !== null;
  }

  return { NAME, read, show, atEnd, any, trained: () => now?.trained ?? 0 };
})();
