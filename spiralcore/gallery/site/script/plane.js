"use strict";
// The pictures of a training: the layer as it is now, the data over what the network predicts, and
// the losses so far.

spiral.plane = (() => {
  const { byId } = spiral.dom;
  const MARGIN = 0.07;
  const LEAST = 0.5; // how far an unbounded plane reaches at least
  const EASING = 0.08; // of the zoom, a picture
  const RADIUS = 3.8;

  let limits = null;
  let still = "";

  /** Forget the zoom and what lies still. */
  function reset() {
    limits = null;
    still = "";
  }

  function radiusOf(width, points, pixel) {
    const crowd = Math.min(Math.max(Math.sqrt(1400 / points), 0.4), 1.4);
    return Math.max(RADIUS * (width / 640) ** 0.6 * crowd, 1.2) * pixel;
  }

  /** The part of the plane that shows all points: it grows at once, and shrinks slowly. */
  function shownOf(hidden, { lower, upper }) {
    let [least, most] = [lower ?? -LEAST, upper ?? LEAST];
    for (const value of hidden) {
      if (upper === null && value > most) most = value;
      if (lower === null && value < least) least = value;
    }
    if (limits) {
      least = Math.min(least, limits[0] + EASING * (least - limits[0]));
      most = Math.max(most, limits[1] + EASING * (most - limits[1]));
    }
    limits = [least, most];
    const room = MARGIN * (most - least);
    return [least - room, most + room];
  }

  function layer(state, scene) {
    const canvas = byId("train-layer");
    const { panel } = spiral;
    const width = panel.widthOf(canvas);
    const side = panel.fitted(canvas);
    const pixel = side / width;
    const brush = panel.context(canvas);
    const { space, labels } = scene;
    const at = panel.plane(side, shownOf(state.hidden, space), 0, space);
    panel.background(brush, side);
    panel.regions(brush, at, state.readout, 1.6 * pixel);
    panel.frame(brush, at, 1.4 * pixel, 13 * pixel);
    const places = new Float32Array(state.hidden.length);
    for (let n = 0; n < places.length; n += 2) {
      places[n] = at.x(state.hidden[n]);
      places[n + 1] = at.y(state.hidden[n + 1]);
    }
    spiral.borderHistogram.draw(brush, at, places, scene);
    panel.points(brush, side, places, scene, radiusOf(width, labels.length, pixel));
  }

  /** What the network predicts all over the data, if that is new, and the points on it. */
  function data(state, scene) {
    const below = byId("train-field");
    const side = spiral.panel.fitted(below, true);
    const brush = spiral.panel.context(below);
    if (state?.field) {
      const nodes = Math.sqrt(state.field.length / 2);
      const grid = { values: state.field, known: 1, units: 2, rows: nodes, columns: nodes, heads: state.readout };
      const image = brush.createImageData(side, side);
      spiral.predicted.paint(image, grid, state.epoch, scene.bend);
      brush.putImageData(image, 0, 0);
    } else if (!state) {
      spiral.panel.background(brush, side);
    }
    const canvas = byId("train-inputs");
    const whole = spiral.panel.fitted(canvas);
    const { mark } = scene;
    const key = [whole, spiral.theme.name(), scene.turn, mark ? `${mark.x} ${mark.y}` : ""].join(" ");
    if (key === still) return;
    still = key;
    const width = spiral.panel.widthOf(canvas);
    const above = spiral.panel.clear(canvas);
    spiral.inputs.draw(above, whole, scene, 0.8 * radiusOf(width, Math.max(scene.labels.length, 1), whole / width));
    if (mark) cross(above, whole, scene, mark);
  }

  /** Where the next point is set from the keyboard. */
  function cross(brush, side, { reach }, { x, y }) {
    const scale = side / (2 * reach);
    const [left, top] = [(x + reach) * scale, side - (y + reach) * scale];
    brush.strokeStyle = spiral.theme.colours().ink;
    brush.lineWidth = side / 200;
    brush.beginPath();
    brush.moveTo(left - side / 30, top);
    brush.lineTo(left + side / 30, top);
    brush.moveTo(left, top - side / 30);
    brush.lineTo(left, top + side / 30);
    brush.stroke();
  }

  /** The losses of the run: a curve as in the explorer, which is outlined anew as it grows. */
  function loss(curve, scene) {
    if (!curve.length) return;
    const { labels, classes } = scene;
    const path = { network: { loss: "cross-entropy" }, losses: curve, labels, classes };
    spiral.curve.draw(byId("train-loss"), path, curve.length - 1);
  }

  return { reset, layer, data, loss };
})();
