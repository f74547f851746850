"use strict";
// The large panel as a drawing (.svg): regions, border and points as shapes.

spiral.vector = (() => {
  const SIDE = 720;
  const HEAD = 64;
  const MARGIN = 24;

  function escaped(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\x22/g, "&quot;");
  }

  function tag(name, attributes, inner = "") {
    const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
    const opened = `<${name}${written.join("")}`;
    return inner ? `${opened}>${inner}</${name}>` : `${opened}/>`;
  }

  /** The drawing of a stage as it was drawn last: a Blob. */
  function svg(stage, settings, title, subtitle) {
    const { at, path, places, canvas } = stage;
    const scale = SIDE / canvas.width;
    const { background, panel, ink, faint } = spiral.theme.colours();
    const said = (value) => Number(value.toFixed(2));
    const x = (value) => said(at.x(value) * scale);
    const y = (value) => said(at.y(value) * scale);
    const whole = at && settings.morph !== "data" && !spiral.layering.on(path);
    const parts = [tag("rect", { width: SIDE, height: SIDE, fill: panel })];
    if (whole && settings.regions && path.network.readout) parts.push(regions(at, stage.readout(), x, y));
    if (whole) parts.push(border(at, x, y, ink));
    const pixel = canvas.width / spiral.panel.widthOf(canvas);
    const radius = said((stage.radius(spiral.panel.widthOf(canvas), pixel) * SIDE) / canvas.width);
    const inks = spiral.inks.of(path);
    const discs = Array.from(path.order, (point) =>
      tag("circle", { cx: said(places[2 * point] * scale), cy: said(places[2 * point + 1] * scale), r: radius, fill: inks.colour(inks.codes[point]) }),
    );
    parts.push(tag("g", { stroke: background, "stroke-width": said(0.3 * radius) }, discs.join("")));
    const family = "'Source Sans 3', 'Source Sans Pro', 'Helvetica Neue', Arial, sans-serif";
    const words = [
      tag("text", { x: MARGIN, y: 36, fill: ink, "font-size": 24, "font-weight": 600 }, escaped(title)),
      tag("text", { x: MARGIN, y: 58, fill: faint, "font-size": 16 }, escaped(subtitle)),
    ];
    const size = { width: SIDE + 2 * MARGIN, height: SIDE + HEAD + 2 * MARGIN };
    const drawn = [
      tag("title", {}, escaped(`${title}, ${subtitle}`)),
      tag("rect", { ...size, fill: background }),
      tag("g", { "font-family": family }, words.join("")),
      tag("svg", { x: MARGIN, y: HEAD + MARGIN, width: SIDE, height: SIDE }, parts.join("\n")),
    ];
    const outer = tag("svg", { xmlns: "http://www.w3.org/2000/svg", ...size, viewBox: `0 0 ${size.width} ${size.height}` }, drawn.join("\n"));
    return new Blob([outer], { type: "image/svg+xml" });
  }

  function regions(at, readout, x, y) {
    const [left, right] = at.across;
    const [bottom, top] = at.upright;
    const shapes = spiral.regions.polygons(readout, left, bottom, right, top).map((polygon, label) => {
      const corners = [];
      for (let i = 0; i < polygon.length; i += 2) corners.push(`${x(polygon[i])},${y(polygon[i + 1])}`);
      const fill = `rgb(${spiral.theme.ofRegion(label).join(", ")})`;
      return corners.length ? tag("polygon", { points: corners.join(" "), fill, "data-class": label }) : "";
    });
    const clip = tag("clipPath", { id: "space" }, tag("circle", { cx: x(0), cy: y(0), r: x(1) - x(0) }));
    const group = { stroke: spiral.theme.colours().background, "stroke-width": 1.6, "stroke-opacity": 0.6 };
    return (at.space.round ? clip : "") + tag("g", at.space.round ? { ...group, "clip-path": "url(#space)" } : group, shapes.join(""));
  }

  function border(at, x, y, ink) {
    const look = { fill: "none", stroke: ink, "stroke-width": 1.4, "stroke-opacity": 0.75 };
    const { space } = at;
    const [left, right] = at.across.map(x);
    const [bottom, top] = at.upright.map(y);
    if (space.round) return tag("circle", { ...look, cx: x(0), cy: y(0), r: x(1) - x(0) });
    if (space.lower !== null && space.upper !== null) return tag("rect", { ...look, x: left, y: top, width: right - left, height: bottom - top });
    const [across, upright] = space.lower === null ? [x(0), y(0)] : [left, bottom];
    return tag("path", { ...look, d: `M${across} ${top}V${bottom}M${left} ${upright}H${right}` });
  }

  return { svg };
})();
