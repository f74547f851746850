"use strict";
// Arrows that name the parts of the picture: the data, the bent plane, the straight cuts.

spiral.pointers = (() => {
  const { byId } = spiral.dom;
  const LEAST = 0.04; // of the side: what an arrow points at lies so far within the panel
  const HEAD = 9; // pixels
  const BELOW = 34; // pixels from the top of an arrow's picture to its panel
  let shown = false;

  function show(wanted) {
    shown = wanted;
    document.documentElement.toggleAttribute("data-labels", wanted);
    for (const id of ["naming", "naming-data"]) byId(id).hidden = !wanted;
  }

  /** Point at what is there now, as parts of the panel: places of points, a read-out, its plane. */
  function draw(at, places, readout, share) {
    if (!shown) return;
    const width = spiral.panel.widthOf(byId("layer"));
    const scale = width / at.side;
    const inside = ([x, y]) => [x * scale, y * scale + BELOW];
    const cut = share === 1 && readout ? nearestCut(at, readout, [0.7 * at.side, 0.12 * at.side]) : null;
    byId("name-cuts").hidden = !cut;
    arrow("to-plane", [0.2 * width, BELOW - 6], inside(nearestPoint(places, [0.2 * at.side, 0.1 * at.side])));
    arrow("to-cuts", [0.7 * width, BELOW - 6], cut && inside(cut));
  }

  function arrow(id, from, to) {
    if (!to) return byId(id).setAttribute("d", "");
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy) || 1;
    const [ux, uy] = [dx / length, dy / length];
    const tip = [to[0] - 3 * ux, to[1] - 3 * uy];
    const wing = (side) => [tip[0] - HEAD * (ux - side * 0.5 * uy), tip[1] - HEAD * (uy + side * 0.5 * ux)];
    const said = (place) => place.map((value) => value.toFixed(1)).join(" ");
    byId(id).setAttribute("d", `M${said(from)}L${said(tip)}M${said(wing(1))}L${said(tip)}L${said(wing(-1))}`);
  }

  function nearestPoint(places, [x, y]) {
    let best = [Infinity];
    for (let n = 0; n < places.length; n += 2) {
      const distance = (places[n] - x) ** 2 + (places[n + 1] - y) ** 2;
      if (distance < best[0]) best = [distance, n];
    }
    return best.length > 1 ? [places[best[1]], places[best[1] + 1]] : null;
  }

  /** The place on a border between two regions that is nearest to another one. */
  function nearestCut(at, readout, [x, y]) {
    const [left, right] = at.across;
    const [bottom, top] = at.upright;
    let best = [Infinity, null];
    for (const polygon of spiral.regions.polygons(readout, left, bottom, right, top)) {
      for (let i = 0; i < polygon.length; i += 2) {
        const j = (i + 2) % polygon.length;
        const [a, b] = [[polygon[i], polygon[i + 1]], [polygon[j], polygon[j + 1]]];
        const rim = [[0, left], [0, right], [1, bottom], [1, top]];
        if (rim.some(([axis, limit]) => Math.abs(a[axis] - limit) + Math.abs(b[axis] - limit) < 1e-9)) continue;
        const found = nearestOn([at.x(a[0]), at.y(a[1])], [at.x(b[0]), at.y(b[1])], [x, y]);
        const within = found.every((value) => value > LEAST * at.side && value < (1 - LEAST) * at.side);
        const distance = Math.hypot(found[0] - x, found[1] - y);
        if (within && distance < best[0]) best = [distance, found];
      }
    }
    return best[1];
  }

  function nearestOn(a, b, place) {
    const way = [b[0] - a[0], b[1] - a[1]];
    const square = way[0] ** 2 + way[1] ** 2 || 1;
    const share = ((place[0] - a[0]) * way[0] + (place[1] - a[1]) * way[1]) / square;
    const held = Math.min(Math.max(share, 0.08), 0.92);
    return [a[0] + held * way[0], a[1] + held * way[1]];
  }

  return { show, draw };
})();
