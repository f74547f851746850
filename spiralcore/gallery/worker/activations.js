"use strict";
// The activation functions of `spiralcore/registry/activations.py` on layers of 32-bit numbers: each
// step is rounded as `core.c` rounds it, so that both give the same bits.

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

  /** One that looks at pairs of units by their length. */
  function pairs(value, slope) {
    return {
      radial: true,
      apply(before, after, count) {
        for (let i = 0; i < count; i += 2) value(before, after, i, length(before, i));
      },
      pullBack(gradient, before, after, count) {
        for (let i = 0; i < count; i += 2) slope(gradient, before, after, i, length(before, i));
      },
    };
  }

  function length(x, i) {
    const found = fround(Math.sqrt(fround(fround(x[i] * x[i]) + fround(x[i + 1] * x[i + 1]))));
    return found < LEAST ? LEAST : found;
  }

  const disk = pairs(
    (before, after, i, norm) => {
      const scale = fround(tanh(norm) / norm);
      after[i] = fround(before[i] * scale);
      after[i + 1] = fround(before[i + 1] * scale);
    },
    (gradient, before, after, i, norm) => {
      const reached = tanh(norm);
      const [x, y] = [fround(before[i] / norm), fround(before[i + 1] / norm)];
      const along = fround(fround(gradient[i] * x) + fround(gradient[i + 1] * y));
      const across = fround(reached / norm);
      const rest = fround(along * fround(fround(1 - fround(reached * reached)) - across));
      gradient[i] = fround(fround(gradient[i] * across) + fround(x * rest));
      gradient[i + 1] = fround(fround(gradient[i + 1] * across) + fround(y * rest));
    },
  );

  const sphere = pairs(
    (before, after, i, norm) => {
      after[i] = fround(before[i] / norm);
      after[i + 1] = fround(before[i + 1] / norm);
    },
    (gradient, before, after, i, norm) => {
      const along = fround(fround(gradient[i] * after[i]) + fround(gradient[i + 1] * after[i + 1]));
      gradient[i] = fround(fround(gradient[i] - fround(after[i] * along)) / norm);
      gradient[i + 1] = fround(fround(gradient[i + 1] - fround(after[i + 1] * along)) / norm);
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
