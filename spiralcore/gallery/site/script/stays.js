"use strict";
// Stays: from when to when something is so, without what only trembles; the same as
// `spiralcore/story/stays.py`.

spiral.stays = (() => {
  const LEAST_EPOCHS = 10;
  const LEAST_SHARE = 0.02;
  const PLACE_SHARE = 0.2;

  /** Which of several things is nearest, and changes only where another one is clearly nearer. */
  function nearest(distances, epochs, lead) {
    const least = (row) => row.indexOf(Math.min(...row));
    let state = least(distances[0]);
    const states = distances.map((row) => {
      const at = least(row);
      if (at !== state && row[at] < row[state] - lead) state = at;
      return state;
    });
    return lasting(states, epochs, PLACE_SHARE);
  }

  /** When values are high: state 1 from `high` up until they fall below `low`, else 0. */
  function within(values, epochs, low, high) {
    let state = values[0] >= high ? 1 : 0;
    const states = Array.from(values, (value) => {
      if (value >= high) state = 1;
      else if (value < low) state = 0;
      return state;
    });
    return lasting(states, epochs);
  }

  /** Stays {first, last, state} without those that do not last; the state before then goes on. */
  function lasting(states, epochs, share = LEAST_SHARE) {
    const stays = [];
    for (let first = 0; first < states.length; ) {
      let last = first;
      while (last + 1 < states.length && states[last + 1] === states[first]) last++;
      const final = last === states.length - 1;
      const after = epochs[Math.min(last + 1, epochs.length - 1)];
      const long = after - epochs[first] >= Math.max(LEAST_EPOCHS, share * epochs[first]);
      const before = stays[stays.length - 1];
      if (before && (before.state === states[first] || !(long || final))) before.last = last;
      else stays.push({ first, last, state: states[first] });
      first = last + 1;
    }
    return stays;
  }

  return { nearest, within };
})();
