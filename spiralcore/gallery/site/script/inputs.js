"use strict";
// Points of the plane of the data on a canvas that is clear elsewhere; they lie still.

spiral.inputs = (() => {
  function draw(brush, side, samples, radius) {
    const { theme } = spiral;
    const { inputs, order, reach } = samples;
    const inks = spiral.inks.of(samples);
    brush.clearRect(0, 0, side, side);
    brush.strokeStyle = theme.colours().background;
    brush.lineWidth = 2 * Math.min(1.4, 0.28 * radius);
    const scale = side / (2 * reach);
    for (const point of order) {
      const x = (inputs[2 * point] + reach) * scale;
      const y = side - (inputs[2 * point + 1] + reach) * scale;
      brush.beginPath();
      brush.arc(x, y, radius, 0, 2 * Math.PI);
      brush.stroke();
      brush.fillStyle = inks.colour(inks.codes[point]);
      brush.fill();
      mark(brush, inks.mark(inks.codes[point]), x, y, radius);
    }
  }

  function mark(brush, which, x, y, radius) {
    if (!which) return;
    const [hole, slit] = [spiral.discs.HOLE * radius, spiral.discs.SLIT * radius];
    brush.fillStyle = spiral.theme.colours().background;
    brush.beginPath();
    if (which === 1) brush.arc(x, y, hole, 0, 2 * Math.PI);
    else if (which === 2) brush.rect(x - radius, y - slit, 2 * radius, 2 * slit);
    else brush.rect(x - slit, y - radius, 2 * slit, 2 * radius);
    brush.fill();
  }

  return { draw, mark };
})();
