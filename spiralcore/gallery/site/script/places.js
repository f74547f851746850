"use strict";
// Places of a space that have names, and where classes are among them at every kept epoch: the same as
// `spiralcore/story/places.py` and `class_paths.py`.

spiral.places = (() => {
  const COMPASS = ["right", "top right", "top", "top left", "left", "bottom left", "bottom", "bottom right"];
  const AXES = ["horizontal axis", "diagonal", "vertical axis"];
  const CENTRAL = 0.3;
  const AT_ORIGIN = 0.15;
  const PROBES = 2048;

  function isBounded({ lower, upper }) {
    return lower !== null && upper !== null;
  }

  /** Landmarks of a space: {marks, names, middle, central}. */
  function of(space) {
    const around = (count) => Array.from({ length: count }, (_, i) => [Math.cos((i * Math.PI) / 4), Math.sin((i * Math.PI) / 4)]);
    if (isBounded(space) && !space.round) {
      const marks = [[-1, -1], [-1, 1], [1, -1], [1, 1]];
      const names = marks.map(([x, y]) => `${y > 0 ? "top" : "bottom"} ${x > 0 ? "right" : "left"} corner`);
      return { marks, names, middle: "middle", central: null };
    }
    if (space.lower !== null && !isBounded(space)) {
      return { marks: around(3), names: AXES, middle: "origin", central: AT_ORIGIN };
    }
    return { marks: around(8), names: COMPASS, middle: "middle", central: isBounded(space) ? CENTRAL : AT_ORIGIN };
  }

  /** How far a position is from each landmark; of directions on the unit circle, 2 in the middle. */
  function distances({ marks, central }, [x, y]) {
    if (central !== null) {
      const length = Math.hypot(x, y);
      if (!(length > central)) return marks.map(() => 2);
      [x, y] = [x / length, y / length];
    }
    return marks.map(([a, b]) => Math.hypot(x - a, y - b));
  }

  /** What to call a position. */
  function name(places, [x, y]) {
    if (places.central !== null) {
      const away = distances(places, [x, y]);
      const least = Math.min(...away);
      return least >= 1 ? places.middle : places.names[away.indexOf(least)];
    }
    const side = (value) => (Math.abs(value) >= 0.5 ? Math.sign(value) : 0);
    const upright = ["bottom", "", "top"][side(y) + 1];
    const across = ["left", "", "right"][side(x) + 1];
    const corner = upright && across ? "corner" : "";
    return [upright, across, corner].filter(Boolean).join(" ") || places.middle;
  }

  /**
   * What each class does at T kept epochs: {epochs, shown, means, right, land, places}. Means are
   * [label][t] = [x, y] in units of the places; right and land are [label][t], null where no read-out
   * was recorded.
   */
  function classPaths(path) {
    const { epochs, labels, hidden, points, classes, space, readout } = path;
    const count = epochs.length;
    const sizes = new Uint32Array(classes);
    for (const label of labels) sizes[label]++;
    const shown = [...sizes.keys()].filter((label) => sizes[label]);
    const widths = Array.from(epochs, (_, t) => spiral.pacing.width(hidden, 2 * t * points, 2 * points, space));
    const means = Array.from({ length: classes }, () => []);
    const right = readout && Array.from({ length: classes }, () => new Float64Array(count));
    for (let t = 0; t < count; t++) {
      const sums = new Float64Array(2 * classes);
      for (let point = 0; point < points; point++) {
        const n = 2 * (t * points + point);
        const label = labels[point];
        sums[2 * label] += hidden[n];
        sums[2 * label + 1] += hidden[n + 1];
        if (readout && winner(readout, 3 * classes * t, classes, hidden[n], hidden[n + 1]) === label) right[label][t]++;
      }
      if (readout) for (const label of shown) right[label][t] /= sizes[label];
      for (const label of shown) means[label].push(inUnits([sums[2 * label], sums[2 * label + 1]].map((sum) => sum / sizes[label]), space, widths[t]));
    }
    return { epochs, shown, means, right, land: readout && land(path, widths), places: of(space) };
  }

  function winner(readout, start, classes, x, y) {
    let best = -Infinity;
    let found = 0;
    for (let k = 0; k < classes; k++) {
      const n = start + 3 * k;
      const logit = readout[n] * x + readout[n + 1] * y + readout[n + 2];
      if (logit > best) [best, found] = [logit, k];
    }
    return found;
  }

  function inUnits(values, space, width) {
    if (!isBounded(space)) return values.map((value) => (2 * value) / width);
    const [middle, half] = [(space.upper + space.lower) / 2, (space.upper - space.lower) / 2];
    return values.map((value) => (value - middle) / half);
  }

  /** The share of the space that the read-out gives to each class. */
  function land(path, widths) {
    const { readout, classes, epochs } = path;
    const ownersAt = spiral.pacing.borders(path, PROBES);
    const shares = Array.from({ length: classes }, () => new Float64Array(epochs.length));
    for (let t = 0; t < epochs.length; t++) {
      const owners = ownersAt(readout, 3 * classes * t, widths[t]);
      for (const owner of owners) shares[owner][t]++;
      for (const share of shares) share[t] /= owners.length;
    }
    return shares;
  }

  return { distances, name, classPaths, winner };
})();
