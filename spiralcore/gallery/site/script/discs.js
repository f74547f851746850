"use strict";
// Discs, many and fast: each is stamped into the pixels from a picture of it that was drawn once
// for each class and for sixteen places within a pixel.

spiral.discs = (() => {
  const PARTS = 4; // places within a pixel, on each axis
  const known = new Map();

  /** How much of a pixel is inside of a circle, by the distance of its middle from the border. */
  function coverage(distance, radius) {
    return Math.min(Math.max(radius - distance + 0.5, 0), 1);
  }

  const HOLE = 0.55; // radius of a hole in a disc, and half the width of a bar, as parts of its radius
  const SLIT = 0.2;

  /** How much of a pixel a mark takes, see `spiral.theme.markOf`; it has the colour of the outline. */
  function cut(mark, x, y, radius) {
    if (!mark) return 0;
    if (mark === 1) return coverage(Math.hypot(x, y), HOLE * radius);
    return coverage(Math.abs(mark === 2 ? y : x), SLIT * radius);
  }

  function stampOf(colour, mark, outline, radius, width, right, down) {
    const size = 2 * Math.ceil(radius + width + 1) + 1;
    const middle = (size - 1) / 2;
    const pixels = new Uint32Array(size * size); // premultiplied, blue, green, red
    const rest = new Uint8Array(size * size); // how much of what is below is seen
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const distance = Math.hypot(x - middle - right, y - middle - down);
        const whole = coverage(distance, radius + width);
        const fill = whole ? Math.min(coverage(distance, radius), whole) : 0;
        const inner = fill * (1 - cut(mark, x - middle - right, y - middle - down, radius));
        const channel = (i) => Math.round(colour[i] * inner + outline[i] * (whole - inner));
        pixels[y * size + x] = channel(0) | (channel(1) << 8) | (channel(2) << 16);
        rest[y * size + x] = Math.floor(255 * (1 - whole));
      }
    }
    return { size, middle, pixels, rest, ...spans(rest, size) };
  }

  /** The part of each line of a stamp that is not empty. */
  function spans(rest, size) {
    const starts = new Uint8Array(size).fill(size);
    const ends = new Uint8Array(size);
    for (let i = 0; i < size * size; i++) {
      if (rest[i] === 255) continue;
      const line = Math.floor(i / size);
      starts[line] = Math.min(starts[line], i % size);
      ends[line] = (i % size) + 1;
    }
    return { starts, ends };
  }

  /** Stamps of all colours, see `spiral.inks`: an array of PARTS * PARTS for each. */
  function stamps(inks, radius, width, ring) {
    const { theme } = spiral;
    const outline = theme.rgb(ring || theme.colours().background);
    const key = `${theme.name()} ${inks.name} ${inks.count} ${radius} ${width} ${outline}`;
    if (!known.has(key)) {
      if (known.size > 40) known.clear();
      const found = [];
      for (let code = 0; code < inks.count; code++) {
        const colour = theme.rgb(inks.colour(code));
        for (let i = 0; i < PARTS * PARTS; i++) {
          const right = ((i % PARTS) + 0.5) / PARTS - 0.5;
          const down = (Math.floor(i / PARTS) + 0.5) / PARTS - 0.5;
          found.push(stampOf(colour, inks.mark(code), outline, radius, width, right, down));
        }
      }
      known.set(key, found);
    }
    return known.get(key);
  }

  /**
   * Draw points into pixels that are opaque.
   *
   * @param image ImageData
   * @param places x and y of each point in pixels, one after the other
   * @param codes which colour each has
   * @param order which to draw when
   */
  function draw(image, places, codes, order, found) {
    const { width, height } = image;
    const target = new Uint32Array(image.data.buffer);
    for (let i = 0; i < order.length; i++) {
      const point = order[i];
      const x = places[2 * point];
      const y = places[2 * point + 1];
      const column = Math.floor(x);
      const row = Math.floor(y);
      const part = ((y - row) * PARTS | 0) * PARTS + ((x - column) * PARTS | 0);
      const stamp = found[codes[point] * PARTS * PARTS + part];
      const { size, middle, pixels, rest, starts, ends } = stamp;
      const left = column - middle;
      const top = row - middle;
      if (!(left + size > 0 && left < width && top + size > 0 && top < height)) continue;
      const bottom = Math.min(height - top, size);
      for (let v = Math.max(-top, 0); v < bottom; v++) {
        const first = Math.max(starts[v], -left);
        const last = Math.min(ends[v], width - left);
        let from = v * size + first;
        let to = (top + v) * width + left + first;
        for (let u = first; u < last; u++, from++, to++) {
          const share = rest[from];
          const below = target[to];
          const odd = (Math.imul(below & 0xff00ff, share) >>> 8) & 0xff00ff;
          const even = (Math.imul((below >>> 8) & 0xff, share) >>> 8) << 8;
          target[to] = (0xff000000 | (pixels[from] + odd + even)) >>> 0;
        }
      }
    }
  }

  /** A fixed, mixed order, so that no class hides the others. */
  function mixed(count) {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    let state = 1;
    for (let i = count - 1; i > 0; i--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const j = Math.floor((state / 2 ** 32) * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  return { stamps, draw, mixed, HOLE, SLIT };
})();
