"use strict";
// What a layer can reach, and which points lie outside of it: the same as `spiralcore/registry/spaces.py` and
// `spiralcore/trajectory/outside.py`.

spiral.spaces = (() => {
  const TOLERANCE = 0.005;
  const SHORTEST = 1e-6;

  /**
   * Move a point to the nearest place of a space.
   *
   * @param places x and y of points, one after the other; changed
   * @param n where x is
   * @returns whether there is such a place; the middle of a circle has none
   */
  function nearest(space, places, n) {
    if (space.shape === "box") {
      for (let i = n; i < n + 2; i++) {
        if (space.lower !== null && places[i] < space.lower) places[i] = space.lower;
        if (space.upper !== null && places[i] > space.upper) places[i] = space.upper;
      }
      return true;
    }
    const length = Math.hypot(places[n], places[n + 1]);
    if (space.shape === "ball" && length <= 1) return true;
    if (length < SHORTEST) return false;
    places[n] /= length;
    places[n + 1] /= length;
    return true;
  }

  /** Which points of a path lie outside at any kept epoch, and what there is to say of it. */
  function outside({ space, hidden, points, epochs }) {
    const ever = new Uint8Array(points);
    const counts = new Uint32Array(epochs.length);
    const place = new Float64Array(2);
    for (let t = 0; t < epochs.length; t++) {
      for (let point = 0; point < points; point++) {
        const n = 2 * (t * points + point);
        place[0] = hidden[n];
        place[1] = hidden[n + 1];
        const there = nearest(space, place, 0);
        const away = there ? Math.hypot(hidden[n] - place[0], hidden[n + 1] - place[1]) : 1;
        if (away > TOLERANCE) {
          ever[point] = 1;
          counts[t]++;
        }
      }
    }
    return { ever, text: said(counts, points, space) };
  }

  function said(counts, points, space) {
    const most = counts.reduce((one, other) => Math.max(one, other), 0);
    if (!most) return "";
    const { text, whole } = spiral.words;
    const fields = { n: whole(most), m: whole(points), space: text(space.name) };
    if (points === 1) return text("{n} of {m} point lies outside the {space}", fields);
    if (counts.every((count) => count === most)) return text("{n} of {m} points lie outside the {space}", fields);
    return text("up to {n} of {m} points lie outside the {space}", fields);
  }

  return { nearest, outside };
})();
