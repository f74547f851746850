"use strict";
// How many points lie on the border of a square, where they would hide each other: bars that grow
// outwards from its sides, stacked by colour, as in `spiralcore/stage/marks/border_histogram.py`.

spiral.borderHistogram = (() => {
  const BINS = 72;
  const NEAR = 0.01; // of the width, up to which a point lies on the border
  const SPACING = 0.12; // on each side of a bar, of its place
  const STACKED = 8; // colours of measured values in a bar
  const FULL = 12; // a full bar is one in so many points

  /** Points of each colour at each place of the sides: left, right, lower, upper. */
  function counted(at, places, labels, classes) {
    const [left, right] = at.across.map(at.x);
    const [bottom, top] = at.upright.map(at.y);
    const near = NEAR * (right - left);
    const counts = new Uint32Array(4 * BINS * classes);
    const add = (side, share, label) => {
      const bin = Math.min(Math.max(Math.floor(share * BINS), 0), BINS - 1);
      counts[(side * BINS + bin) * classes + label]++;
    };
    for (let i = 0; i < labels.length; i++) {
      const [x, y] = [places[2 * i], places[2 * i + 1]];
      const along = (bottom - y) / (bottom - top);
      const across = (x - left) / (right - left);
      if (Math.abs(x - left) < near) add(0, along, labels[i]);
      if (Math.abs(x - right) < near) add(1, along, labels[i]);
      if (Math.abs(y - bottom) < near) add(2, across, labels[i]);
      if (Math.abs(y - top) < near) add(3, across, labels[i]);
    }
    return counts;
  }

  /** Draw the bars into the margin of a square; of other spaces there are none. */
  function draw(brush, at, places, path) {
    const { space } = at;
    if (space.round || space.lower === null || space.upper === null) return;
    const { codes: labels, count: classes, colour } = spiral.inks.of(path, STACKED);
    const counts = counted(at, places, labels, classes);
    const [left, right] = at.across.map(at.x);
    const [bottom, top] = at.upright.map(at.y);
    const [gap, longest] = [0.12 * left, 0.8 * left];
    const [wide, high] = [(right - left) / BINS, (bottom - top) / BINS];
    for (let place = 0; place < 4 * BINS; place++) {
      let total = 0;
      for (let k = 0; k < classes; k++) total += counts[place * classes + k];
      if (!total) continue;
      const [side, bin] = [Math.floor(place / BINS), place % BINS];
      const length = longest * Math.min(Math.sqrt((total * FULL) / labels.length), 1);
      let start = gap;
      for (let k = 0; k < classes; k++) {
        const long = (length * counts[place * classes + k]) / total;
        if (!long) continue;
        brush.fillStyle = colour(k);
        const x = left + (bin + SPACING) * wide;
        const y = bottom - (bin + 1 - SPACING) * high;
        const [thick, tall] = [(1 - 2 * SPACING) * wide, (1 - 2 * SPACING) * high];
        if (side === 0) brush.fillRect(left - start - long, y, long, tall);
        else if (side === 1) brush.fillRect(right + start, y, long, tall);
        else if (side === 2) brush.fillRect(x, bottom + start, thick, long);
        else brush.fillRect(x, top - start - long, thick, long);
        start += long;
      }
    }
  }

  return { draw, counted };
})();
