"use strict";
// One network, large, from what the table knows of it, until its whole trajectory is there: places
// are coarser, and there are no paths and no losses.

spiral.standin = (() => {
  class StandIn extends spiral.drawn.Drawn {
    /**
     * @param samples {own: its Samples, data: those of its row that know the data, common: the
     *   timeline of both}
     * @param timeline
     */
    constructor(samples, timeline) {
      const { own, data } = samples;
      const { network, labels, targets, order, classes, points } = own;
      const { inputs, reach } = data ?? { inputs: null, reach: 1 };
      super({ network, space: network.space, labels, targets, order, classes, points, inputs, reach }, timeline);
      this.samples = samples;
    }

    /** What is behind the data, as soon as it is there. */
    get behind() {
      return this.samples.own.grid && this.predicted;
    }

    /** The second of the table's timeline. */
    seek(second) {
      const { timeline } = this;
      const { common } = this.samples;
      if (second < 0) this.second = second;
      else if (second >= timeline.duration) this.second = common.duration + second - timeline.duration;
      else this.second = common.secondAt(timeline.epochAt(second));
    }

    frame() {
      const [lower, upper, rise] = this.samples.own.limitsAt(this.second);
      return { limits: [lower, upper], rise };
    }

    readout() {
      return this.samples.own.readoutAt(this.second);
    }

    put(at) {
      this.places.set(this.samples.own.placesAt(this.second, at.side));
    }

    trail() {}

    predicted(image) {
      const { own, common } = this.samples;
      spiral.predicted.paint(image, own.grid, common.epochAt(this.second), own.network.bend);
    }

    loss() {}

    readings(epoch) {
      const { numbers } = spiral;
      const { own } = this.samples;
      const last = Math.min(epoch, own.network.trained);
      return {
        accuracy: numbers.ofCurve(own.accuracy, epoch),
        entropy: NaN,
        packing: numbers.ofKept(own.epochs, own.packing, last),
      };
    }
  }

  return { StandIn };
})();
