"use strict";
// Film time: which epoch is shown when. The same maps as `spiralcore/trajectory/play/timeline.py`.

spiral.timeline = (() => {
  /** Index of the last knot that is not after x, at least 0; knots increase. */
  function before(knots, x) {
    let low = 0;
    let high = knots.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (knots[middle] <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Straight lines between knots; constant before the first and after the last one. */
  function interpolate(x, knots, values) {
    const last = knots.length - 1;
    if (!(x > knots[0])) return values[0];
    if (x >= knots[last]) return values[last];
    const i = before(knots, x);
    const share = (x - knots[i]) / (knots[i + 1] - knots[i]);
    return values[i] + share * (values[i + 1] - values[i]);
  }

  class Timeline {
    constructor(seconds, epochs) {
      this.seconds = seconds;
      this.epochs = epochs;
      this.duration = seconds[seconds.length - 1];
    }

    epochAt(second) {
      return interpolate(second, this.seconds, this.epochs);
    }

    /** The epoch that is over at a film time. */
    epochOver(second) {
      return Math.floor(this.epochAt(second) + 1e-6);
    }

    secondAt(epoch) {
      return interpolate(epoch, this.epochs, this.seconds);
    }
  }

  /** Equal numbers of epochs a second. */
  function linear(last, duration) {
    return new Timeline([0, duration], [0, last]);
  }

  /** Equal factors of the epoch a second. */
  function log(last, duration) {
    const count = 2000;
    const seconds = [];
    const epochs = [];
    for (let i = 0; i < count; i++) {
      const share = i / (count - 1);
      seconds.push(share * duration);
      epochs.push(Math.exp(share * Math.log(last + 1)) - 1);
    }
    epochs[count - 1] = last;
    return new Timeline(seconds, epochs);
  }

  return { Timeline, linear, log, interpolate, before };
})();
