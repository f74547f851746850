"use strict";
// One network, large, from its whole trajectory.

spiral.stage = (() => {
  const { byId } = spiral.dom;
  const MARGIN = 0.07;

  class Stage extends spiral.drawn.Drawn {
    /** @param path see `spiral.live` */
    constructor(path, timeline, smoothing) {
      super(path, timeline);
      const { lead } = spiral.parts.facts("manifest").samples;
      this.playback = new spiral.playback.Playback(path, timeline, smoothing);
      this.view = new spiral.view.View(this.playback, MARGIN);
      this.trails = new spiral.trails.Trails(this.playback, lead);
      if (path.grid) this.behind = this.predicted;
    }

    seek(second) {
      this.playback.seek(second);
    }

    frame(second) {
      return this.view.at(second);
    }

    readout() {
      return this.playback.readout;
    }

    put(at) {
      const { places } = this;
      const { hidden } = this.playback;
      for (let n = 0; n < places.length; n += 2) {
        places[n] = at.x(hidden[n]);
        places[n + 1] = at.y(hidden[n + 1]);
      }
    }

    trail(brush, at, point, second, width) {
      const { colour, codes } = spiral.inks.of(this.path);
      this.trails.draw(brush, at, point, second, colour(codes[point]), width);
    }

    predicted(image, second) {
      const { network, grid } = this.path;
      spiral.predicted.paint(image, grid, this.timeline.epochAt(second), network.bend);
    }

    loss(second) {
      const epoch = Math.min(this.timeline.epochAt(second), this.path.network.trained);
      spiral.curve.draw(byId("loss"), this.path, epoch);
    }

    /** Numbers at an epoch; NaN where one is unknown. */
    readings(epoch) {
      const { numbers } = spiral;
      const { path } = this;
      const last = Math.min(epoch, path.network.trained);
      return {
        accuracy: numbers.ofCurve(path.accuracy, epoch),
        entropy: numbers.ofCurve(path.entropy, epoch),
        packing: path.packing ? numbers.ofKept(path.epochs, path.packing, last) : NaN,
      };
    }
  }

  return { Stage };
})();
