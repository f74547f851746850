"use strict";
// A trajectory on a timeline, smoothed over film time with a Gaussian or exact: the same as in
// `spiralcore/trajectory/play/playback.py`, where it is explained.

spiral.playback = (() => {
  const REACH = 4; // standard deviations after which the Gaussian is cut

  /** Distribution function of the normal distribution, by the series of Marsaglia 2004. */
  function below(x) {
    if (x < -8) return 0;
    if (x > 8) return 1;
    let term = x;
    let sum = x;
    for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) + 1e-300; i += 2) {
      term *= (x * x) / i;
      sum += term;
    }
    return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
  }

  class Playback {
    /**
     * @param path see `spiral.live`
     * @param smoothing standard deviation in seconds of film; 0 for the exact path
     */
    constructor(path, timeline, smoothing) {
      this.path = path;
      this.timeline = timeline;
      this.smoothing = smoothing;
      this.knots = Float64Array.from(path.epochs, (epoch) => timeline.secondAt(epoch));
      this.hidden = new Float64Array(2 * path.points);
      this.readout = new Float64Array(3 * path.classes);
    }

    /** What is averaged at a film time: {low, knots, means, second}, weights of kept epochs and of means. */
    weights(second) {
      return Object.assign(this.smoothing > 0 ? this.smoothed(second) : this.exact(second), { second });
    }

    exact(second) {
      const { epochs } = this.path;
      const epoch = this.timeline.epochAt(second);
      const low = Math.min(spiral.timeline.before(epochs, epoch), Math.max(epochs.length - 2, 0));
      if (epochs.length === 1) return { low, knots: [1], means: null };
      const passed = (epoch - epochs[low]) / (epochs[low + 1] - epochs[low]);
      const share = Math.min(Math.max(passed, 0), 1);
      return { low, knots: [1 - share, share], means: null };
    }

    smoothed(second) {
      const { knots, smoothing } = this;
      const { epochs } = this.path;
      const last = knots.length - 1;
      const reach = REACH * smoothing;
      const low = spiral.timeline.before(knots, second - reach);
      let high = low;
      while (high < last && knots[high] < second + reach) high++;
      if (low === high || second <= knots[0] - reach || second >= knots[last] + reach) {
        let at = second <= knots[last] ? low : last;
        if (second <= knots[0] - reach) at = 0;
        return { low: at, knots: [1], means: null };
      }
      const count = high - low + 1;
      const ends = new Float64Array(count);
      const means = this.path.mean ? new Float64Array(count - 1) : null;
      let scaled = (knots[low] - second) / smoothing;
      let mass = below(scaled);
      let density = Math.exp(-0.5 * scaled * scaled) / Math.sqrt(2 * Math.PI);
      ends[0] += mass;
      for (let i = 0; i + 1 < count; i++) {
        const next = (knots[low + i + 1] - second) / smoothing;
        const nextMass = below(next);
        const nextDensity = Math.exp(-0.5 * next * next) / Math.sqrt(2 * Math.PI);
        const inner = nextMass - mass;
        // Mean position within the interval, 0 at its start and 1 at its end, times its mass.
        const moved = density - nextDensity - scaled * inner;
        const upper = Math.min(Math.max(moved / Math.max(next - scaled, 1e-12), 0), inner);
        ends[i + 1] += upper;
        ends[i] += inner - upper;
        if (means) means[i] = inner;
        [scaled, mass, density] = [next, nextMass, nextDensity];
      }
      ends[count - 1] += 1 - mass;
      if (!means) return { low, knots: ends, means, readout: ends };
      // The recorded mean of an interval takes the place of the mean of its straight line.
      const ofKnots = ends.slice();
      for (let i = 0; i + 1 < count; i++) {
        const steps = epochs[low + i + 1] - epochs[low + i];
        const late = (means[i] * (steps + 1)) / (2 * steps);
        ofKnots[i] -= means[i] - late;
        ofKnots[i + 1] -= late;
      }
      return { low, knots: ofKnots, means, readout: ends };
    }

    /** Set `hidden`, x and y of each point, and `readout`, slopes and offset of each class. */
    seek(second) {
      const found = this.weights(second);
      const { path } = this;
      const size = 2 * path.points;
      this.hidden.fill(0);
      add(this.hidden, path.hidden, found.low, found.knots, size);
      if (found.means) add(this.hidden, path.mean, found.low + 1, found.means, size);
      for (let point = 0; point < path.points; point++) this.inside(this.hidden, point, point, second);
      this.readout.fill(0);
      if (path.readout) {
        add(this.readout, path.readout, found.low, found.readout ?? found.knots, 3 * path.classes);
      }
    }

    /**
     * Move a point back into the space, unless it leaves that at some kept epoch.
     *
     * @param places x and y of places, one after the other; changed
     * @param n which of them it is
     */
    inside(places, n, point, second) {
      const { path } = this;
      if (path.outside.ever[point] || spiral.spaces.nearest(path.space, places, 2 * n)) return;
      // Right in the middle of a circle nothing is nearest: there the epoch itself decides.
      const kept = 2 * (this.keptAt(second) * path.points + point);
      places[2 * n] = path.hidden[kept];
      places[2 * n + 1] = path.hidden[kept + 1];
    }

    /** The kept epoch that is nearest to a film time. */
    keptAt(second) {
      const { epochs } = this.path;
      const epoch = this.timeline.epochAt(second);
      const low = Math.min(spiral.timeline.before(epochs, epoch), epochs.length - 1);
      const high = Math.min(low + 1, epochs.length - 1);
      return epoch - epochs[low] <= epochs[high] - epoch ? low : high;
    }

    /** Places of one point at many weights. */
    placesOf(point, weights) {
      const { hidden, mean, points } = this.path;
      const found = new Float64Array(2 * weights.length);
      weights.forEach(({ low, knots, means, second }, i) => {
        for (const unit of [0, 1]) {
          let sum = 0;
          for (let k = 0; k < knots.length; k++) {
            sum += knots[k] * hidden[2 * ((low + k) * points + point) + unit];
          }
          if (means) {
            for (let k = 0; k < means.length; k++) {
              sum += means[k] * mean[2 * ((low + 1 + k) * points + point) + unit];
            }
          }
          found[2 * i + unit] = sum;
        }
        this.inside(found, i, point, second);
      });
      return found;
    }
  }

  function add(target, arrays, first, weights, size) {
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k];
      if (weight === 0) continue;
      const start = (first + k) * size;
      for (let n = 0; n < size; n++) target[n] += weight * arrays[start + n];
    }
  }

  return { Playback, below };
})();
