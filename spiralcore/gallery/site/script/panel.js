"use strict";
// A panel: the plane of a hidden layer with its regions, border or axes, and points.

spiral.panel = (() => {
  // Asking for a width makes the browser lay out the page; so it is asked when it has changed only.
  const widths = new WeakMap();
  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) widths.set(target, contentRect.width);
    spiral.clock.schedule();
  });

  /** Width of a canvas on screen, at least 1. */
  function widthOf(canvas) {
    if (!widths.has(canvas)) {
      widths.set(canvas, canvas.getBoundingClientRect().width);
      observer.observe(canvas);
    }
    return Math.max(widths.get(canvas), 1);
  }

  let finer = 0;

  /** Pixels of a canvas for one of the page: those of the screen. */
  function ratio() {
    return finer || Math.min(devicePixelRatio, 2);
  }

  /** Draw finer than the screen needs it; 0 for as usual. */
  function refine(wanted) {
    finer = wanted;
  }

  /** Fit the pixels of a canvas to those of the screen, or to whole ones of the page; their number. */
  function fitted(canvas, coarse = false) {
    const side = Math.round(widthOf(canvas) * (coarse ? 1 : ratio()));
    if (canvas.width !== side || canvas.height !== side) Object.assign(canvas, { width: side, height: side });
    return side;
  }

  /** A canvas in main memory: pixels are read from it, and others lose them on paper. */
  function context(canvas) {
    return canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  }

  /** The same of one that lies over another. */
  function clear(canvas) {
    return canvas.getContext("2d", { willReadFrequently: true });
  }

  /** On paper nothing is seen through a canvas: then those that lie over another are drawn into it. */
  function flatten(brush, ...above) {
    if (!spiral.printing.now()) return;
    const { width, height } = brush.canvas;
    for (const canvas of above) brush.drawImage(canvas, 0, 0, width, height);
  }

  /**
   * Pixels of a plane.
   *
   * @param limits lower and upper limit of the horizontal axis
   * @param rise how much higher those of the vertical one are
   */
  function plane(side, limits, rise, space) {
    const [lower, upper] = limits;
    const scale = side / (upper - lower);
    const inside = (add) => [
      space.lower === null ? lower + add : Math.max(lower + add, space.lower),
      space.upper === null ? upper + add : Math.min(upper + add, space.upper),
    ];
    return {
      side,
      limits,
      rise,
      scale,
      space,
      x: (value) => (value - lower) * scale,
      y: (value) => side - (value - lower - rise) * scale,
      across: inside(0),
      upright: inside(rise),
    };
  }

  function background(brush, side) {
    brush.fillStyle = spiral.theme.colours().panel;
    brush.fillRect(0, 0, side, side);
  }

  /** Decision regions; `readout` holds slopes and offset of each class. */
  function regions(brush, at, readout, thickness) {
    const [left, right] = at.across;
    const [bottom, top] = at.upright;
    const { theme } = spiral;
    brush.save();
    if (at.space.round) {
      brush.beginPath();
      brush.arc(at.x(0), at.y(0), at.scale, 0, 2 * Math.PI);
      brush.clip();
    }
    const outlines = new Path2D();
    spiral.regions.polygons(readout, left, bottom, right, top).forEach((polygon, label) => {
      if (!polygon.length) return;
      const path = new Path2D();
      for (let i = 0; i < polygon.length; i += 2) path.lineTo(at.x(polygon[i]), at.y(polygon[i + 1]));
      path.closePath();
      brush.fillStyle = `rgb(${theme.ofRegion(label).join(" ")})`;
      brush.fill(path);
      outlines.addPath(path);
    });
    brush.globalAlpha = 0.6;
    brush.strokeStyle = theme.colours().background;
    brush.lineWidth = thickness;
    brush.stroke(outlines);
    brush.restore();
  }

  /** The border of the space, or its axes with numbers of a size in pixels; 0 for none. */
  function frame(brush, at, line, size) {
    const { ink, faint } = spiral.theme.colours();
    const { space } = at;
    brush.save();
    brush.globalAlpha = 0.75;
    brush.strokeStyle = ink;
    brush.lineWidth = line;
    const [left, right] = at.across.map(at.x);
    const [bottom, top] = at.upright.map(at.y);
    brush.beginPath();
    if (space.round) {
      brush.arc(at.x(0), at.y(0), at.scale, 0, 2 * Math.PI);
    } else if (space.lower !== null && space.upper !== null) {
      brush.rect(left, top, right - left, bottom - top);
    } else {
      const x = space.lower === null ? at.x(0) : left;
      const y = space.lower === null ? at.y(0) : bottom;
      brush.moveTo(x, top);
      brush.lineTo(x, bottom);
      brush.moveTo(left, y);
      brush.lineTo(right, y);
    }
    brush.stroke();
    if (!space.round && space.upper === null && size > 0) {
      const y = space.lower === null ? at.y(0) : bottom;
      numbers(brush, at, y, line, size, faint);
    }
    brush.restore();
  }

  function numbers(brush, at, axis, line, size, colour) {
    const [lower, upper] = at.limits;
    const wanted = ((upper - lower) * 3.3 * size) / at.side;
    brush.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    brush.textAlign = "center";
    brush.textBaseline = "top";
    for (const [value, opacity] of spiral.ticks.numbers(wanted, upper)) {
      const text = String(value);
      const x = at.x(value);
      if (x + brush.measureText(text).width / 2 > at.side - 2) continue;
      brush.globalAlpha = opacity;
      brush.fillStyle = colour;
      brush.fillRect(x - line / 2, axis, line, 0.25 * size);
      brush.fillText(text, x, axis + 0.3 * size);
    }
  }

  /** Points of a path on top of what was drawn, in some order. */
  function points(brush, side, places, path, radius, order = path.order) {
    const image = brush.getImageData(0, 0, side, side);
    const inks = spiral.inks.of(path);
    const stamps = spiral.discs.stamps(inks, radius, Math.min(1.4, 0.28 * radius));
    spiral.discs.draw(image, places, inks.codes, order, stamps);
    brush.putImageData(image, 0, 0);
  }

  return { ratio, refine, fitted, widthOf, context, clear, flatten, plane, background, regions, frame, points };
})();
