"use strict";
// Reads what `spiralcore/gallery/coding.py` writes: differences along the last axis, signs in the
// lowest bits, low bytes before high ones.

spiral.coding = (() => {
  /** The whole numbers, Int16Array, in the same order; `order` 1 or 2 as when they were written. */
  function decoded(array, order) {
    const length = array.shape[array.shape.length - 1];
    const count = array.data.length / 2;
    const { data } = array;
    const found = new Int16Array(count);
    for (let start = 0; start < count; start += length) {
      let value = 0;
      let step = 0;
      for (let i = start; i < start + length; i++) {
        const folded = data[i] | (data[count + i] << 8);
        const change = (folded >>> 1) ^ -(folded & 1);
        if (order === 2) {
          step = ((step + change) << 16) >> 16;
          value += step;
        } else {
          value += change;
        }
        value = (value << 16) >> 16;
        found[i] = value;
      }
    }
    return found;
  }

  /** Series one after the other, `length` values each, turned into pictures one after the other. */
  function pictures(series, length, kind, translate) {
    const count = series.length / length;
    const found = new kind(series.length);
    for (let i = 0; i < count; i++) {
      for (let t = 0; t < length; t++) {
        const value = series[i * length + t];
        found[t * count + i] = translate ? translate(value) : value;
      }
    }
    return found;
  }

  /** A path of the layer, picture after picture, Float32Array: see `live.py`. */
  function path(array) {
    if (array.shape[0] !== 2 || array.shape.length !== 4) return array.data;
    const halves = spiral.header.halfTable();
    const series = decoded(array, 1);
    return pictures(series, array.shape[3], Float32Array, (code) =>
      code < 0 ? halves[-code | 0x8000] : halves[code],
    );
  }

  const KNOT = 2 ** -20;

  /** Numbers that do not fall, from how many of the smallest steps each is above the one before. */
  function knots(codes) {
    let sum = 0;
    return Float64Array.from(codes, (code) => (sum += code) * KNOT);
  }

  return { knots, decoded, pictures, path };
})();
