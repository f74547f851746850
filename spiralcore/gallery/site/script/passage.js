"use strict";
// The way of points through a trained network, as one continuous picture in the plane: the same as
// `spiralcore/analysis/network/passage.py`, where it is explained.

spiral.passage = (() => {
  const PARTS = 3; // of each layer: weights, biases, activation
  const OWN = 2; // layers of up to so many units are shown as they are
  const LARGEST_DRAWN = 3;
  const { TABLE } = spiral.activations;
  const TURNS = 400; // of the power iteration

  /** The activation of each hidden layer by its name, see `layers.py`; null where one is unknown. */
  function activationsOf(widths, own, inner) {
    const last = widths.length - 1;
    const other = inner ?? (TABLE[own]?.radial ? "tanh" : own);
    const found = widths.map((width, i) =>
      i === last || (width === widths[last] && width <= LARGEST_DRAWN) ? own : other,
    );
    return found.every((name) => Object.hasOwn(TABLE, name)) ? found : null;
  }

  class Passage {
    /**
     * @param network {widths, activations} of the hidden layers
     * @param parameters of one network: all weights, layer by layer, then all biases
     * @param inputs x and y of points
     */
    constructor({ widths, activations }, parameters, inputs) {
      Object.assign(this, { widths, activations, parameters });
      this.sizes = [2, ...widths];
      const weights = [...widths.keys()].map((i) => this.sizes[i] * this.sizes[i + 1]);
      const classes = (parameters.length - weights.reduce((a, b) => a + b, 0) - widths.reduce((a, b) => a + b, 0)) / (widths[widths.length - 1] + 1);
      this.classes = classes;
      this.steps = PARTS * widths.length;
      this.axes = [];
      this.turns = [];
      let before = Float64Array.from(inputs);
      let value = before;
      widths.forEach((width, i) => {
        const { linear, biased, bent } = this.layer(value, i);
        const wide = width > OWN;
        const axes = wide ? aligned(principal([biased, bent], width), linear, before, width) : null;
        const shown = project(linear, axes, width);
        this.axes.push(axes);
        this.turns.push(wide ? 0 : turnOf(before, shown));
        value = bent;
        before = project(bent, axes, width);
      });
    }

    /** What a layer makes of rows: after its weights, after its biases, after its activation. */
    layer(rows, i) {
      const [from, to] = [this.sizes[i], this.sizes[i + 1]];
      const all = [...this.sizes, this.classes];
      let start = 0;
      for (let k = 0; k < i; k++) start += all[k] * all[k + 1];
      let bias = 0;
      for (let k = 0; k + 1 < all.length; k++) bias += all[k] * all[k + 1];
      for (let k = 0; k < i; k++) bias += all[k + 1];
      const count = rows.length / from;
      const linear = new Float64Array(count * to);
      for (let n = 0; n < count; n++) {
        for (let a = 0; a < from; a++) {
          const value = rows[n * from + a];
          const row = start + a * to;
          for (let b = 0; b < to; b++) linear[n * to + b] += value * this.parameters[row + b];
        }
      }
      const biased = linear.map((value, n) => value + this.parameters[bias + (n % to)]);
      const bent = new Float64Array(biased.length);
      TABLE[this.activations[i]].apply(biased, bent, bent.length, to);
      return { linear, biased, bent };
    }

    /**
     * The read-out of this very network, slopes and offset of each class; null where its last
     * hidden layer is not a plane, or it tells other things apart than these classes.
     */
    readout(classes) {
      if (this.widths[this.widths.length - 1] !== OWN || this.classes !== classes) return null;
      const sizes = [...this.sizes, classes];
      const weights = sizes.slice(1).reduce((sum, size, i) => sum + sizes[i] * size, 0) - OWN * classes;
      const offsets = this.parameters.length - classes;
      const value = (k) => [this.parameters[weights + k], this.parameters[weights + classes + k], this.parameters[offsets + k]];
      return Float64Array.from(Array.from({ length: classes }, (_, k) => value(k)).flat());
    }

    /** Where points are at the end of each step: the input, then three pictures a layer. */
    pictures(inputs) {
      let value = Float64Array.from(inputs);
      const found = [value];
      this.widths.forEach((width, i) => {
        const { linear, biased, bent } = this.layer(value, i);
        for (const part of [linear, biased, bent]) found.push(project(part, this.axes[i], width));
        value = bent;
      });
      return found;
    }

    /** Where points are at any position, 0 for the input and `steps` for the last hidden layer. */
    at(position, pictures) {
      const step = Math.min(Math.max(Math.ceil(position) - 1, 0), this.steps - 1);
      const share = Math.min(Math.max(position - step, 0), 1);
      const [start, end] = [pictures[step], pictures[step + 1]];
      const turn = step % PARTS === 0 ? this.turns[step / PARTS] : 0;
      const [back, forth] = [rotation(-turn), rotation(share * turn)];
      const found = new Float64Array(start.length);
      for (let n = 0; n < start.length; n += 2) {
        const [x, y] = back(end[n], end[n + 1]);
        [found[n], found[n + 1]] = forth(start[n] + share * (x - start[n]), start[n + 1] + share * (y - start[n + 1]));
      }
      return found;
    }
  }

  function rotation(angle) {
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return (x, y) => [cosine * x - sine * y, sine * x + cosine * y];
  }

  /** The angle that lays the start on the end as well as possible, about the origin. */
  function turnOf(start, end) {
    let [along, across] = [0, 0];
    for (let n = 0; n < start.length; n += 2) {
      along += start[n] * end[n] + start[n + 1] * end[n + 1];
      across += start[n] * end[n + 1] - start[n + 1] * end[n];
    }
    return Math.atan2(across, along);
  }

  /** Rows on two axes; rows of two units are shown as they are, of one unit with 0. */
  function project(rows, axes, width) {
    if (width === OWN) return rows;
    const found = new Float64Array((2 * rows.length) / width);
    for (let n = 0; n < rows.length; n++) {
      const [row, unit] = [Math.floor(n / width), n % width];
      if (!axes) found[2 * row] = rows[n];
      else for (const axis of [0, 1]) found[2 * row + axis] += rows[n] * axes[axis][unit];
    }
    return found;
  }

  function centred(rows, width) {
    const count = rows.length / width;
    const mean = new Float64Array(width);
    rows.forEach((value, n) => (mean[n % width] += value / count));
    return rows.map((value, n) => value - mean[n % width]);
  }

  /** The two axes with the largest mean share of the variance of pictures: [axis][unit]. */
  function principal(pictures, width) {
    const sum = new Float64Array(width * width);
    for (const picture of pictures) {
      const values = centred(picture, width);
      const spread = values.reduce((all, value) => all + value * value, 0) || 1;
      for (let n = 0; n < values.length; n += width) {
        for (let a = 0; a < width; a++) {
          const value = values[n + a] / spread;
          for (let b = 0; b <= a; b++) sum[a * width + b] += value * values[n + b];
        }
      }
    }
    for (let a = 0; a < width; a++) for (let b = 0; b < a; b++) sum[b * width + a] = sum[a * width + b];
    // Both at once, orthogonal at each turn.
    const axes = [0, 1].map((k) => Float64Array.from({ length: width }, (_, i) => Math.cos(1 + i * (k + 1) * 1.7)));
    let change = 1;
    for (let turn = 0; turn < TURNS && change > 1e-9; turn++) {
      change = 0;
      axes.forEach((axis, k) => {
        const next = new Float64Array(width);
        for (let a = 0; a < width; a++) for (let b = 0; b < width; b++) next[a] += sum[a * width + b] * axis[b];
        if (k) {
          const along = next.reduce((all, value, i) => all + value * axes[0][i], 0);
          next.forEach((_, i) => (next[i] -= along * axes[0][i]));
        }
        const length = Math.hypot(...next) || 1;
        const found = next.map((value) => value / length);
        change = found.reduce((most, value, i) => Math.max(most, Math.abs(value - axis[i])), change);
        axes[k] = found;
      });
    }
    return axes;
  }

  /** Axes turned so that the picture on them lies on the one before: Schönemann 1966, in the plane. */
  function aligned(axes, rows, reference, width) {
    const picture = centred(project(rows, axes, width), 2);
    const other = centred(reference, 2);
    const m = [0, 0, 0, 0]; // picture transposed times reference
    for (let n = 0; n < picture.length; n += 2) {
      m[0] += picture[n] * other[n];
      m[1] += picture[n] * other[n + 1];
      m[2] += picture[n + 1] * other[n];
      m[3] += picture[n + 1] * other[n + 1];
    }
    // The nearest orthogonal matrix of m: a rotation or a reflection, whichever is nearer.
    const straight = [m[0] + m[3], m[1] - m[2]];
    const mirrored = [m[0] - m[3], m[1] + m[2]];
    const turned = Math.hypot(...straight) >= Math.hypot(...mirrored);
    const [cosine, sine] = turned ? straight : mirrored;
    const length = Math.hypot(cosine, sine) || 1;
    const [c, s] = [cosine / length, sine / length];
    const q = turned ? [c, s, -s, c] : [c, s, s, -c];
    return [0, 1].map((k) => axes[0].map((value, i) => value * q[k] + axes[1][i] * q[2 + k]));
  }

  return { Passage, PARTS, activationsOf };
})();
