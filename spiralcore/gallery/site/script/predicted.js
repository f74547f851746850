"use strict";
// The plane of the data: what the network predicts at each place, and the points.

spiral.predicted = (() => {
  const BENDS = {
    relu: (x) => Math.max(x, 0),
    leaky_relu: (x) => Math.max(x, 0.01 * x),
    hardtanh: (x) => Math.min(Math.max(x, -1), 1),
  };

  /** What `predicted.py` has written, Float32Array, network after network; null where nothing is. */
  function grid(arrays) {
    if (!arrays.grid) return null;
    const [, known, units, rows, columns] = arrays.grid.shape;
    const steps = spiral.coding.decoded(arrays.grid, 2);
    const values = new Float32Array(steps.length);
    const size = rows * columns;
    for (let i = 0; i < steps.length; i++) {
      const unit = Math.floor(i / size) % units;
      const [least, width] = [arrays.grid_limits.data[2 * unit], arrays.grid_limits.data[2 * unit + 1]];
      values[i] = least + (steps[i] & 0xffff) * width;
    }
    return { values, known, units, rows, columns, epochs: arrays.grid_epochs.data };
  }

  /** The layer at the nodes at a film time, between the known networks. */
  function layer(found, timeline, second, target) {
    const seconds = (found.seconds ??= new Map());
    if (!seconds.has(timeline)) {
      seconds.set(timeline, Float64Array.from(found.epochs, (epoch) => timeline.secondAt(epoch)));
    }
    const times = seconds.get(timeline);
    const i = spiral.timeline.before(times, second);
    const j = Math.min(i + 1, found.known - 1);
    const length = times[j] - times[i];
    const share = length > 0 ? Math.min(Math.max((second - times[i]) / length, 0), 1) : 0;
    const size = found.units * found.rows * found.columns;
    const { values } = found;
    for (let n = 0; n < size; n++) {
      const from = values[i * size + n];
      target[n] = from + share * (values[j * size + n] - from);
    }
    return target;
  }

  /**
   * Paint the predicted classes into all pixels of an image.
   *
   * @param found see `grid`
   * @param readout slopes and offset of each class; null where the grid holds logits
   * @param bend name of an activation with kinks that is still to be applied, or ""
   */
  function paint(image, found, timeline, second, readout, bend) {
    const { units, rows, columns } = found;
    const size = rows * columns;
    const nodes = layer(found, timeline, second, (found.nodes ??= new Float32Array(units * size)));
    const { width, height } = image;
    const classes = readout ? readout.length / 3 : units;
    const fills = Array.from({ length: classes }, (_, label) => {
      const [r, g, b] = spiral.theme.ofRegion(label);
      return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
    });
    const target = new Uint32Array(image.data.buffer);
    const line = new Float32Array(units * columns);
    const apply = BENDS[bend];
    const value = new Float32Array(units);
    for (let y = 0; y < height; y++) {
      // Rows of the grid go upwards, those of the image downwards.
      const v = (1 - (y + 0.5) / height) * (rows - 1);
      const row = Math.min(Math.floor(v), rows - 2);
      const up = v - row;
      for (let unit = 0; unit < units; unit++) {
        const base = unit * size + row * columns;
        for (let c = 0; c < columns; c++) {
          const low = nodes[base + c];
          line[unit * columns + c] = low + up * (nodes[base + columns + c] - low);
        }
      }
      for (let x = 0; x < width; x++) {
        const u = ((x + 0.5) / width) * (columns - 1);
        const column = Math.min(Math.floor(u), columns - 2);
        const right = u - column;
        for (let unit = 0; unit < units; unit++) {
          const low = line[unit * columns + column];
          const mixed = low + right * (line[unit * columns + column + 1] - low);
          value[unit] = apply ? apply(mixed) : mixed;
        }
        let best = -Infinity;
        let winner = 0;
        for (let k = 0; k < classes; k++) {
          const logit = readout
            ? readout[3 * k] * value[0] + readout[3 * k + 1] * value[1] + readout[3 * k + 2]
            : value[k];
          if (logit > best) {
            best = logit;
            winner = k;
          }
        }
        target[y * width + x] = fills[winner];
      }
    }
  }

  return { grid, paint };
})();
