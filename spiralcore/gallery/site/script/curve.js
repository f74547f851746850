"use strict";
// The cross-entropy over the epochs on a logarithmic axis: what is over is bright.

spiral.curve = (() => {
  /** Draw it; `epoch` may lie between two of them. */
  function draw(canvas, path, epoch) {
    const ratio = Math.min(devicePixelRatio, 2);
    const width = Math.max(Math.round(spiral.panel.widthOf(canvas) * ratio), 1);
    const height = Math.round(88 * ratio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const brush = canvas.getContext("2d");
    const { ink, faint, frame, background } = spiral.theme.colours();
    brush.clearRect(0, 0, width, height);
    if (!path.network.loss) return;
    const key = `${width} ${height}`;
    if (path.curveKey !== key) Object.assign(path, { curveKey: key, curve: outline(path, width, height, ratio) });
    const { place, line, guess } = path.curve;
    const size = 11 * ratio;
    brush.lineWidth = ratio;
    brush.strokeStyle = frame;
    brush.beginPath();
    brush.moveTo(0, guess);
    brush.lineTo(width, guess);
    brush.stroke();
    brush.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    brush.fillStyle = faint;
    brush.textAlign = "right";
    brush.fillText(`guessing: ${guessed(path).text}`, width - 2, guess - 4 * ratio);
    const [x, y] = place(epoch, spiral.timeline.interpolate(epoch, path.curve.every, path.entropy));
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
    const guessing = guessed(path).value;
    let most = 0;
    for (const value of path.entropy) if (value > most) most = value;
    const top = Math.min(Math.max(most, 1.15 * guessing), 1.9 * guessing);
    const rim = 6 * ratio;
    const last = Math.max(path.entropy.length - 1, 1);
    const place = (epoch, value) => [
      rim + (Math.log1p(epoch) / Math.log1p(last)) * (width - 2 * rim),
      height - rim - Math.min(Math.max(value / top, 0), 1) * (height - 2 * rim),
    ];
    const line = thinned(path.entropy, place);
    const every = Float64Array.from(path.entropy, (_, epoch) => epoch);
    return { place, line, guess: place(0, guessing)[1], every };
  }

  /**
   * The line through all epochs. Where many fall into one column of pixels, the highest and the lowest
   * of them, as they follow each other, and the last: it looks the same and is drawn much sooner.
   */
  function thinned(values, place) {
    const line = new Path2D();
    let column = [];
    const close = () => {
      const heights = column.map(([, y]) => y);
      const ends = [heights.indexOf(Math.min(...heights)), heights.indexOf(Math.max(...heights))];
      const kept = new Set([0, ...ends.sort((a, b) => a - b), column.length - 1]);
      for (const index of kept) line.lineTo(...column[index]);
    };
    values.forEach((value, epoch) => {
      const point = place(epoch, value);
      if (column.length && Math.floor(point[0]) !== Math.floor(column[0][0])) {
        close();
        column = [];
      }
      column.push(point);
    });
    if (column.length) close();
    return line;
  }

  /** The epoch at a part of the width. */
  function epochAt(path, share) {
    return Math.expm1(Math.min(Math.max(share, 0), 1) * Math.log1p(path.entropy.length - 1));
  }

  return { draw, epochAt };
})();
