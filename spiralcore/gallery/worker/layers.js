"use strict";
// A network of 32-bit numbers in plain JavaScript: what `core.c` does, number by number in the same
// order, so that both give the same bits. For browsers without WebAssembly, and to check it.

spiral.layers = (() => {
  const { fround } = Math;
  const { exp32, log32 } = spiral.arithmetic;

  class PlainCore {
    /**
     * @param sizes inputs, hidden widths and classes
     * @param names of the activations of the hidden layers
     * @param points how many
     */
    constructor(sizes, names, points) {
      this.sizes = sizes;
      this.points = points;
      this.rules = names.map((name) => spiral.activations.TABLE[name]);
      const shapes = sizes.slice(1).map((to, i) => [sizes[i], to]);
      this.weightCount = shapes.reduce((sum, [from, to]) => sum + from * to, 0);
      this.count = this.weightCount + shapes.reduce((sum, [, to]) => sum + to, 0);
      for (const name of ["parameters", "gradient", "first", "second"]) this[name] = new Float32Array(this.count);
      this.weights = views(this.parameters, shapes);
      this.gradients = views(this.gradient, shapes);
      this.inputs = new Float32Array(2 * points);
      this.labels = new Int32Array(points);
      this.before = sizes.slice(1).map((width) => new Float32Array(points * width));
      this.after = sizes.slice(1).map((width) => new Float32Array(points * width));
      this.slopes = sizes.slice(1).map((width) => new Float32Array(points * width));
    }

    /** Take points: x and y of each, and their classes. */
    put({ inputs, labels }) {
      this.inputs.set(inputs);
      if (labels) this.labels.set(labels);
    }

    /** Set one of `parameters`, `first` and `second`, the moments of Adam; flat as in `Network`. */
    write(name, values) {
      this[name].set(values);
    }

    /** A copy of one of them. */
    read(name) {
      return this[name].slice();
    }

    /** The read-out: slopes and offset of each class. */
    head() {
      const [weight, bias] = this.weights[this.weights.length - 1];
      return Float32Array.from({ length: 3 * bias.length }, (_, i) => {
        const k = Math.floor(i / 3);
        return i % 3 === 2 ? bias[k] : weight[(i % 3) * bias.length + k];
      });
    }

    forward() {
      const { sizes, points } = this;
      let value = this.inputs;
      for (let l = 0; l + 1 < sizes.length; l++) {
        const [weight, bias] = this.weights[l];
        product(value, weight, bias, this.before[l], points, sizes[l], sizes[l + 1]);
        if (l < this.rules.length) this.rules[l].apply(this.before[l], this.after[l], points * sizes[l + 1], sizes[l + 1]);
        value = this.after[l];
      }
    }

    /** {entropy: mean cross-entropy, correct: points recognised}; writes the slope of the logits. */
    loss() {
      const last = this.sizes.length - 2;
      const classes = this.sizes[last + 1];
      const [logits, slope] = [this.before[last], this.slopes[last]];
      let entropy = 0;
      let correct = 0;
      for (let n = 0; n < this.points; n++) {
        const at = n * classes;
        let best = 0;
        for (let k = 1; k < classes; k++) if (logits[at + k] > logits[at + best]) best = k;
        const most = logits[at + best];
        let total = 0;
        for (let k = 0; k < classes; k++) {
          const share = exp32(fround(logits[at + k] - most));
          slope[at + k] = share < 1e-30 ? 0 : share;
          total = fround(total + slope[at + k]);
        }
        const label = this.labels[n];
        entropy += log32(total) - fround(logits[at + label] - most);
        if (best === label) correct++;
        const share = fround(1 / fround(total * this.points));
        for (let k = 0; k < classes; k++) slope[at + k] = fround(slope[at + k] * share);
        slope[at + label] = fround(slope[at + label] - fround(1 / this.points));
      }
      return { entropy: entropy / this.points, correct };
    }

    backward() {
      const { sizes, points } = this;
      for (let l = sizes.length - 2; l >= 0; l--) {
        const [from, to] = [sizes[l], sizes[l + 1]];
        const value = l ? this.after[l - 1] : this.inputs;
        const [weight, bias] = this.gradients[l];
        gather(value, this.slopes[l], weight, bias, points, from, to);
        if (!l) break;
        back(this.slopes[l], this.weights[l][0], this.slopes[l - 1], points, from, to);
        this.rules[l - 1].pullBack(this.slopes[l - 1], this.before[l - 1], value, points * from, from);
      }
    }

    /**
     * One step of Adam with L2, see `spiralcore/training/kernels.py`.
     *
     * @param rate learning rate over 1 - 0.9^step
     * @param correction 1 / sqrt(1 - 0.999^step)
     */
    adam(rate, correction, l2) {
      const [KEEP1, KEEP2, NEW1, NEW2, LEAST] = [0.9, 0.999, 1 - 0.9, 1 - 0.999, 1e-8].map(fround);
      const [step, unbias, pull] = [rate, correction, l2].map(fround);
      const { parameters, gradient, first, second } = this;
      for (let i = 0; i < this.count; i++) {
        const slope = i < this.weightCount ? fround(gradient[i] + fround(pull * parameters[i])) : gradient[i];
        first[i] = flushed(fround(fround(KEEP1 * first[i]) + fround(NEW1 * slope)));
        second[i] = flushed(fround(fround(KEEP2 * second[i]) + fround(fround(NEW2 * slope) * slope)));
        const root = fround(fround(fround(Math.sqrt(second[i])) * unbias) + LEAST);
        parameters[i] = flushed(fround(parameters[i] - fround(fround(step * first[i]) / root)));
      }
    }

    /** The sum of the squared weights. */
    squares() {
      let sum = 0;
      for (let i = 0; i < this.weightCount; i++) sum += this.parameters[i] * this.parameters[i];
      return sum;
    }

    /** The drawn layer, x and y of each point; overwritten by the next epoch. */
    hidden() {
      return this.after[this.sizes.length - 3];
    }

    /** The drawn layer before its activation. */
    bare() {
      return this.before[this.sizes.length - 3];
    }
  }

  /** Numbers so small that processors take many times as long for them are 0. */
  function flushed(value) {
    return value < 1e-37 && value > -1e-37 ? 0 : value;
  }

  /** Weight matrix and biases of each layer, in the memory of all parameters. */
  function views(flat, shapes) {
    let at = 0;
    const weights = shapes.map(([from, to]) => flat.subarray(at, (at += from * to)));
    return weights.map((weight, l) => [weight, flat.subarray(at, (at += shapes[l][1]))]);
  }

  // Four sums or four terms at a time: the order of each sum is the same, and memory is asked less.

  function product(value, weight, bias, target, points, from, to) {
    for (let n = 0; n < points; n++) {
      const start = n * to;
      const row = n * from;
      for (let j = 0; j < to; j++) target[start + j] = bias[j];
      add(target, start, value, row, 1, weight, 0, from, to);
    }
  }

  function gather(value, slope, weight, bias, points, from, to) {
    bias.fill(0);
    for (let n = 0; n < points; n++) {
      const start = n * to;
      for (let j = 0; j < to; j++) bias[j] = fround(bias[j] + slope[start + j]);
    }
    weight.fill(0);
    for (let i = 0; i < from; i++) add(weight, i * to, value, i, from, slope, 0, points, to);
  }

  /** Add `count` rows of numbers, each times a factor, to a row of `width` numbers. */
  function add(target, start, factors, first, stride, rows, row, count, width) {
    let i = 0;
    for (; i + 3 < count; i += 4) {
      const a = factors[first + i * stride];
      const b = factors[first + (i + 1) * stride];
      const c = factors[first + (i + 2) * stride];
      const d = factors[first + (i + 3) * stride];
      const line = row + i * width;
      for (let j = 0; j < width; j++) {
        let sum = fround(target[start + j] + fround(a * rows[line + j]));
        sum = fround(sum + fround(b * rows[line + width + j]));
        sum = fround(sum + fround(c * rows[line + 2 * width + j]));
        target[start + j] = fround(sum + fround(d * rows[line + 3 * width + j]));
      }
    }
    for (; i < count; i++) {
      const a = factors[first + i * stride];
      const line = row + i * width;
      for (let j = 0; j < width; j++) target[start + j] = fround(target[start + j] + fround(a * rows[line + j]));
    }
  }

  function back(slope, weight, target, points, from, to) {
    for (let n = 0; n < points; n++) {
      const start = n * to;
      const place = n * from;
      let i = 0;
      for (; i + 3 < from; i += 4) {
        let a = 0;
        let b = 0;
        let c = 0;
        let d = 0;
        const line = i * to;
        for (let j = 0; j < to; j++) {
          const x = slope[start + j];
          a = fround(a + fround(x * weight[line + j]));
          b = fround(b + fround(x * weight[line + to + j]));
          c = fround(c + fround(x * weight[line + 2 * to + j]));
          d = fround(d + fround(x * weight[line + 3 * to + j]));
        }
        target[place + i] = a;
        target[place + i + 1] = b;
        target[place + i + 2] = c;
        target[place + i + 3] = d;
      }
      for (; i < from; i++) {
        let sum = 0;
        for (let j = 0; j < to; j++) sum = fround(sum + fround(slope[start + j] * weight[i * to + j]));
        target[place + i] = sum;
      }
    }
  }

  return { PlainCore };
})();
