"use strict";
// What is kept of a run, within a limit: places at the epochs that the swing filter chooses, their
// means between, read-outs, curves, and the whole network at some epochs. It is what `spiral train`
// records, see `spiralcore/training/step_recorder.py`, without a copy of the whole run.

spiral.recorder = (() => {
  const { fround } = Math;
  const { Swing, halved } = spiral.swing;
  const TOLERANCE = 0.01;
  const LIMIT = 64e6; // bytes of all that is kept
  const NETWORKS = 16e6; // of these for whole networks
  const FILLED = 0.7; // part of the limit that is left after thinning, at most
  const MARKS = 80;
  const MOTION = 0.02;
  const SMALLEST_WIDTH = 0.5;

  /** Width of the panel that shows the points: see `panel_width` in `motion.py`. */
  function widthOf(hidden, { lower, upper }) {
    if (lower !== null && upper !== null) return fround(upper - lower);
    let [least, most] = [lower ?? 0, -Infinity];
    for (const value of hidden) {
      if (value > most) most = value;
      if (lower === null && value < least) least = value;
    }
    return fround(Math.max(fround(most - least), SMALLEST_WIDTH));
  }

  /**
   * Networks at epochs between which the points moved about as far; when there are too many, every
   * second one is dropped, and the step doubled.
   */
  class Snapshots {
    constructor(parameters) {
      this.most = Math.max(Math.min(MARKS, Math.floor(NETWORKS / (4 * parameters))), 2);
      this.step = MOTION;
      this.kept = [];
    }

    see(epoch, hidden, width, parameters) {
      if (this.last) {
        let sum = 0;
        for (let i = 0; i < hidden.length; i++) sum += (hidden[i] - this.last[i]) ** 2;
        if (Math.sqrt(sum / (hidden.length / 2)) < this.step * width) return;
      }
      this.last = hidden;
      this.kept.push({ epoch, parameters: parameters() });
      if (this.kept.length > this.most) {
        this.kept = this.kept.filter((_, i) => i % 2 === 0);
        this.step *= 2;
      }
    }

    get bytes() {
      return this.kept.reduce((sum, { parameters }) => sum + parameters.byteLength, 0);
    }
  }

  class Recorder {
    /** @param space that of the drawn layer: {lower, upper} */
    constructor(space, { tolerance = TOLERANCE, limit = LIMIT } = {}) {
      Object.assign(this, { space, tolerance, limit });
      this.kept = []; // {epoch, hidden, mean, readout, width}
      this.open = []; // the epochs since the last kept one
      this.next = 0; // which of them the filter takes next
      this.errors = []; // of each epoch that is behind, as a part of the panel's width
      this.curves = { entropy: [], loss: [], accuracy: [] };
    }

    /** Take an epoch: {epoch, hidden, readout, entropy, loss, accuracy, parameters}. */
    see({ epoch, hidden, readout, entropy, loss, accuracy, parameters }) {
      const row = { epoch, hidden: hidden.slice(), readout, width: widthOf(hidden, this.space) };
      this.snapshots ??= new Snapshots(parameters().length);
      this.snapshots.see(epoch, row.hidden, row.width, parameters);
      this.curves.entropy.push(entropy);
      this.curves.loss.push(loss);
      this.curves.accuracy.push(accuracy);
      if (!this.kept.length) {
        this.swing = new Swing(hidden.length, this.tolerance);
        this.errors.push(farthest(hidden, halved(hidden)) / row.width);
        this.keep(row, hidden);
        return;
      }
      this.open.push(row);
      this.scan();
      if (this.bytes > this.limit) this.thin();
    }

    keep({ epoch, hidden, readout, width }, mean) {
      const anchor = halved(hidden);
      this.kept.push({ epoch, hidden: anchor, mean: halved(mean), readout, width });
      this.swing.begin(epoch, anchor);
      this.next = 0;
    }

    scan() {
      while (this.next < this.open.length) {
        const { epoch, hidden, width } = this.open[this.next++];
        if (this.swing.see(epoch, hidden, width)) this.close();
      }
    }

    /** End the segment where the filter says, and measure what is lost on the way. */
    close() {
      const from = this.kept[this.kept.length - 1];
      const rows = this.open.splice(0, this.swing.end - from.epoch);
      const last = rows[rows.length - 1];
      const to = halved(last.hidden);
      const mean = new Float32Array(to.length);
      for (const { epoch, hidden, width } of rows) {
        const share = (epoch - from.epoch) / rows.length;
        for (let i = 0; i < mean.length; i++) mean[i] += hidden[i];
        this.errors.push(offLine(hidden, from.hidden, to, share) / width);
      }
      for (let i = 0; i < mean.length; i++) mean[i] /= rows.length;
      this.keep(last, mean);
    }

    /** Bytes of all that is kept, the open segment apart, which has an end. */
    get bytes() {
      const { hidden, readout } = this.kept[0];
      const each = 2 * hidden.byteLength + readout.byteLength;
      return this.kept.length * each + 16 * this.errors.length + (this.snapshots?.bytes ?? 0);
    }

    /** Keep fewer epochs: the filter once more, over what it has kept, with more tolerance. */
    thin() {
      const before = this.bytes;
      while (this.bytes > FILLED * this.limit && this.kept.length > 2 && this.tolerance < 0.5) {
        this.tolerance *= 2;
        this.kept = thinned(this.kept, this.tolerance, this.errors);
      }
      if (this.bytes < before) {
        const { epoch, hidden } = this.kept[this.kept.length - 1];
        this.swing = new Swing(hidden.length, this.tolerance);
        this.swing.begin(epoch, hidden);
        this.next = 0;
        this.scan();
      }
    }

    /** The record up to now, as if the run ended here: arrays of T kept and E + 1 trained epochs. */
    record(parameters) {
      const end = Object.assign(new Recorder(this.space), this);
      end.kept = this.kept.slice();
      end.open = this.open.slice();
      end.errors = this.errors.slice();
      end.swing = this.swing.copy();
      while (end.open.length) {
        end.close();
        end.scan();
      }
      const { kept } = end;
      const last = kept[kept.length - 1].epoch;
      const networks = [...(this.snapshots?.kept ?? [])];
      if (networks.length && networks[networks.length - 1].epoch !== last) {
        networks.push({ epoch: last, parameters });
      }
      return {
        epochs: Int32Array.from(kept, ({ epoch }) => epoch),
        hidden: joined(kept, "hidden"),
        mean: joined(kept, "mean"),
        readout: joined(kept, "readout"),
        entropy: Float32Array.from(this.curves.entropy),
        loss: Float32Array.from(this.curves.loss),
        accuracy: Float32Array.from(this.curves.accuracy),
        fidelity: fidelity(end.errors),
        tolerance: this.tolerance,
        parameters: joined(networks, "parameters"),
        parameterEpochs: Int32Array.from(networks, ({ epoch }) => epoch),
      };
    }
  }

  function farthest(values, others) {
    let worst = 0;
    for (let i = 0; i < values.length; i += 2) {
      worst = Math.max(worst, (values[i] - others[i]) ** 2 + (values[i + 1] - others[i + 1]) ** 2);
    }
    return Math.sqrt(worst);
  }

  /** Largest distance of a point from its place on the line between two pictures. */
  function offLine(values, from, to, share) {
    let worst = 0;
    for (let i = 0; i < values.length; i += 2) {
      const x = values[i] - from[i] - share * (to[i] - from[i]);
      const y = values[i + 1] - from[i + 1] - share * (to[i + 1] - from[i + 1]);
      const squared = x * x + y * y;
      if (squared > worst) worst = squared;
    }
    return Math.sqrt(worst);
  }

  /** Every kept epoch that a coarser tolerance needs; errors become what they are at most. */
  function thinned(kept, tolerance, errors) {
    const found = [kept[0]];
    const swing = new Swing(kept[0].hidden.length, tolerance);
    let at = 0;
    while (at < kept.length - 1) {
      swing.begin(kept[at].epoch, kept[at].hidden);
      let i = at + 1;
      while (i < kept.length && !swing.see(kept[i].epoch, kept[i].hidden, kept[i].width)) i++;
      let end = at + 1;
      while (end < kept.length - 1 && kept[end].epoch < swing.end) end++;
      found.push(merged(kept.slice(at, end + 1), errors));
      at = end;
    }
    return found;
  }

  /** One segment in place of several: the mean is that of all their epochs. */
  function merged(knots, errors) {
    const [first, last] = [knots[0], knots[knots.length - 1]];
    if (knots.length === 2) return last;
    const length = last.epoch - first.epoch;
    const mean = new Float32Array(last.mean.length);
    let off = 0;
    for (let k = 1; k < knots.length; k++) {
      const [before, knot] = [knots[k - 1], knots[k]];
      const weight = (knot.epoch - before.epoch) / length;
      for (let i = 0; i < mean.length; i++) mean[i] += weight * knot.mean[i];
      const now = offLine(knot.hidden, first.hidden, last.hidden, (knot.epoch - first.epoch) / length) / knot.width;
      for (let epoch = before.epoch + 1; epoch <= knot.epoch; epoch++) {
        errors[epoch] += off + ((now - off) * (epoch - before.epoch)) / (knot.epoch - before.epoch);
      }
      off = now;
    }
    return { ...last, mean: halved(mean) };
  }

  function joined(rows, name) {
    const size = rows[0]?.[name].length ?? 0;
    const found = new Float32Array(rows.length * size);
    rows.forEach((row, i) => found.set(row[name], i * size));
    return found;
  }

  /** Half of the errors are below the first number, 99 % below the second, all up to the third. */
  function fidelity(errors) {
    const sorted = Float64Array.from(errors).sort();
    const at = (share) => {
      const place = share * (sorted.length - 1);
      const low = Math.floor(place);
      return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
    };
    return [at(0.5), at(0.99), sorted[sorted.length - 1]];
  }

  return { Recorder, widthOf };
})();
