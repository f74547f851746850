"use strict";
// Decision regions of a linear read-out, as exact polygons: see `spiralcore/analysis/network/decision_polygons.py`.

spiral.regions = (() => {
  /** Keep the part of a convex polygon [x, y, x, y, ...] where a x + b y + c is not negative. */
  function cut(polygon, a, b, c) {
    const count = polygon.length / 2;
    const kept = [];
    for (let i = 0; i < count; i++) {
      const j = (i + 1) % count;
      const x = polygon[2 * i];
      const y = polygon[2 * i + 1];
      const toX = polygon[2 * j];
      const toY = polygon[2 * j + 1];
      const here = a * x + b * y + c;
      const there = a * toX + b * toY + c;
      if (here >= 0) kept.push(x, y);
      if (here >= 0 !== there >= 0) {
        const share = here / (here - there);
        kept.push(x + share * (toX - x), y + share * (toY - y));
      }
    }
    return kept;
  }

  /**
   * Where each class has the largest logit, within a rectangle.
   *
   * @param readout slopes and offset of each class, one after the other
   * @returns a polygon for each class, empty where it is nowhere the largest
   */
  function polygons(readout, left, bottom, right, top) {
    const classes = readout.length / 3;
    const found = [];
    for (let k = 0; k < classes; k++) {
      let polygon = [left, bottom, right, bottom, right, top, left, top];
      for (let other = 0; other < classes && polygon.length; other++) {
        if (other === k) continue;
        polygon = cut(
          polygon,
          readout[3 * k] - readout[3 * other],
          readout[3 * k + 1] - readout[3 * other + 1],
          readout[3 * k + 2] - readout[3 * other + 2],
        );
      }
      found.push(polygon);
    }
    return found;
  }

  return { polygons };
})();
