"use strict";
// Points of the plane of the data on a canvas that is clear elsewhere; they lie still.

spiral.inputs = (() => {
  function draw(brush, side, samples, radius) {
    const { theme } = spiral;
    const { inputs, labels, order, reach } = samples;
    brush.clearRect(0, 0, side, side);
    brush.globalAlpha = 0.85;
    brush.strokeStyle = theme.colours().background;
    brush.lineWidth = 2 * Math.min(1.4, 0.28 * radius);
    const scale = side / (2 * reach);
    for (const point of order) {
      const x = (inputs[2 * point] + reach) * scale;
      const y = side - (inputs[2 * point + 1] + reach) * scale;
      brush.beginPath();
      brush.arc(x, y, radius, 0, 2 * Math.PI);
      brush.stroke();
      brush.fillStyle = theme.ofClass(labels[point]);
      brush.fill();
    }
    brush.globalAlpha = 1;
  }

  return { draw };
})();
