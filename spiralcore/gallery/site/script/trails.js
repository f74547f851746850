"use strict";
// Paths of single points, as far as they have come.

spiral.trails = (() => {
  const RATE = 60; // places a second of a smoothed path
  const ARC = 0.05; // angle of a straight line on a circle, in radians

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
      const { hidden, path } = this.playback;
      const reached = [...places.subarray(0, 2 * (last + 1)), hidden[2 * point], hidden[2 * point + 1]];
      const onCircle = path.space.shape === "sphere" && !path.outside.ever[point];
      const line = lineThrough(onCircle ? arcs(reached) : reached, at);
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

  function lineThrough(places, at) {
    const line = new Path2D();
    for (let i = 0; i < places.length; i += 2) line.lineTo(at.x(places[i]), at.y(places[i + 1]));
    return line;
  }

  /** Places on a circle with as many between them that lines do not leave it; the shorter way. */
  function arcs(places) {
    const found = places.slice(0, 2);
    for (let i = 2; i < places.length; i += 2) {
      const from = Math.atan2(places[i - 1], places[i - 2]);
      let turn = Math.atan2(places[i + 1], places[i]) - from;
      turn -= 2 * Math.PI * Math.round(turn / (2 * Math.PI));
      const steps = Math.max(Math.ceil(Math.abs(turn) / ARC), 1);
      for (let k = 1; k <= steps; k++) {
        found.push(Math.cos(from + (turn * k) / steps), Math.sin(from + (turn * k) / steps));
      }
    }
    return found;
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

  let stamp = null; // a ring as a picture: {key, canvas, half}

  /** Rings around many points, of which a picture is drawn instead of lines: `places` are x and y of all points. */
  function rings(brush, places, points, radius, width) {
    const { ink, background } = spiral.theme.colours();
    const key = [radius, width, ink, background].join();
    if (stamp?.key !== key) {
      const half = Math.ceil(radius + 1.5 * width) + 1;
      const canvas = Object.assign(document.createElement("canvas"), { width: 2 * half, height: 2 * half });
      ring(canvas.getContext("2d"), half, half, radius, width);
      stamp = { key, canvas, half };
    }
    const { canvas, half } = stamp;
    for (const point of points) brush.drawImage(canvas, places[2 * point] - half, places[2 * point + 1] - half);
  }

  return { Trails, ring, rings, arcs };
})();
