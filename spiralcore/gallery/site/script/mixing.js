"use strict";
// Which mix of the known networks of a path stands for the network of an epoch in between: the same
// as in `spiralcore/trajectory/play/network_mix.py`, where it is explained.

spiral.mixing = (() => {
  const PAIRS = 4;
  const VALUES = 2048;
  const FEWEST = 20;
  const RIDGE = 0.01;

  /**
   * Weights of networks at some epochs; in between they lie on straight lines.
   *
   * @param path {epochs, hidden, points, space} of two units
   * @param known epochs of the networks
   * @param clipped whether the layer is mixed before an activation that has kinks
   * @returns see `predicted_plane.py`: {epochs, first, weights, width}
   */
  function mixes(path, known, clipped) {
    const at = Float64Array.from(new Set([...path.epochs, ...known])).sort();
    const width = Math.min(2 * PAIRS, known.length);
    const first = new Int16Array(at.length);
    const weights = new Float64Array(width * at.length);
    const values = valuesOf(path);
    let around = null;
    at.forEach((epoch, i) => {
      const after = afterOf(known, epoch);
      if (after === 0 || after === known.length || known[after] === epoch) {
        first[i] = Math.min(after, known.length - 1);
        weights[i * width] = 1;
        return;
      }
      if (around?.after !== after) around = fitted(after, known, values, clipped && path.space);
      first[i] = around.low;
      weights.set(weightsOf(around, known, epoch, values), i * width);
    });
    return { epochs: at, first, weights, width };
  }

  /** Index of the first known network that is not before an epoch. */
  function afterOf(known, epoch) {
    let found = 0;
    while (found < known.length && known[found] < epoch) found++;
    return found;
  }

  /** The function that tells some coordinates of the points at an epoch. */
  function valuesOf({ epochs, hidden, points }) {
    let stride = Math.max(Math.floor((2 * points) / VALUES), 1);
    if (stride % 2 === 0) stride++;
    const count = Math.ceil((2 * points) / stride);
    return (epoch) => {
      const i = Math.min(spiral.timeline.before(epochs, epoch), Math.max(epochs.length - 2, 0));
      const j = Math.min(i + 1, epochs.length - 1);
      const share = j > i ? Math.min(Math.max((epoch - epochs[i]) / (epochs[j] - epochs[i]), 0), 1) : 0;
      const [from, to] = [2 * points * i, 2 * points * j];
      return Float64Array.from({ length: count }, (_, n) => hidden[from + n * stride] * (1 - share) + hidden[to + n * stride] * share);
    };
  }

  /** The networks around an epoch, by the index of the one after it, and what the points say of them. */
  function fitted(after, known, values, space) {
    const low = Math.max(after - PAIRS, 0);
    const pictures = Array.from(known.slice(low, after + PAIRS), values);
    const inside = (value) => (space.lower === null || value > space.lower) && (space.upper === null || value < space.upper);
    const free = [];
    for (let n = 0; n < pictures[0].length; n++) if (!space || pictures.every((one) => inside(one[n]))) free.push(n);
    const count = pictures.length;
    const motion = pictures.map((one) => Float64Array.from(free, (n) => one[n]));
    const [before, next] = [motion[after - low - 1], motion[after - low]].map((one) => one.slice());
    for (let n = 0; n < free.length; n++) {
      const mean = motion.reduce((sum, one) => sum + one[n], 0) / count;
      for (const one of motion) one[n] -= mean;
    }
    const products = motion.map((one) => motion.map((other) => one.reduce((sum, value, n) => sum + value * other[n], 0)));
    const ridge = (RIDGE * products.reduce((sum, row, m) => sum + row[m], 0)) / count;
    const fits = free.length >= FEWEST && ridge > 0;
    products.forEach((row, m) => (row[m] += ridge));
    return { after, low, free, before, next, motion, products: fits ? products : null, count };
  }

  function weightsOf({ after, low, free, before, next, motion, products, count }, known, epoch, values) {
    const share = (epoch - known[after - 1]) / (known[after] - known[after - 1]);
    const found = new Float64Array(count);
    if (products) {
      const picture = values(epoch);
      const off = Float64Array.from(free, (n, i) => picture[n] - before[i] * (1 - share) - next[i] * share);
      found.set(solved(products, motion.map((one) => one.reduce((sum, value, i) => sum + value * off[i], 0))));
      const mean = found.reduce((sum, one) => sum + one, 0) / count;
      for (let m = 0; m < count; m++) found[m] -= mean;
    }
    found[after - low - 1] += 1 - share;
    found[after - low] += share;
    return found;
  }

  /** The solution of some linear equations by elimination; their matrix is positive definite. */
  function solved(matrix, right) {
    const rows = matrix.map((row, m) => [...row, right[m]]);
    const count = rows.length;
    for (let m = 0; m < count; m++) {
      for (let k = m + 1; k < count; k++) {
        const factor = rows[k][m] / rows[m][m];
        for (let n = m; n <= count; n++) rows[k][n] -= factor * rows[m][n];
      }
    }
    for (let m = count - 1; m >= 0; m--) {
      for (let n = m + 1; n < count; n++) rows[m][count] -= rows[m][n] * rows[n][count];
      rows[m][count] /= rows[m][m];
    }
    return rows.map((row) => row[count]);
  }

  return { mixes };
})();
