"use strict";
// The activation functions of `spiralcore/registry/activations.py` on layers of 32-bit numbers: each
// step is rounded as `core.c` rounds it, so that both give the same bits. The page shows the way
// through the layers with them, too.

spiral.activations = (() => {
  const { exp32: exp, log1p, normal, tanh } = spiral.arithmetic;
  const { fround } = Math;
  const LEAK = fround(0.01);
  const LEAST = fround(1e-6);
  const DENSITY = 0.3989422804014327;

  /** One that looks at one unit at a time: its value at x, and its slope by x and the value. */
  function each(value, slope) {
    return {
      apply(before, after, count) {
        for (let i = 0; i < count; i++) after[i] = value(before[i]);
      },
      pullBack(gradient, before, after, count) {
        for (let i = 0; i < count; i++) gradient[i] = slope(gradient[i], before[i], after[i]);
      },
    };
  }

  /** One that looks at whole rows, of `width` units, by their length. */
  function rows(value, slope) {
    return {
      radial: true,
      apply(before, after, count, width) {
        for (let i = 0; i < count; i += width) value(before, after, i, i + width, length(before, i, i + width));
      },
      pullBack(gradient, before, after, count, width) {
        for (let i = 0; i < count; i += width) slope(gradient, before, after, i, i + width, length(before, i, i + width));
      },
    };
  }

  function length(x, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum = fround(sum + fround(x[i] * x[i]));
    const found = fround(Math.sqrt(sum));
    return found < LEAST ? LEAST : found;
  }

  /** How much of a gradient points the way that rows point: the scalar product. */
  function along(gradient, ways, from, to, norm) {
    const part = (i) => fround(gradient[i] * fround(ways[i] / norm));
    let sum = part(from);
    for (let i = from + 1; i < to; i++) sum = fround(sum + part(i));
    return sum;
  }

  const disk = rows(
    (before, after, from, to, norm) => {
      const scale = fround(tanh(norm) / norm);
      for (let i = from; i < to; i++) after[i] = fround(before[i] * scale);
    },
    (gradient, before, after, from, to, norm) => {
      const reached = tanh(norm);
      const across = fround(reached / norm);
      const rest = fround(along(gradient, before, from, to, norm) * fround(fround(1 - fround(reached * reached)) - across));
      for (let i = from; i < to; i++) gradient[i] = fround(fround(gradient[i] * across) + fround(fround(before[i] / norm) * rest));
    },
  );

  const sphere = rows(
    (before, after, from, to, norm) => {
      for (let i = from; i < to; i++) after[i] = fround(before[i] / norm);
    },
    (gradient, before, after, from, to, norm) => {
      const outwards = along(gradient, after, from, to, 1);
      for (let i = from; i < to; i++) gradient[i] = fround(fround(gradient[i] - fround(after[i] * outwards)) / norm);
    },
  );

  const TABLE = {
    tanh: each(tanh, (g, x, v) => fround(g * fround(1 - fround(v * v)))),
    relu: each((x) => (x > 0 ? x : 0), (g, x, v) => (v > 0 ? g : 0)),
    sigmoid: each(
      (x) => fround(0.5 * fround(1 + tanh(fround(0.5 * x)))),
      (g, x, v) => fround(fround(g * v) * fround(1 - v)),
    ),
    hardtanh: each((x) => (x > 1 ? 1 : x < -1 ? -1 : x), (g, x, v) => (v < 1 && v > -1 ? g : 0)),
    leaky_relu: each((x) => (x > 0 ? x : fround(LEAK * x)), (g, x, v) => (v > 0 ? g : fround(g * LEAK))),
    gelu: each(
      (x) => fround(x * normal(x)),
      (g, x) => fround(g * (normal(x) + x * (exp(-0.5 * x * x) * DENSITY))),
    ),
    softplus: each(
      (x) => fround((x > 0 ? x : 0) + log1p(exp(x > 0 ? -x : x))),
      (g, x, v) => fround(g * (1 - exp(-v))),
    ),
    disk,
    ball: disk,
    sphere,
  };
  const NAMES = Object.keys(TABLE);

  /** The activation of each hidden layer: that of the drawn ones, and of the others. */
  function ofLayers(widths, name) {
    const inner = TABLE[name].radial ? "tanh" : name;
    return widths.map((width) => (width === 2 ? name : inner));
  }

  return { TABLE, NAMES, ofLayers };
})();
