"use strict";
// The plane of the data: what the network predicts at each place, and the points.

spiral.predicted = (() => {
  const graphs = new WeakMap();

  /** The function whose graph the manifest tells: straight lines between nodes. */
  function graph(bend) {
    if (!graphs.has(bend)) {
      const { nodes, values } = bend;
      const [left, right] = bend.slopes;
      const last = nodes.length - 1;
      graphs.set(bend, (x) => {
        if (x <= nodes[0]) return values[0] + left * (x - nodes[0]);
        if (x >= nodes[last]) return values[last] + right * (x - nodes[last]);
        const i = spiral.timeline.before(nodes, x);
        const share = (x - nodes[i]) / (nodes[i + 1] - nodes[i]);
        return values[i] + share * (values[i + 1] - values[i]);
      });
    }
    return graphs.get(bend);
  }

  /**
   * What `predicted_plane.py` has written, values network after network; null where nothing is.
   *
   * @returns {values, known, units, rows, columns, heads, mix}: heads are slopes and offset of each
   *   class, network after network, or null where the grid holds logits; for mix see `mixing.js`
   */
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
    const mix = {
      epochs: arrays.mix_epochs.data,
      first: arrays.mix_first.data,
      weights: Float32Array.from(arrays.mix_weights.data, (share) => share / 1000),
      width: arrays.mix_weights.shape[1],
    };
    return { values, known, units, rows, columns, heads: arrays.grid_readout?.data ?? null, mix };
  }

  /** What each network counts at an epoch: between those of the mix on straight lines. */
  function sharesAt({ known, mix }, epoch) {
    const shares = new Float64Array(known);
    if (!mix) return shares.fill(1);
    const { epochs, first, weights, width } = mix;
    const i = spiral.timeline.before(epochs, epoch);
    const j = Math.min(i + 1, epochs.length - 1);
    const late = j > i ? Math.min(Math.max((epoch - epochs[i]) / (epochs[j] - epochs[i]), 0), 1) : 0;
    for (const [at, share] of [[i, 1 - late], [j, late]]) {
      for (let k = 0; k < width; k++) shares[first[at] + k] += share * weights[at * width + k];
    }
    return shares;
  }

  /** The sum of equally long pieces of some values by shares. */
  function mixed(values, shares, target) {
    const size = target.length;
    target.fill(0);
    shares.forEach((share, i) => {
      if (share === 0) return;
      const start = i * size;
      for (let n = 0; n < size; n++) target[n] += share * values[start + n];
    });
    return target;
  }

  const columnsOf = new Map();

  /** For each pixel of a line its column of the grid, and how near it is to the next one. */
  function across(width, columns) {
    const key = `${width} ${columns}`;
    if (!columnsOf.has(key)) {
      const starts = new Int32Array(columns).fill(width);
      const shares = new Float32Array(width);
      for (let x = width - 1; x >= 0; x--) {
        const u = ((x + 0.5) / width) * (columns - 1);
        const column = Math.min(Math.floor(u), columns - 2);
        shares[x] = u - column;
        starts[column] = x;
      }
      // Columns between two pixels begin where the next one does.
      for (let c = columns - 2; c >= 0; c--) starts[c] = Math.min(starts[c], starts[c + 1]);
      columnsOf.set(key, { starts, shares });
    }
    return columnsOf.get(key);
  }

  /**
   * Paint the predicted classes into all pixels of an image.
   *
   * Between two nodes of a line logits are straight lines, so that a class that is ahead at both is
   * ahead all the way: only where the class changes the pixels between are asked one by one.
   *
   * @param found see `grid`
   * @param bent graph of an activation with kinks that is still to be applied to a layer, or null
   */
  function paint(image, found, epoch, bent) {
    const { units, rows, columns, heads, known } = found;
    const size = rows * columns;
    const parts = sharesAt(found, epoch);
    const nodes = mixed(found.values, parts, (found.nodes ??= new Float64Array(units * size)));
    const readout = heads && mixed(heads, parts, (found.readout ??= new Float64Array(heads.length / known)));
    const bend = heads && bent;
    const { width, height } = image;
    const classes = readout ? readout.length / 3 : units;
    const fills = spiral.theme.regionPixels(classes);
    const target = new Uint32Array(image.data.buffer);
    const line = Array.from({ length: units }, () => new Float32Array(columns));
    const winners = new Int32Array(columns);
    const { starts, shares } = across(width, columns);
    const apply = bend && graph(bend);
    const winner = readout ? ofReadout(readout, classes, apply) : ofLogits(classes);
    const value = new Float64Array(units);
    for (let y = 0; y < height; y++) {
      // Rows of the grid go upwards, those of the image downwards.
      const v = (1 - (y + 0.5) / height) * (rows - 1);
      const row = Math.min(Math.floor(v), rows - 2);
      const up = v - row;
      for (let unit = 0; unit < units; unit++) {
        const base = unit * size + row * columns;
        const values = line[unit];
        for (let c = 0; c < columns; c++) {
          const low = nodes[base + c];
          values[c] = low + up * (nodes[base + columns + c] - low);
        }
      }
      for (let c = 0; c < columns; c++) {
        for (let unit = 0; unit < units; unit++) value[unit] = line[unit][c];
        winners[c] = winner(value);
      }
      const start = y * width;
      for (let c = 0; c + 1 < columns; c++) {
        const from = starts[c];
        const to = c + 2 < columns ? starts[c + 1] : width;
        if (winners[c] === winners[c + 1] && !(bend && kinks(bend, line, c, units))) {
          target.fill(fills[winners[c]], start + from, start + to);
          continue;
        }
        for (let x = from; x < to; x++) {
          for (let unit = 0; unit < units; unit++) {
            const low = line[unit][c];
            value[unit] = low + shares[x] * (line[unit][c + 1] - low);
          }
          target[start + x] = fills[winner(value)];
        }
      }
    }
  }

  /** Whether there is a kink between two nodes of the grid. */
  function kinks(bend, line, column, units) {
    for (let unit = 0; unit < units; unit++) {
      const from = line[unit][column];
      const to = line[unit][column + 1];
      if (bend.kinks.some((kink) => from > kink !== to > kink)) return true;
    }
    return false;
  }

  function ofReadout(readout, classes, apply) {
    return (value) => {
      const a = apply ? apply(value[0]) : value[0];
      const b = apply ? apply(value[1]) : value[1];
      let best = -Infinity;
      let found = 0;
      for (let k = 0, n = 0; k < classes; k++, n += 3) {
        const logit = readout[n] * a + readout[n + 1] * b + readout[n + 2];
        if (logit > best) {
          best = logit;
          found = k;
        }
      }
      return found;
    };
  }

  function ofLogits(classes) {
    return (value) => {
      let found = 0;
      for (let k = 1; k < classes; k++) if (value[k] > value[found]) found = k;
      return found;
    };
  }

  return { grid, paint, sharesAt };
})();
