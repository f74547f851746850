"use strict";
// Film time by motion, for trajectories that the reader opens; those of the page bring it along. The
// same as `spiralcore/trajectory/play/pacing.py`, where it is explained.

spiral.pacing = (() => {
  const MOTION_STEP = 0.05;
  const LOG_SHARE = 0.12;
  const EVEN_SHARE = 0.13;
  const BORDERS = 0.5;
  const BORDER_PROBES = 300;
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
      const moving = 1 - LOG_SHARE - EVEN_SHARE;
      const progress = shares.map((share, i) => LOG_SHARE * log[i] + (EVEN_SHARE * epochs[i]) / last + moving * share);
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
    const found = { ...path, points, hidden: thin(path.hidden), mean: thin(path.mean) };
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

  /**
   * Whose the places of a space are: a function of read-outs, where in them one begins, and the width
   * of the panel. Where no read-out was recorded nothing ever changes hands.
   */
  function borders({ space, readout, classes }, count = BORDER_PROBES) {
    if (!readout) return () => new Uint16Array(1);
    const bounded = space.lower !== null && space.upper !== null;
    const probes = probesOf(space, bounded, count);
    return (readouts, start, wide) => {
      const scale = bounded ? 1 : Math.fround(wide);
      const found = new Uint16Array(probes.length / 2);
      for (let p = 0; p < found.length; p++) {
        const [x, y] = [scale * probes[2 * p], scale * probes[2 * p + 1]];
        let best = -Infinity;
        for (let k = 0; k < classes; k++) {
          const n = start + 3 * k;
          const logit = readouts[n] * x + readouts[n + 1] * y + readouts[n + 2];
          if (logit > best) [best, found[p]] = [logit, k];
        }
      }
      return found;
    };
  }

  /** The part of some places that have another owner. */
  function differing(owners, others) {
    return owners.reduce((sum, owner, i) => sum + (owner !== others[i]), 0) / owners.length;
  }

  /** Places spread evenly over a space: the same as in `spiralcore/trajectory/play/probes.py`. */
  function probesOf(space, bounded, count) {
    const found = [];
    if (space.shape === "sphere") {
      for (let i = 0; i < count; i++) {
        const angle = (2 * Math.PI * (i + 0.5)) / count;
        found.push(Math.cos(angle), Math.sin(angle));
      }
      return Float32Array.from(found);
    }
    let root = 2; // the positive solution of x^3 = x + 1
    for (let i = 0; i < 64; i++) root = (1 + root) ** (1 / 3);
    const lower = space.lower === null ? -1 : bounded ? space.lower : 0;
    const upper = space.upper ?? 1;
    for (let i = 1; i <= count; i++) {
      const place = [1, 2].map((power) => lower + (upper - lower) * ((0.5 + i * root ** -power) % 1));
      if (space.shape !== "ball" || Math.hypot(...place) <= 1) found.push(...place);
    }
    return Float32Array.from(found);
  }

  /** Movement from the start to each kept epoch, of points and borders, trembling left out. */
  function motionClock(path) {
    const count = path.epochs.length;
    const size = 2 * path.points;
    const { hidden } = path;
    const clock = new Float64Array(count);
    const moved = new Float64Array(count);
    const ownersAt = borders(path);
    const widths = clock.map((_, i) => width(hidden, i * size, size, path.space));
    const owners = Array.from(widths, (wide, i) => ownersAt(path.readout, 3 * path.classes * i, wide));
    const between = (from, to) =>
      apart(hidden, to * size, hidden, from * size, size) / widths[to] + BORDERS * differing(owners[to], owners[from]);
    let mark = 0;
    for (let i = 1; i < count; i++) {
      moved[i] = between(i - 1, i);
      const net = between(mark, i);
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
    const ownersAt = borders(path);
    playback.seek(0);
    let before = playback.hidden.slice();
    let owners = ownersAt(playback.readout, 0, width(before, 0, before.length, path.space));
    for (let i = 1; i <= SAMPLES; i++) {
      seconds.push((i / SAMPLES) * paced.duration);
      playback.seek(seconds[i]);
      const wide = width(playback.hidden, 0, before.length, path.space);
      const owned = ownersAt(playback.readout, 0, wide);
      const way = apart(playback.hidden, 0, before, 0, before.length) / wide;
      moved.push(moved[i - 1] + way + BORDERS * differing(owned, owners));
      before = playback.hidden.slice();
      owners = owned;
    }
    return paced.seconds.map((second) => spiral.timeline.interpolate(second, seconds, moved));
  }

  return { motion, borders, width };
})();
