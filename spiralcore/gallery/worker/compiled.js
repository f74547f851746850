"use strict";
// The core of `core.c` in WebAssembly, with the parts of `PlainCore` in `layers.js`.

spiral.compiled = (() => {
  const KINDS = ["tanh", "relu", "sigmoid", "hardtanh", "leaky_relu", "gelu", "softplus", "disk", "sphere"];
  const PAGE = 65536;

  const padded = (count) => 4 * Math.ceil(count / 4);

  /** The class of cores that a program gives; null where the browser cannot run it. */
  async function core(bytes) {
    let module;
    try {
      module = await WebAssembly.compile(bytes);
    } catch {
      return null;
    }
    return class extends CompiledCore {
      constructor(sizes, names, points) {
        super(new WebAssembly.Instance(module), sizes, names, points);
      }
    };
  }

  class CompiledCore {
    constructor(instance, sizes, names, points) {
      this.run = instance.exports;
      this.sizes = sizes;
      this.points = points;
      this.kinds = names.map((name) => KINDS.indexOf(name === "ball" ? "disk" : name));
      const shapes = sizes.slice(1).map((to, i) => [sizes[i], to]);
      this.weightCount = shapes.reduce((sum, [from, to]) => sum + from * to, 0);
      this.count = this.weightCount + shapes.reduce((sum, [, to]) => sum + to, 0);
      this.shapes = shapes;
      this.layOut();
    }

    /** Give everything its place in the memory of the program. */
    layOut() {
      const { memory, __heap_base: base } = this.run;
      let at = 16 * Math.ceil((base.value ?? base) / 16);
      const take = (numbers) => {
        const place = at;
        at += 4 * padded(numbers);
        return place;
      };
      const starts = [];
      let numbers = 0;
      for (const [from, to] of this.shapes) {
        starts.push(numbers);
        numbers += from * padded(to);
      }
      this.weights = numbers;
      for (const [, to] of this.shapes) {
        starts.push(numbers);
        numbers += padded(to);
      }
      Object.assign(this, { starts, numbers });
      this.at = Object.fromEntries(["parameters", "gradient", "first", "second"].map((name) => [name, take(numbers)]));
      this.at.inputs = take(4 * this.points);
      this.at.labels = take(this.points);
      this.at.correct = take(1);
      const each = () => this.sizes.slice(1).map((width) => take(this.points * padded(width)));
      Object.assign(this.at, { before: each(), after: each(), slopes: each() });
      this.at.turned = this.shapes.map(([from, to]) => take(to * padded(from)));
      const missing = at - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      this.floats = new Float32Array(memory.buffer);
      this.wholes = new Int32Array(memory.buffer);
    }

    /** Take points: x and y of each, and their classes. */
    put({ inputs, labels }) {
      const place = this.at.inputs / 4;
      for (let n = 0; n < this.points; n++) {
        this.floats[place + 4 * n] = inputs[2 * n];
        this.floats[place + 4 * n + 1] = inputs[2 * n + 1];
      }
      if (labels) this.wholes.set(labels, this.at.labels / 4);
    }

    /** For each row of weights, and each of biases, its place here and in the flat order: see `Network`. */
    rows(name, take) {
      let flat = 0;
      const base = this.at[name] / 4;
      this.shapes.forEach(([from, to], l) => {
        for (let i = 0; i < from; i++, flat += to) take(base + this.starts[l] + i * padded(to), flat, to);
      });
      this.shapes.forEach(([, to], l) => {
        take(base + this.starts[this.shapes.length + l], flat, to);
        flat += to;
      });
    }

    write(name, values) {
      this.rows(name, (place, flat, width) => this.floats.set(values.subarray(flat, flat + width), place));
    }

    read(name) {
      const found = new Float32Array(this.count);
      this.rows(name, (place, flat, width) => found.set(this.floats.subarray(place, place + width), flat));
      return found;
    }

    part(name, l, bias) {
      return this.at[name] + 4 * this.starts[bias ? this.shapes.length + l : l];
    }

    forward() {
      const { run, at, points } = this;
      let value = at.inputs;
      this.shapes.forEach(([from, to], l) => {
        const [wide, width] = [padded(from), padded(to)];
        run.product(value, wide, this.part("parameters", l), this.part("parameters", l, true), at.before[l], width, points, from);
        if (l < this.kinds.length) run.apply(this.kinds[l], at.before[l], at.after[l], points * width);
        value = at.after[l];
      });
    }

    loss() {
      const { run, at, points } = this;
      const last = this.shapes.length - 1;
      const classes = this.shapes[last][1];
      const entropy = run.loss(at.before[last], padded(classes), at.labels, at.slopes[last], points, classes, at.correct);
      return { entropy, correct: this.wholes[at.correct / 4] };
    }

    backward() {
      const { run, at, points } = this;
      for (let l = this.shapes.length - 1; l >= 0; l--) {
        const [from, to] = this.shapes[l];
        const [wide, width] = [padded(from), padded(to)];
        const value = l ? at.after[l - 1] : at.inputs;
        run.gather(value, wide, at.slopes[l], this.part("gradient", l), this.part("gradient", l, true), width, points, from);
        if (!l) break;
        run.turn(this.part("parameters", l), width, at.turned[l], wide, from);
        run.product(at.slopes[l], width, at.turned[l], 0, at.slopes[l - 1], wide, points, to);
        run.pull_back(this.kinds[l - 1], at.slopes[l - 1], at.before[l - 1], at.after[l - 1], points * wide);
      }
    }

    adam(rate, correction, l2) {
      const { run, at } = this;
      run.adam(at.parameters, at.gradient, at.first, at.second, this.numbers, this.weights, rate, correction, l2);
    }

    squares() {
      return this.run.squares(this.at.parameters, this.weights);
    }

    /** The read-out: slopes and offset of each class. */
    head() {
      const last = this.shapes.length - 1;
      const classes = this.shapes[last][1];
      const [weight, bias] = [this.part("parameters", last) / 4, this.part("parameters", last, true) / 4];
      const found = new Float32Array(3 * classes);
      for (let k = 0; k < classes; k++) {
        found[3 * k] = this.floats[weight + k];
        found[3 * k + 1] = this.floats[weight + padded(classes) + k];
        found[3 * k + 2] = this.floats[bias + k];
      }
      return found;
    }

    hidden() {
      return this.pairs(this.at.after[this.sizes.length - 3]);
    }

    bare() {
      return this.pairs(this.at.before[this.sizes.length - 3]);
    }

    /** Two numbers of each point, without the padding. */
    pairs(start) {
      const found = new Float32Array(2 * this.points);
      const place = start / 4;
      for (let n = 0; n < this.points; n++) {
        found[2 * n] = this.floats[place + 4 * n];
        found[2 * n + 1] = this.floats[place + 4 * n + 1];
      }
      return found;
    }
  }

  return { core };
})();
