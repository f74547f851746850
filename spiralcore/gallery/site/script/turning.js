"use strict";
// A layer of three units as the space that it is: it turns under pointer, touch and arrow keys.

spiral.turning = (() => {
  const { byId } = spiral.dom;
  const USUAL = [30, 20]; // degrees: around the upright axis, and up
  const STEP = 5; // degrees, for a key
  const FAST = 0.4; // degrees for a pixel
  const FIT = { box: 0.27, ball: 0.44, sphere: 0.44 }; // half the width of a space, as a part of the panel
  const SLACK = 4; // pixels up to which a press is none that turns
  const CORNERS = Array.from({ length: 8 }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1].map((bit) => 2 * bit - 1));
  const EDGES = CORNERS.flatMap((one, i) => CORNERS.flatMap((other, j) => (i < j && one.filter((value, k) => value !== other[k]).length === 1 ? [[i, j]] : [])));
  let chosen = () => {};
  let angles = null; // null where the projection of the table is shown
  let from = null;

  /** `choose(changes)` takes the angles, for the address. */
  function build(choose) {
    chosen = choose;
    byId("solid").addEventListener("change", (event) => choose({ turn: event.target.checked ? USUAL.join(".") : "" }));
    const canvas = byId("layer");
    canvas.addEventListener("pointerdown", (event) => {
      if (!angles || event.button) return;
      from = { x: event.clientX, y: event.clientY, angles, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      from.moved ||= Math.hypot(dx, dy) > SLACK;
      if (from.moved) turn([from.angles[0] + FAST * dx, from.angles[1] + FAST * dy]);
    });
    canvas.addEventListener("pointerup", () => {
      const moved = from?.moved;
      from = null;
      if (moved) spiral.address.note({ turn: asked() });
      // What turned is no choice of a point.
      if (moved) canvas.addEventListener("click", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
    });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!angles || !way || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      turn(angles.map((angle, i) => angle + STEP * way[i] * (event.shiftKey ? 4 : 1)));
      spiral.address.note({ turn: asked() });
    });
  }

  function turn([around, up]) {
    angles = [((around % 360) + 360) % 360, Math.min(Math.max(up, -90), 90)];
    spiral.clock.schedule();
  }

  /** Show angles of the address, `30.20`; anything else is the projection. */
  function show(wanted, path) {
    const found = /^(\d{1,3})\.(-?\d{1,2})$/.exec(wanted ?? "");
    const canvas = byId("layer");
    byId("in-space").hidden = !path?.solid;
    angles = null;
    if (found) turn([Number(found[1]), Number(found[2])]);
    const on = Boolean(angles && path?.solid);
    byId("solid").checked = on;
    canvas.classList.toggle("turns", on);
    canvas.setAttribute("role", on ? "application" : "img");
    if (on) canvas.setAttribute("tabindex", "0");
    else canvas.removeAttribute("tabindex");
  }

  function asked() {
    return angles ? angles.map(Math.round).join(".") : "";
  }

  function on(path) {
    return angles !== null && Boolean(path.solid);
  }

  /** A place of the space, as the cube from -1 to 1 has it, on the panel: [x, y, nearness]. */
  function sight(side, shape) {
    const fit = FIT[shape];
    const [around, up] = angles.map((angle) => (angle * Math.PI) / 180);
    const [ca, sa, cu, su] = [Math.cos(around), Math.sin(around), Math.cos(up), Math.sin(up)];
    return ([x, y, z]) => {
      const right = ca * x - sa * y;
      const deep = sa * x + ca * y;
      const near = su * z - cu * deep;
      return [side * (0.5 + fit * right), side * (0.5 - fit * (cu * z + su * deep)), near];
    };
  }

  /** Where points are: in the units of the layer, and how far they reach. */
  function placesAt(stage, second) {
    const { path, playback } = stage;
    const { low, knots, readout } = playback.weights(second);
    const weights = readout ?? knots;
    const size = 3 * path.points;
    const found = new Float64Array(size);
    let reached = 0;
    path.solidReach ??= Float64Array.from(path.epochs, (_, t) => path.solid.subarray(t * size, (t + 1) * size).reduce((most, value) => Math.max(most, Math.abs(value)), 0.5));
    weights.forEach((weight, k) => {
      const start = (low + k) * size;
      for (let n = 0; n < size; n++) found[n] += weight * path.solid[start + n];
      reached += weight * path.solidReach[low + k];
    });
    return { found, reached };
  }

  /** Draw it on the canvas of the layer. */
  function draw(stage, second, settings) {
    const { path, canvas, places } = stage;
    const { panel, theme } = spiral;
    const { lower, upper, shape } = path.network.solid;
    const width = panel.widthOf(canvas);
    const side = panel.fitted(canvas);
    const pixel = side / width;
    const brush = panel.context(canvas);
    const { found, reached } = placesAt(stage, second);
    const [least, most] = [lower ?? -reached, upper ?? reached];
    const see = sight(side, shape);
    const inCube = (value) => (2 * (value - least)) / (most - least) - 1;
    const nearness = new Float64Array(path.points);
    for (let point = 0; point < path.points; point++) {
      const [x, y, near] = see([0, 1, 2].map((unit) => inCube(found[3 * point + unit])));
      [places[2 * point], places[2 * point + 1], nearness[point]] = [x, y, near];
    }
    stage.at = null;
    stage.shows = { layer: true, regions: false, paths: true };
    panel.background(brush, side);
    brush.lineWidth = 1.4 * pixel;
    brush.strokeStyle = theme.colours().ink;
    frame(brush, see, shape, false);
    const order = Array.from(path.order).sort((a, b) => nearness[a] - nearness[b]);
    const radius = stage.radius(width, pixel);
    // What is nearer is larger, in three steps.
    for (const part of [0, 1, 2]) {
      const some = order.slice((part * order.length) / 3, ((part + 1) * order.length) / 3);
      panel.points(brush, side, places, path, radius * (0.8 + 0.2 * part), some);
    }
    frame(brush, see, shape, true);
    for (const point of settings.followed) spiral.trails.ring(brush, places[2 * point], places[2 * point + 1], radius + 2.5 * pixel, pixel);
  }

  /** Edges of a cube, circles of a sphere: those in front of the points, or those behind them. */
  function frame(brush, see, shape, front) {
    brush.save();
    brush.globalAlpha = front ? 0.75 : 0.35;
    brush.beginPath();
    const line = (places) => {
      let open = false;
      for (let i = 0; i + 1 < places.length; i++) {
        const [one, other] = [places[i], places[i + 1]];
        const fits = (one[2] + other[2] > 0) === front;
        if (fits && !open) brush.moveTo(one[0], one[1]);
        if (fits) brush.lineTo(other[0], other[1]);
        open = fits;
      }
    };
    if (shape === "box") {
      for (const [i, j] of EDGES) line([see(CORNERS[i]), see(CORNERS[j])]);
    } else {
      const circle = (place) => line(Array.from({ length: 73 }, (_, i) => see(place(Math.cos((i * Math.PI) / 36), Math.sin((i * Math.PI) / 36)))));
      circle((c, s) => [c, s, 0]);
      circle((c, s) => [c, 0, s]);
      circle((c, s) => [0, c, s]);
      if (front) {
        const [x, y] = see([0, 0, 0]);
        const radius = FIT[shape] * brush.canvas.width;
        brush.moveTo(x + radius, y);
        brush.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    brush.stroke();
    brush.restore();
  }

  return { build, show, on, draw, asked };
})();
