"use strict";
// The points on their way between the data and the hidden plane, in the large panel.

spiral.carrying = (() => {
  const SECONDS = 1.4;
  const way = { from: 1, to: 1, since: 0 };

  /** Go there: 0 is the data, 1 the hidden plane. */
  function go(to) {
    if (to === way.to) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    Object.assign(way, { from: calm ? to : linear(), to, since: performance.now() });
    spiral.clock.schedule();
  }

  function linear() {
    const passed = (performance.now() - way.since) / (1000 * SECONDS);
    const { from, to } = way;
    return from < to ? Math.min(from + passed, to) : Math.max(from - passed, to);
  }

  /** Where they are, from 0 to 1, eased; while they move everything is drawn again. */
  function share() {
    const now = linear();
    if (now !== way.to) spiral.clock.schedule();
    return now * now * (3 - 2 * now);
  }

  return { go, share };
})();
