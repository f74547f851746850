"use strict";
// What trainings are counted in: epochs, or steps, batches, samples. As `spiralcore/trajectory/play/counting.py`.

spiral.counting = (() => {
  const UNITS = { epoch: "epochs", step: "steps", batch: "batches", sample: "samples" };
  const EPOCHS = { unit: "epoch", counts: null };

  /** What networks that are shown in step are counted in; each has `unit`, `counts` and `trained`. */
  function of(networks) {
    if (!networks.length) return EPOCHS;
    const longest = networks.reduce((one, other) => (other.trained > one.trained ? other : one));
    const alike = ({ unit, counts }) =>
      unit === longest.unit && !counts === !longest.counts && (counts ?? []).every((count, state) => count === longest.counts[state]);
    if (!networks.every(alike)) return EPOCHS;
    return { unit: longest.unit ?? "epoch", counts: longest.counts ?? null };
  }

  /** How much was over at a state, or between two of them. */
  function at({ counts }, epoch) {
    if (!counts) return Math.floor(epoch);
    const last = counts.length - 1;
    const before = Math.min(Math.max(Math.floor(epoch), 0), last);
    const share = Math.min(Math.max(epoch - before, 0), 1);
    const next = counts[Math.min(before + 1, last)];
    return counts[before] + Math.floor(share * (next - counts[before]) + 1e-6);
  }

  /** When so much was over. */
  function state({ counts }, count) {
    if (!counts) return count;
    return spiral.timeline.interpolate(count, counts, counts.map((_, state) => state));
  }

  /** Powers of ten of what is counted, up to a state: {count, epoch}. */
  function powers(counting, last) {
    const found = [];
    const first = at(counting, Math.min(1, last));
    for (let count = 1; count <= at(counting, last); count *= 10) {
      if (count >= first) found.push({ count, epoch: state(counting, count) });
    }
    return found;
  }

  /** What a recipe says is counted. */
  function unit(recipe) {
    return Object.hasOwn(UNITS, recipe.unit) ? recipe.unit : "epoch";
  }

  return { EPOCHS, UNITS, of, at, state, powers, unit };
})();
