"use strict";
// How well classes are packed: see `spiralcore/gallery/closeness.py`. The best possible comes with
// the page.

spiral.packed = (() => {
  const PARKED = 0.05;

  /** Class means of a layer, x and y, in order of the classes that have points. */
  function meansOf(hidden, start, labels, classes) {
    const sums = new Float64Array(2 * classes);
    const sizes = new Float64Array(classes);
    for (let n = 0; n < labels.length; n++) {
      sums[2 * labels[n]] += hidden[start + 2 * n];
      sums[2 * labels[n] + 1] += hidden[start + 2 * n + 1];
      sizes[labels[n]]++;
    }
    const found = [];
    sizes.forEach((size, k) => size && found.push([sums[2 * k] / size, sums[2 * k + 1] / size]));
    return found;
  }

  function closest(places) {
    let least = Infinity;
    places.forEach(([x, y], i) => {
      for (let j = 0; j < i; j++) least = Math.min(least, Math.hypot(x - places[j][0], y - places[j][1]));
    });
    return least;
  }

  /**
   * The packing as a part of the best possible; NaN where it is unknown.
   *
   * @param rule {by, best} of the activation
   * @param space of the layer: on a circle it is the directions of the means that count, and in a
   *   space without a border those that are seen from its corner
   * @param start where in `hidden` the epoch begins
   */
  function part(hidden, start, labels, classes, rule, space) {
    const means = meansOf(hidden, start, labels, classes);
    if (rule.by === "distance") {
      const places = space.shape === "sphere" ? means.map(([x, y]) => [x, y].map((value) => value / (Math.hypot(x, y) || 1))) : means;
      return closest(places) / (rule.best[means.length] ?? NaN);
    }
    const corner = space.lower ?? space.upper ?? 0;
    const ways = means.map(([x, y]) => [x - corner, y - corner]);
    const lengths = ways.map(([x, y]) => Math.hypot(x, y));
    const far = Math.max(...lengths);
    const units = ways.map(([x, y], i) => [x / lengths[i], y / lengths[i]]).filter((_, i) => lengths[i] > PARKED * far);
    const chord = units.length > 1 ? closest(units) : NaN;
    return ((360 / Math.PI) * Math.asin(Math.min(chord / 2, 1))) / (rule.best[units.length] ?? NaN);
  }

  return { part };
})();
