"use strict";
// Which epochs of a run are kept: the swing filter of `spiralcore/recording/piecewise_linear.py`,
// epoch by epoch, so that nothing but the segment that is open has to be held.

spiral.swing = (() => {
  const { fround } = Math;
  const LONGEST_SEGMENT = 1024;
  const LOOKAHEAD = 64;

  class Swing {
    /** @param count of coordinates; the tolerance is a part of the panel's width */
    constructor(count, tolerance) {
      this.tolerance = fround(tolerance);
      this.lower = new Float32Array(count);
      this.upper = new Float32Array(count);
    }

    /** Begin a segment at an epoch; `anchor` is where the points are then, as it is kept. */
    begin(start, anchor) {
      Object.assign(this, { start, end: start, anchor });
      this.lower.fill(-Infinity);
      this.upper.fill(Infinity);
    }

    /** Take the next epoch; whether the segment ends, at `end`. */
    see(epoch, values, width) {
      const { lower, upper, anchor } = this;
      const share = fround(1 / (epoch - this.start));
      const slack = fround(fround(this.tolerance * width) * share);
      let outside = 0;
      let closed = 0;
      for (let i = 0; i < values.length; i++) {
        const slope = fround(fround(values[i] - anchor[i]) * share);
        if (slope < lower[i] || slope > upper[i]) outside++;
        const least = fround(slope - slack);
        const most = fround(slope + slack);
        if (least > lower[i]) lower[i] = least;
        if (most < upper[i]) upper[i] = most;
        if (lower[i] > upper[i]) closed++;
      }
      if (!outside) this.end = epoch;
      return closed > 0 || epoch - this.end >= LOOKAHEAD || epoch - this.start >= LONGEST_SEGMENT;
    }

    /** The same filter, to go on with apart from this one. */
    copy() {
      const { lower, upper } = this;
      return Object.assign(new Swing(0, 0), this, { lower: lower.slice(), upper: upper.slice() });
    }
  }

  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);

  /** Round to what a float16 can hold, ties to even; values beyond its range stay as they are. */
  function halved(values) {
    const found = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) {
      value[0] = values[i];
      const size = bits[0] & 0x7fffffff;
      if (size >= 0x477ff000) {
        found[i] = values[i];
      } else if (size < 0x38800000) {
        const small = fround(fround(Math.abs(values[i]) + 0.5) - 0.5);
        found[i] = bits[0] >>> 31 ? -small : small;
      } else {
        bits[0] = (bits[0] + 0x0fff + ((bits[0] >>> 13) & 1)) & 0xffffe000;
        found[i] = value[0];
      }
    }
    return found;
  }

  return { Swing, halved };
})();
