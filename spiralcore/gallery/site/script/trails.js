"use strict";
// Paths of single points, as far as they have come.

spiral.trails = (() => {
  const RATE = 60; // places a second of a smoothed path

  class Trails {
    constructor(playback, lead) {
      this.playback = playback;
      this.known = new Map();
      const { smoothing, timeline, knots } = playback;
      this.seconds = knots;
      if (smoothing > 0) {
        const count = Math.ceil((timeline.duration + 2 * lead) * RATE) + 1;
        this.seconds = Float64Array.from({ length: count }, (_, i) => i / RATE - lead);
      }
      this.weights = null;
    }

    places(point) {
      if (!this.known.has(point)) {
        this.weights ??= Array.from(this.seconds, (second) => this.playback.weights(second));
        this.known.set(point, this.playback.placesOf(point, this.weights));
      }
      return this.known.get(point);
    }

    /** Draw the path of a point up to a film time; the playback is there. */
    draw(brush, at, point, second, colour, width) {
      const places = this.places(point);
      const last = second < this.seconds[0] ? -1 : spiral.timeline.before(this.seconds, second);
      const line = new Path2D();
      for (let i = 0; i <= last; i++) line.lineTo(at.x(places[2 * i]), at.y(places[2 * i + 1]));
      const { hidden } = this.playback;
      line.lineTo(at.x(hidden[2 * point]), at.y(hidden[2 * point + 1]));
      brush.save();
      brush.lineJoin = "round";
      brush.lineCap = "round";
      brush.globalAlpha = 0.8;
      brush.strokeStyle = spiral.theme.colours().background;
      brush.lineWidth = 2.4 * width;
      brush.stroke(line);
      brush.globalAlpha = 1;
      brush.strokeStyle = colour;
      brush.lineWidth = width;
      brush.stroke(line);
      brush.restore();
    }
  }

  /** A ring around a point. */
  function ring(brush, x, y, radius, width) {
    const { ink, background } = spiral.theme.colours();
    for (const [colour, thickness] of [[background, 3 * width], [ink, 1.4 * width]]) {
      brush.beginPath();
      brush.arc(x, y, radius, 0, 2 * Math.PI);
      brush.strokeStyle = colour;
      brush.lineWidth = thickness;
      brush.stroke();
    }
  }

  return { Trails, ring };
})();
