"use strict";
// Classes on their way: they settle, move to another corner, take one that has been left. The same as
// `spiralcore/story/moves.py`, where it is explained.

spiral.moves = (() => {
  const { within, nearest } = spiral.stays;
  const NEAR = 0.45;
  const LEAD = 0.3;
  const LEFT = 0.3;
  const UNDERWAY = 0.25;
  const SOON = 1.6;
  const DEPARTED = 0.35;
  const TOGETHER = 4;
  const LONGEST = 1.6;

  function moves(paths) {
    const away = new Map(paths.shown.map((label) => [label, paths.means[label].map((mean) => spiral.places.distances(paths.places, mean))]));
    const arrivals = paths.shown.flatMap((label) => arrivalsOf(paths, away.get(label), label));
    const settled = settlings(paths, away);
    const since = new Map();
    for (const { end, classes } of settled) for (const label of classes) since.set(label, end);
    const found = [...settled];
    for (const label of paths.shown) {
      for (const turn of turns(paths, away.get(label), label, arrivals)) {
        // What happens before a class has gone anywhere is the unrest of the first epochs.
        if (turn.epoch > (since.get(label) ?? 0)) found.push(turn);
      }
    }
    const key = ({ kind, classes }) => `${kind} ${classes.map((label) => String(label).padStart(4)).join()}`;
    return found.sort((a, b) => a.epoch - b.epoch || a.end - b.end || (key(a) < key(b) ? -1 : 1));
  }

  function median(values) {
    const sorted = Float64Array.from(values).sort();
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  function settlings({ epochs, shown, means, places }, away) {
    const middle = [0, 1].map((unit) => shown.reduce((sum, label) => sum + means[label][0][unit], 0) / shown.length);
    const firsts = [];
    for (const label of shown) {
      const off = means[label].map(([x, y]) => Math.hypot(x - middle[0], y - middle[1]));
      const gone = within(off, epochs, 0.8 * DEPARTED, DEPARTED).find(({ state }) => state);
      if (!gone) continue;
      const stay = nearest(away.get(label), epochs, LEAD).find(({ last }) => last >= gone.first);
      const epoch = epochs[gone.first];
      const until = Math.min(epochs[stay.last], 4 * Math.max(epoch, 10));
      const rest = [];
      for (let t = gone.first; t <= stay.last; t++) if (epochs[t] <= until) rest.push(means[label][t]);
      const late = rest.slice(rest.length >> 1);
      const place = spiral.places.name(places, [0, 1].map((unit) => median(late.map((mean) => mean[unit]))));
      if (place !== places.middle) firsts.push({ epoch, label, place });
    }
    firsts.sort((a, b) => a.epoch - b.epoch || a.label - b.label);
    const told = [];
    for (const first of firsts) {
      const group = told[told.length - 1];
      if (group && first.epoch <= Math.max(TOGETHER * group[0].epoch, 30)) group.push(first);
      else told.push([first]);
    }
    return told.map((group, i) => ({
      epoch: group[0].epoch,
      end: group[group.length - 1].epoch,
      kind: "settle",
      classes: group.map(({ label }) => label),
      places: group.map(({ place }) => place),
      values: [],
      importance: i === 0 ? 0.75 : 0.45,
    }));
  }

  /** When a class is at a landmark, and at which. */
  function arrivalsOf({ epochs }, away, label) {
    const found = [];
    for (let place = 0; place < away[0].length; place++) {
      const near = away.map((row) => -row[place]);
      for (const { first, last, state } of within(near, epochs, -NEAR - LEFT, -NEAR)) {
        if (state) found.push({ first, label, place, last });
      }
    }
    return found.sort((a, b) => a.first - b.first || a.place - b.place || a.last - b.last);
  }

  function turns(paths, away, label, arrivals) {
    const { epochs, places } = paths;
    const stays = nearest(away, epochs, LEAD);
    const found = [];
    for (let i = 0; i + 1 < stays.length; i++) {
      const [before, after] = [stays[i], stays[i + 1]];
      let least = Infinity;
      for (let t = before.first; t <= before.last; t++) least = Math.min(least, away[t][before.state]);
      if (least >= 1) continue; // it had not settled yet
      const arrival = arrivals.find(
        (a) =>
          a.label === label && a.place === after.state &&
          ((after.first - 1 <= a.first && a.first <= after.last) || (a.first <= after.first && after.first <= a.last)),
      );
      let start = departure(away, before, after);
      const names = [places.names[before.state], places.names[after.state]];
      const add = (kind, from, to, importance) => found.push(event(epochs, kind, from, to, label, names, importance));
      if (!arrival) {
        add("heads", start, after.first, 0.4);
        continue;
      }
      if (epochs[arrival.first] > SOON * Math.max(epochs[after.first], 1)) {
        add("heads", start, after.first, 0.4);
        start = approach(away.map((row) => row[after.state]), after.first, arrival.first);
      }
      const end = Math.max(arrival.first, start);
      const others = arrivals.filter((other) => other.place === after.state && other.label !== label);
      const free = !others.some((other) => other.first <= end && end <= other.last);
      const wasHeld = others.some((other) => other.first < start && other.last < epochs.length - 1 && other.last <= end);
      // In one direction there is room for several classes.
      if (places.central !== null) add("moves", start, end, 0.6);
      else if (free && wasHeld) add("takes", start, end, 1);
      else add("moves", start, end, 0.9);
    }
    return found;
  }

  function departure(away, before, after) {
    const lean = away.map((row) => row[before.state] - row[after.state]);
    const rest = median(lean.slice(before.first, before.last + 1));
    let found = before.first;
    for (let t = before.first; t < after.first; t++) if (lean[t] <= rest * (1 - UNDERWAY)) found = t;
    return found;
  }

  function approach(away, turn, arrival) {
    if (arrival <= turn) return arrival;
    const rest = median(away.slice(turn, arrival));
    let found = turn;
    for (let t = turn; t < arrival; t++) if (away[t] >= rest - UNDERWAY * (rest - NEAR)) found = t;
    return found;
  }

  function event(epochs, kind, start, end, label, places, importance) {
    let [first, last] = [epochs[start], epochs[end]];
    if (last > LONGEST * Math.max(first, 1) && kind !== "heads") first = Math.trunc(last / LONGEST);
    return { epoch: first, end: last, kind, classes: [label], places, values: [], importance };
  }

  return { moves };
})();
