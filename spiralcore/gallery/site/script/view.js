"use strict";
// The part of the plane that is shown: a bounded space whole, an unbounded one by a zoom that moves
// smoothly and lets nothing out. The same as `Zoom`, `Frame` and `View` in `playback.py`.

spiral.view = (() => {
  const RATE = 30;
  const WINDOW = 0.4;
  const LEAST = 0.5;
  const ROUNDING = 0.05;

  class Zoom {
    constructor(seconds, extents, duration) {
      const half = Math.round(WINDOW * RATE);
      const count = Math.ceil(duration * RATE) + 1 + 2 * half;
      const reached = extents.map(Math.log);
      this.grid = Float64Array.from({ length: count }, (_, i) => i / RATE - WINDOW);
      const found = this.grid.map((second) => spiral.timeline.interpolate(second, seconds, reached));
      seconds.forEach((second, i) => {
        const slot = Math.min(Math.max(Math.round((second + WINDOW) * RATE), 0), count - 1);
        found[slot] = Math.max(found[slot], reached[i]);
      });
      const clamped = (i) => Math.min(Math.max(i, 0), count - 1);
      const rolled = found.map((_, i) => {
        let most = -Infinity;
        for (let j = i - half; j <= i + half; j++) most = Math.max(most, found[clamped(j)]);
        return most;
      });
      const width = 2 * half;
      const hann = Array.from({ length: width + 1 }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / width));
      const whole = hann.reduce((sum, weight) => sum + weight, 0);
      this.limits = rolled.map((_, i) => {
        let sum = 0;
        for (let j = -half; j <= half; j++) sum += (hann[j + half] / whole) * rolled[clamped(i + j)];
        return sum;
      });
    }

    at(second) {
      return Math.exp(spiral.timeline.interpolate(second, this.grid, this.limits));
    }
  }

  function roundedMaximum(one, other, rounding) {
    if (rounding <= 0) return Math.max(one, other);
    const [a, b] = [one / rounding, other / rounding];
    return rounding * (Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))));
  }

  /** How far the points reach in one direction at each kept epoch, at least `least`. */
  function extents(path, axes, sign, least) {
    return axes.map((units) => {
      const found = new Float64Array(path.epochs.length).fill(least);
      const size = 2 * path.points;
      for (let t = 0; t < found.length; t++) {
        for (const unit of units) {
          for (let n = t * size + unit; n < (t + 1) * size; n += 2) {
            const value = sign * path.hidden[n];
            if (value > found[t]) found[t] = value;
          }
        }
      }
      return found;
    });
  }

  class View {
    constructor(playback, margin) {
      const { path, knots, timeline } = playback;
      this.margin = margin;
      this.space = path.space;
      const axes = this.space.lower !== null ? [[0, 1]] : [[0], [1]];
      this.apart = axes.length === 2 ? 1 : 0;
      const zooms = (sign, least) =>
        extents(path, axes, sign, least).map((reached) => new Zoom(knots, reached, timeline.duration));
      this.above = this.space.upper === null ? zooms(1, LEAST) : [];
      this.below = this.space.lower === null ? zooms(-1, LEAST / 10) : [];
    }

    /** {limits, rise} at a film time. */
    at(second) {
      const sides = (zooms, bound) => {
        const found = zooms.length ? zooms.map((zoom) => zoom.at(second)) : [bound ?? 0];
        return [found[0], found[found.length - 1]];
      };
      const [right, above] = sides(this.above, this.space.upper);
      const [left, below] = sides(this.below, -(this.space.lower ?? 0));
      const rise = (this.apart * (above - below - right + left)) / 2;
      const rounding = ROUNDING * this.apart * Math.max(left + right, below + above);
      const lower = -roundedMaximum(left, below + rise, rounding);
      const upper = roundedMaximum(right, above - rise, rounding);
      const room = this.margin * (upper - lower);
      return { limits: [lower - room, upper + room], rise };
    }
  }

  return { View };
})();
