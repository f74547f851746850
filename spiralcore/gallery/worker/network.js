"use strict";
// One training: its first weights, its epochs, its learning rate. The core below it is plain
// JavaScript or WebAssembly; both have the same parts, and give the same bits.

spiral.network = (() => {
  const LARGEST_LOSS = 1e12; // as in `spiralcore/training/trainer.py`

  /** First weights, Glorot uniform, and biases of 0: see `spiralcore/training/network.py`. */
  function firstParameters(sizes, seed, attempt) {
    const rng = new spiral.random.Generator([seed, attempt]);
    const found = [];
    for (let l = 0; l + 1 < sizes.length; l++) {
      const limit = Math.sqrt(6 / (sizes[l] + sizes[l + 1]));
      for (let i = sizes[l] * sizes[l + 1]; i > 0; i--) found.push(rng.uniform(-limit, limit));
    }
    return Float32Array.from([...found, ...new Array(sizes.slice(1).reduce((sum, width) => sum + width, 0)).fill(0)]);
  }

  class Training {
    /**
     * @param settings {widths, classes, activation, learning_rate, warm_up, l2, seed, attempt}
     * @param points {inputs, labels}
     * @param Core see `layers.js`
     * @param before a training of the same layers that this one goes on from, or null
     */
    constructor(settings, points, Core, before = null) {
      const { widths, classes, activation, seed, attempt } = settings;
      this.settings = settings;
      this.points = points;
      this.sizes = [2, ...widths, classes];
      this.names = spiral.activations.ofLayers(widths, activation);
      this.Core = Core;
      this.core = new Core(this.sizes, this.names, points.labels.length);
      this.core.put(points);
      this.epoch = before?.epoch ?? 0;
      [this.power1, this.power2] = before ? [before.power1, before.power2] : [1, 1];
      if (before) for (const name of ["parameters", "first", "second"]) this.core.write(name, before.core.read(name));
      else this.core.write("parameters", firstParameters(this.sizes, seed, attempt));
      this.look();
    }

    /** What the network makes of the points after this epoch. */
    look() {
      const { core, settings } = this;
      core.forward();
      const { entropy, correct } = core.loss();
      this.entropy = entropy;
      this.loss = entropy + (settings.l2 / 2) * core.squares();
      this.accuracy = correct / this.points.labels.length;
      if (!(this.loss < LARGEST_LOSS)) {
        const burst = { loss: this.loss, epoch: this.epoch, rate: settings.learning_rate };
        throw Object.assign(new Error(`The loss is ${burst.loss} at epoch ${burst.epoch}.`), { burst });
      }
    }

    /** One epoch: a step of Adam on all points. */
    step() {
      const { core, settings } = this;
      core.backward();
      this.power1 *= 0.9;
      this.power2 *= 0.999;
      const { learning_rate: rate, warm_up: warm, l2 } = settings;
      const now = warm > this.epoch + 1 ? (rate * (this.epoch + 1)) / warm : rate;
      core.adam(now / (1 - this.power1), 1 / Math.sqrt(1 - this.power2), l2);
      this.epoch++;
      this.look();
    }

    /** The drawn layer at any places, before its activation, unit after unit, at some parameters. */
    layerAt(places, parameters) {
      const count = places.length / 2;
      if (this.asked?.points !== count) this.asked = new this.Core(this.sizes, this.names, count);
      const { asked } = this;
      asked.put({ inputs: places });
      asked.write("parameters", parameters);
      asked.forward();
      return asked;
    }

    /** All weights in one number, FNV-1a of their bits: the same where the training was. */
    hash() {
      const bytes = new Uint8Array(this.core.read("parameters").buffer);
      let found = 0x811c9dc5;
      for (const byte of bytes) found = Math.imul(found ^ byte, 0x01000193) >>> 0;
      return found.toString(16).padStart(8, "0");
    }
  }

  return { Training, firstParameters };
})();
