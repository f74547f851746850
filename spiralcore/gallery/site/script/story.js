"use strict";
// What happens in a training, with classes, epochs and places: the same as in `spiralcore/story/`,
// where it is explained.

spiral.story = (() => {
  const { within } = spiral.stays;
  const [TOGETHER, APART] = [0.12, 0.35];
  const [RIGHT, STILL_RIGHT, WRONG, HARDLY_WRONG] = [0.99, 0.95, 0.5, 0.6];
  const [OTHERS, LONG] = [0.75, 1.8];
  const [LANDLESS, LANDED, SOME] = [0.006, 0.02, 0.1];
  const SIDES = ["left", "right", "top", "bottom"];
  const [SPIKE_RATIO, SPIKE_HEIGHT, MOST_SPIKES] = [1.3, 0.03, 3];

  /** All events of a path, see `spiral.live`, in the order of the epochs. */
  function events(path) {
    const paths = spiral.places.classPaths(path);
    const found = [
      ...partings(paths),
      ...lands(paths),
      ...spiral.moves.moves(paths),
      ...edges(paths),
      ...rightness(path, paths),
      ...breaks(path),
    ];
    return found.sort((a, b) => a.epoch - b.epoch || a.end - b.end || b.importance - a.importance);
  }

  function at(epoch, kind, importance, { end = epoch, classes = [], places = [], values = [] } = {}) {
    return { epoch, end, kind, classes, places, values, importance };
  }

  /** Whether all classes begin at one place, and the last pair that parts. */
  function partings({ epochs, shown, means }) {
    const found = [];
    const parted = [];
    let farthest = -1;
    shown.forEach((one, i) => {
      for (const other of shown.slice(i + 1)) {
        const away = means[one].map(([x, y], t) => Math.hypot(x - means[other][t][0], y - means[other][t][1]));
        farthest = Math.max(farthest, away[0]);
        const stays = within(away, epochs, TOGETHER, APART);
        const last = stays[stays.length - 1];
        if (stays.length > 1 && last.state) parted.push([epochs[last.first], one, other]);
      }
    });
    if (farthest >= 0 && farthest < APART) found.push(at(0, "together", 0.7, { classes: shown, values: [farthest] }));
    if (parted.length && shown.length > 2) {
      const [epoch, ...classes] = parted.sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2])[0];
      found.push(at(epoch, "parts", 0.5, { classes }));
    }
    return found;
  }

  /** Classes that have no land before the training, and when they get their first. */
  function lands({ epochs, shown, land, right }) {
    const found = [];
    if (!land) return found;
    for (const label of shown) {
      if (land[label][0] >= LANDLESS || right[label][0] >= SOME) continue;
      found.push(at(0, "landless", 0.6, { classes: [label], values: [land[label][0]] }));
      const first = within(land[label], epochs, LANDLESS, LANDED).find(({ state }) => state)?.first;
      if (first !== undefined) found.push(at(epochs[first], "land", 0.6, { classes: [label], values: [land[label][first]] }));
    }
    return found;
  }

  /** Which classes end on a side of a square, and since when. */
  function edges({ epochs, shown, means, places }) {
    const found = [];
    if (places.central !== null) return found;
    for (const label of shown) {
      const names = means[label].map((mean) => spiral.places.name(places, mean));
      const side = names[names.length - 1];
      if (!SIDES.includes(side)) continue;
      let first = names.length - 1;
      while (first && names[first - 1] === side) first--;
      found.push(at(epochs[first], "edge", shown.length > places.names.length ? 0.85 : 0.5, { classes: [label], places: [side] }));
    }
    return found;
  }

  function rightness({ accuracy }, paths) {
    const { epochs, shown, right } = paths;
    const found = [];
    const reached = accuracy ? accuracy.findIndex((value) => value >= RIGHT) : -1;
    if (reached > 0) found.push(at(reached, "all_right", 0.8, { values: [accuracy[reached]] }));
    if (!right) return found;
    found.push(...stuck(paths));
    const firsts = [];
    for (const label of shown) {
      const first = within(right[label], epochs, STILL_RIGHT, RIGHT).find(({ state }) => state)?.first;
      if (first) firsts.push([epochs[first], label]);
    }
    firsts.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    firsts.forEach(([epoch, label], i) => {
      found.push(at(epoch, "right", i === 0 || i === firsts.length - 1 ? 0.55 : 0.3, { classes: [label] }));
    });
    return found;
  }

  function stuck(paths) {
    const { epochs, shown, right } = paths;
    const lasting = ({ first, last }) => Math.log(Math.max(epochs[last], 10) / Math.max(epochs[first], 10));
    const longest = [];
    for (const label of shown) {
      const others = shown.filter((other) => other !== label);
      const behind = Array.from(epochs, (_, t) => {
        const mean = others.reduce((sum, other) => sum + right[other][t], 0) / others.length;
        return mean >= OTHERS ? 1 - right[label][t] : 0;
      });
      const stays = within(behind, epochs, 1 - HARDLY_WRONG, 1 - WRONG).filter((stay) => stay.state && lasting(stay) >= Math.log(LONG));
      if (stays.length) longest.push({ stay: stays.reduce((one, other) => (lasting(other) > lasting(one) ? other : one)), label });
    }
    longest.sort((a, b) => a.stay.first - b.stay.first || a.stay.last - b.stay.last || a.label - b.label);
    const groups = [];
    for (const one of longest) {
      const group = groups.find(([first]) => first.stay.last > one.stay.first);
      if (group) group.push(one);
      else groups.push([one]);
    }
    return groups.map((group) => stuckTogether(paths, group));
  }

  /** Told when it has lasted for a while: half-way, as epochs are felt. */
  function stuckTogether({ epochs, means, right, places }, group) {
    const classes = group.map(({ label }) => label).sort((a, b) => a - b);
    const first = Math.max(...group.map(({ stay }) => stay.first));
    const last = Math.min(...group.map(({ stay }) => stay.last));
    const middle = Math.sqrt(Math.max(epochs[first], 1) * epochs[last]);
    let t = epochs.findIndex((epoch) => epoch >= middle);
    t = t < 0 ? last : Math.min(t, last);
    return at(epochs[t], "stuck", 0.95, {
      end: epochs[last],
      classes,
      places: classes.map((label) => spiral.places.name(places, means[label][t])),
      values: classes.map((label) => right[label][t]),
    });
  }

  /** Units that die, and the highest spikes of the cross-entropy. */
  function breaks(path) {
    const found = [];
    const { epochs, hidden, points, entropy } = path;
    for (const unit of [0, 1]) {
      let t = epochs.length;
      while (t > 0 && silent(hidden, 2 * (t - 1) * points + unit, points)) t--;
      if (t < epochs.length) found.push(at(epochs[t], "dies", 0.95, { values: [unit + 1] }));
    }
    const guessing = spiral.curve.guessed(path).value;
    for (const { height, start, peak } of spikes(entropy, guessing).slice(0, MOST_SPIKES)) {
      const importance = Math.min(0.35 + (0.5 * height) / guessing, 0.85);
      found.push(at(start, "spike", importance, { end: peak, values: [entropy[start], entropy[peak]] }));
    }
    return found;
  }

  function silent(hidden, start, points) {
    for (let i = 0; i < points; i++) if (hidden[start + 2 * i] !== 0) return false;
    return true;
  }

  /** Rises of the cross-entropy over all that it had been before: the highest first. */
  function spikes(curve, guessing) {
    const found = [];
    let start = -1;
    let peak = -1;
    const close = () => {
      if (start < 0) return;
      const height = curve[peak] - curve[start];
      if (height > SPIKE_HEIGHT * guessing && curve[peak] > SPIKE_RATIO * curve[start]) found.push({ height, start, peak });
    };
    curve?.forEach((value, epoch) => {
      if (Number.isNaN(value)) return;
      if (start < 0 || value <= curve[start]) {
        close();
        [start, peak] = [epoch, epoch];
      } else if (value > curve[peak]) {
        peak = epoch;
      }
    });
    close();
    return found.sort((a, b) => b.height - a.height || b.start - a.start);
  }

  return { events };
})();
