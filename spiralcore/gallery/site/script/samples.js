"use strict";
// A network in the table: pictures at even film times, and straight lines between them.

spiral.samples = (() => {
  class Samples {
    /**
     * @param arrays see `samples.py`
     * @param network what the manifest says of it
     */
    constructor(arrays, network) {
      const { rate, lead, levels } = spiral.parts.facts("manifest").samples;
      this.network = network;
      // A straight line between two places on a circle leaves it.
      this.onCircle = network.space.shape === "sphere";
      this.outside = arrays.outside?.data ?? null; // points that leave the space by themselves
      this.rate = rate;
      this.lead = lead;
      this.levels = levels;
      this.labels = arrays.labels.data;
      this.targets = arrays.targets?.data ?? null;
      this.points = this.labels.length;
      this.count = arrays.places.shape[3];
      const series = spiral.coding.decoded(arrays.places, 2);
      this.places = spiral.coding.pictures(series, this.count, Uint16Array);
      this.limits = arrays.limits.data;
      this.readout = arrays.readout.data;
      this.classes = arrays.readout.shape[1];
      this.accuracy = arrays.accuracy.data;
      this.epochs = arrays.epochs.data;
      this.packing = arrays.packing.data;
      this.inputs = arrays.inputs?.data ?? null;
      this.reach = arrays.reach?.data[0] ?? 1;
      this.grid = null; // comes later, see `spiral.table`
      this.order = spiral.discs.mixed(this.points);
      this.moved = new Float32Array(2 * this.points);
      this.mixed = new Float32Array(3 * this.classes);
    }

    /** The pictures before and after a film time, and how near it is to the latter. */
    between(second) {
      const at = Math.min(Math.max((second + this.lead) * this.rate, 0), this.count - 1);
      const i = Math.min(Math.floor(at), this.count - 2);
      return [i, at - i];
    }

    /** Places of all points in a panel of some side, in its pixels. */
    placesAt(second, side) {
      const [i, share] = this.between(second);
      const size = 2 * this.points;
      const { places, moved } = this;
      const scale = side / this.levels;
      for (let n = 0; n < size; n += 2) {
        const a = i * size + n;
        const b = a + size;
        moved[n] = (places[a] + share * (places[b] - places[a])) * scale;
        moved[n + 1] = side - (places[a + 1] + share * (places[b + 1] - places[a + 1])) * scale;
      }
      if (this.onCircle) this.toCircle(share < 0.5 ? i : i + 1, scale, this.limitsAt(second));
      return moved;
    }

    /**
     * Move places in a panel, in its pixels, to the nearest ones on the unit circle.
     *
     * @param near the picture that is nearest: right in the middle of the circle it decides
     */
    toCircle(near, scale, [lower, upper, rise]) {
      const { moved, places } = this;
      const side = scale * this.levels;
      const radius = side / (upper - lower);
      const x = -lower * radius;
      const y = side + (lower + rise) * radius;
      for (let n = 0; n < moved.length; n += 2) {
        if (this.outside?.[n / 2]) continue;
        if (Math.hypot(moved[n] - x, moved[n + 1] - y) < 0.01 * radius) {
          const from = near * moved.length + n;
          moved[n] = places[from] * scale;
          moved[n + 1] = side - places[from + 1] * scale;
        }
        const length = Math.hypot(moved[n] - x, moved[n + 1] - y);
        moved[n] = x + ((moved[n] - x) * radius) / length;
        moved[n + 1] = y + ((moved[n + 1] - y) * radius) / length;
      }
    }

    /** Lower and upper limit of the horizontal axis, rise of the vertical one. */
    limitsAt(second) {
      const [i, share] = this.between(second);
      return [0, 1, 2].map((n) => {
        const from = this.limits[3 * i + n];
        return from + share * (this.limits[3 * i + 3 + n] - from);
      });
    }

    /** Slopes and offset of each class. */
    readoutAt(second) {
      const [i, share] = this.between(second);
      const size = 3 * this.classes;
      for (let n = 0; n < size; n++) {
        const from = this.readout[i * size + n];
        this.mixed[n] = from + share * (this.readout[i * size + size + n] - from);
      }
      return this.mixed;
    }
  }

  return { Samples };
})();
