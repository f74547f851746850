"use strict";
// The cross-entropy over the epochs on a logarithmic axis, or the loss where that alone is known:
// what is over is bright.

spiral.curve = (() => {
  const HEIGHT = 108; // of the canvas on screen
  const RIM = 6; // room for half the mark
  const NUMBERS = 11; // size of texts

  /** Draw it; `epoch` may lie between two of them. */
  function draw(canvas, path, epoch) {
    const ratio = spiral.panel.ratio();
    const width = Math.max(Math.round(spiral.panel.widthOf(canvas) * ratio), 1);
    const height = Math.round(HEIGHT * ratio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const brush = spiral.panel.clear(canvas);
    const { ink, faint, frame, background } = spiral.theme.colours();
    brush.clearRect(0, 0, width, height);
    if (!path.network.loss) return;
    const key = `${width} ${height}`;
    const size = NUMBERS * ratio;
    brush.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    if (path.curveKey !== key) {
      const curve = outline(path, width, height, ratio);
      curve.ticks = ticks(path, curve.place, width, 0.5 * size, (name) => brush.measureText(name).width);
      Object.assign(path, { curveKey: key, curve });
    }
    const { place, line, level, note, bottom, known } = path.curve;
    brush.lineWidth = ratio;
    brush.strokeStyle = frame;
    brush.beginPath();
    for (const y of [level, bottom]) {
      brush.moveTo(0, y);
      brush.lineTo(width, y);
    }
    brush.stroke();
    brush.fillStyle = faint;
    brush.textAlign = "right";
    brush.fillText(note, width - 2, level + (path.network.loss === "loss" ? size : -4 * ratio));
    for (const { x, text, at } of path.curve.ticks) {
      brush.fillRect(x - ratio / 2, bottom, ratio, 4 * ratio);
      brush.textAlign = "center";
      if (text) brush.fillText(text, at, bottom + 14 * ratio);
    }
    if (Number.isInteger(path.network.best)) {
      const [best] = place(path.network.best, 0);
      brush.fillRect(best - ratio / 2, 0, ratio, bottom);
    }
    const [x, y] = place(epoch, spiral.timeline.interpolate(epoch, known.epochs, known.values));
    brush.lineWidth = 1.6 * ratio;
    brush.lineJoin = "round";
    for (const [from, to, colour, alpha] of [[x, width, faint, 0.5], [0, x, ink, 1]]) {
      brush.save();
      brush.beginPath();
      brush.rect(from, 0, to - from, height);
      brush.clip();
      brush.globalAlpha = alpha;
      brush.strokeStyle = colour;
      brush.stroke(line);
      brush.restore();
    }
    brush.beginPath();
    brush.arc(x, y, 4.5 * ratio, 0, 2 * Math.PI);
    brush.fillStyle = ink;
    brush.fill();
    brush.strokeStyle = background;
    brush.stroke();
  }

  /** 0 and the powers of ten below the curve, with numbers where there is room: see `epoch_ticks`. */
  function ticks(path, place, width, gap, measured) {
    const last = path.losses.length - 1;
    const counting = spiral.counting.of([path.network]);
    const found = [];
    let free = -Infinity;
    for (const { count, epoch } of [{ count: spiral.counting.at(counting, 0), epoch: 0 }, ...spiral.counting.powers(counting, last)]) {
      const text = spiral.words.whole(count);
      const half = measured(text) / 2;
      const [x] = place(epoch, 0);
      const at = Math.min(Math.max(x, half), width - half);
      const fits = at - half >= free;
      if (fits) free = at + half + gap;
      found.push({ epoch, x, at, text: fits ? text : "" });
    }
    return found;
  }

  /** What is reached by guessing in the know of how many points each class has, as in `guess.py`. */
  function guessed({ labels, classes }) {
    const sizes = new Array(classes).fill(0);
    for (const label of labels) sizes[label] += 1;
    if (sizes.some((size) => !size) || sizes.every((size) => size === sizes[0])) {
      const value = Math.log(classes);
      return { value, text: `ln ${classes} = ${value.toFixed(2)}` };
    }
    const value = sizes.reduce((sum, size) => sum - (size / labels.length) * Math.log(size / labels.length), 0);
    return { value, text: value.toFixed(2) };
  }

  function outline(path, width, height, ratio) {
    const { text, digits } = spiral.words;
    let most = 0;
    const known = { epochs: [], values: [] };
    path.losses.forEach((value, epoch) => {
      if (Number.isNaN(value)) return;
      if (value > most) most = value;
      known.epochs.push(epoch);
      known.values.push(value);
    });
    const other = path.network.loss === "loss";
    const guessing = other ? null : guessed(path);
    // Of another loss nobody knows what guessing gives: there the line is its largest value.
    const top = other ? 1.15 * most : Math.min(Math.max(most, 1.15 * guessing.value), 1.9 * guessing.value);
    const note = other
      ? text("the loss of the training, up to {v}", { v: digits(String(Number(most.toPrecision(3)))) })
      : text("guessing: {v}", { v: digits(guessing.text) });
    const rim = RIM * ratio;
    const bottom = height - 18 * ratio;
    const last = Math.max(path.losses.length - 1, 1);
    const place = (epoch, value) => [
      rim + (Math.log1p(epoch) / Math.log1p(last)) * (width - 2 * rim),
      bottom - Math.min(Math.max(value / top, 0), 1) * (bottom - rim),
    ];
    return { place, line: thinned(path.losses, place), level: place(0, other ? most : guessing.value)[1], note, bottom, known };
  }

  /**
   * The line through all epochs. Where many fall into one column of pixels, the highest and the lowest
   * of them, as they follow each other, and the last: it looks the same and is drawn much sooner. Where
   * a value is unknown there is a gap.
   */
  function thinned(values, place) {
    const line = new Path2D();
    let column = [];
    let apart = true;
    const close = () => {
      if (!column.length) return;
      const heights = column.map(([, y]) => y);
      const ends = [heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))];
      const kept = new Set([0, ...ends.sort((a, b) => a - b), column.length - 1]);
      for (const index of kept) {
        if (apart) line.moveTo(...column[index]);
        else line.lineTo(...column[index]);
        apart = false;
      }
      column = [];
    };
    values.forEach((value, epoch) => {
      if (Number.isNaN(value)) {
        close();
        apart = true;
        return;
      }
      const point = place(epoch, value);
      if (column.length && Math.floor(point[0]) !== Math.floor(column[0][0])) close();
      column.push(point);
    });
    close();
    return line;
  }

  /** The epoch at a part of the width. */
  function epochAt(path, share) {
    return Math.expm1(Math.min(Math.max(share, 0), 1) * Math.log1p(path.losses.length - 1));
  }

  return { draw, epochAt, guessed };
})();
