"use strict";
// Film time by motion, for trajectories that the reader opens; those of the page bring it along. The
// same as `spiralcore/trajectory/play/pacing.py`, where it is explained.

spiral.pacing = (() => {
  const MOTION_STEP = 0.05;
  const LOG_SHARE = 0.15;
  const SLOWEST = 1 / 110;
  const ROUNDS = 3;
  const SAMPLES = 400;
  const MEASURED_POINTS = 300;
  const SMALLEST_WIDTH = 0.5;

  function motion(path, duration) {
    const last = Math.max(path.network.trained, 1);
    const measured = thinned(path);
    const epochs = [...new Set([0, ...path.epochs, last])].sort((a, b) => a - b);
    const log = epochs.map((epoch) => Math.log1p(epoch) / Math.log1p(last));
    const clock = motionClock(measured);
    let moved = epochs.map((epoch) => spiral.timeline.interpolate(epoch, path.epochs, clock));
    for (let left = ROUNDS; ; left--) {
      const whole = moved[moved.length - 1];
      const shares = whole > 0 ? moved.map((value) => value / whole) : log;
      const progress = shares.map((share, i) => LOG_SHARE * log[i] + (1 - LOG_SHARE) * share);
      const seconds = limited(progress, epochs).map((share) => share * duration);
      const paced = new spiral.timeline.Timeline(seconds, epochs);
      if (!left) return paced;
      moved = seenMotion(measured, paced);
    }
  }

  /** Take time from epochs that have more than SLOWEST, and spread it over the others. */
  function limited(progress, epochs) {
    let shares = progress.slice(1).map((value, i) => value - progress[i]);
    const most = epochs.slice(1).map((epoch, i) => SLOWEST * (epoch - epochs[i]));
    if (most.reduce((sum, value) => sum + value, 0) <= 1) return progress;
    for (let round = 0; round < 100; round++) {
      const cut = shares.map((share, i) => Math.min(share, most[i]));
      const excess = 1 - cut.reduce((sum, value) => sum + value, 0);
      if (excess < 1e-9) break;
      const free = cut.reduce((sum, value, i) => (value < most[i] ? sum + value : sum), 0);
      shares = cut.map((value, i) => (value < most[i] ? value * (1 + excess / free) : shares[i]));
    }
    const found = [0];
    shares.forEach((share, i) => found.push(found[i] + Math.min(share, most[i])));
    return found.map((value) => value / found[found.length - 1]);
  }

  function thinned(path) {
    const stride = Math.max(Math.floor(path.points / MEASURED_POINTS), 1);
    const points = Math.ceil(path.points / stride);
    const thin = (run) => {
      if (!run) return null;
      const found = new Float32Array(2 * points * path.epochs.length);
      for (let t = 0; t < path.epochs.length; t++) {
        for (let i = 0; i < points; i++) {
          const from = 2 * (t * path.points + i * stride);
          found[2 * (t * points + i)] = run[from];
          found[2 * (t * points + i) + 1] = run[from + 1];
        }
      }
      return found;
    };
    const found = { ...path, points, hidden: thin(path.hidden), mean: thin(path.mean), readout: null };
    return { ...found, outside: spiral.spaces.outside(found) };
  }

  /** Width of the panel that shows a picture whole. */
  function width(run, start, size, space) {
    if (space.lower !== null && space.upper !== null) return Math.max(space.upper - space.lower, 1e-6);
    let least = space.lower ?? 0;
    let most = -Infinity;
    for (let n = start; n < start + size; n++) {
      if (run[n] > most) most = run[n];
      if (space.lower === null && run[n] < least) least = run[n];
    }
    return Math.max(most - least, SMALLEST_WIDTH);
  }

  /** Root mean square distance of two pictures. */
  function apart(run, from, other, to, size) {
    let sum = 0;
    for (let n = 0; n < size; n++) sum += (run[from + n] - other[to + n]) ** 2;
    return Math.sqrt(sum / (size / 2));
  }

  /** Movement from the start to each kept epoch, in panel widths, trembling left out. */
  function motionClock(path) {
    const count = path.epochs.length;
    const size = 2 * path.points;
    const { hidden } = path;
    const clock = new Float64Array(count);
    const moved = new Float64Array(count);
    let mark = 0;
    for (let i = 1; i < count; i++) {
      const wide = width(hidden, i * size, size, path.space);
      moved[i] = apart(hidden, i * size, hidden, (i - 1) * size, size) / wide;
      const net = apart(hidden, i * size, hidden, mark * size, size) / wide;
      if (net < MOTION_STEP && i < count - 1) continue;
      let way = 0;
      for (let j = mark + 1; j <= i; j++) way += moved[j];
      let passed = 0;
      for (let j = mark + 1; j <= i; j++) {
        passed += moved[j];
        clock[j] = clock[mark] + (way > 0 ? (net * passed) / way : 0);
      }
      mark = i;
    }
    return clock;
  }

  /** Movement that a film shows from the start to each knot of its timeline, smoothed. */
  function seenMotion(path, paced) {
    const { smoothing } = spiral.parts.facts("manifest");
    const playback = new spiral.playback.Playback(path, paced, smoothing);
    const seconds = [0];
    const moved = [0];
    playback.seek(0);
    let before = playback.hidden.slice();
    for (let i = 1; i <= SAMPLES; i++) {
      seconds.push((i / SAMPLES) * paced.duration);
      playback.seek(seconds[i]);
      const wide = width(playback.hidden, 0, before.length, path.space);
      moved.push(moved[i - 1] + apart(playback.hidden, 0, before, 0, before.length) / wide);
      before = playback.hidden.slice();
    }
    return paced.seconds.map((second) => spiral.timeline.interpolate(second, seconds, moved));
  }

  return { motion };
})();
