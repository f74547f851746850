"use strict";
// Whether arrays fit together, which of them does not, and how it would: the same as
// `spiralcore/trajectory/shapes.py`, with the same words.

spiral.shapes = (() => {
  const { Refusal } = spiral.refusal;
  const { text } = spiral.words;
  const EPOCHS = "E+1";
  const written = spiral.refusal.shape;

  /** How many arrays have which size where a letter stands: a Map of sizes for each letter. */
  function votesOf(shapes, rules) {
    const votes = new Map();
    for (const [name, rule] of rules) {
      const shape = shapes.get(name) ?? [];
      if (shape.length !== rule.shape.length) continue;
      rule.shape.forEach((letter, i) => {
        if (typeof letter !== "string" || !(shape[i] > 0)) return;
        if (!votes.has(letter)) votes.set(letter, new Map());
        const sizes = votes.get(letter);
        sizes.set(shape[i], (sizes.get(shape[i]) ?? 0) + 1);
      });
    }
    return votes;
  }

  /** The size that most arrays have; the first one where there are several. */
  function usual(sizes) {
    let best;
    for (const [size, times] of sizes ?? []) if (times > 0 && !(times <= best?.times)) best = { size, times };
    return best?.size;
  }

  /**
   * Verify that arrays have the shapes of their rules, with the same size for the same letter.
   * Where sizes differ, most arrays are right: the one that does not fit them is named.
   */
  function check(shapes, rules, wanted) {
    const votes = votesOf(shapes, rules);
    const seen = new Set();
    for (const [name, rule] of rules) {
      if (!shapes.has(name)) continue;
      const shape = shapes.get(name);
      for (const letter of rule.shape) if (typeof letter === "string" && letter !== EPOCHS) seen.add(letter);
      if (fits(shape, rule, votes)) continue;
      const own = votesOf(new Map([[name, shape]]), rules);
      const known = new Map();
      for (const letter of seen) {
        const size = usual(without(votes.get(letter), own.get(letter)));
        if (size !== undefined) known.set(letter, size);
      }
      const here = [...known].map(([letter, size]) => `${letter} = ${size}`).join(", ");
      throw new Refusal(
        text("the array '{name}' has the shape {v}.", { name, v: written(shape) }),
        wanted(rule) + (here ? ` ${text("Here {v}.", { v: here })}` : ""),
        cure(name, shape, rule, known),
      );
    }
  }

  function without(sizes, own) {
    return new Map([...(sizes ?? [])].map(([size, times]) => [size, times - (own?.get(size) ?? 0)]));
  }

  function fits(shape, rule, votes) {
    if (shape.length !== rule.shape.length || shape.includes(0)) return false;
    return rule.shape.includes(EPOCHS) || rule.shape.every((letter, i) => shape[i] === (typeof letter === "string" ? usual(votes.get(letter)) : letter));
  }

  /** All orders of some axes but the first, which leaves everything as it is. */
  function orders(axes) {
    if (axes.length < 2) return [axes];
    return axes.flatMap((axis) => orders(axes.filter((other) => other !== axis)).map((rest) => [axis, ...rest]));
  }

  /** What makes an array of the right shape, if there is one thing only; else an empty text. */
  function cure(name, shape, rule, known) {
    const sizes = rule.shape.map((letter) => (typeof letter === "string" ? known.get(letter) : letter));
    const right = (found) => found.length === sizes.length && sizes.every((size, i) => size === undefined || size === found[i]);
    if (shape.includes(0)) return "";
    if (shape.length === sizes.length) {
      const fitting = orders(shape.map((_, axis) => axis)).slice(1).filter((order) => right(order.map((axis) => shape[axis])));
      if (fitting.length !== 1) return "";
      return shape.length === 2 ? `${name}.T` : `${name}.transpose${written(fitting[0])}`;
    }
    if (sizes.length === 1 && shape.length > 1) {
      const product = shape.reduce((one, other) => one * other, 1);
      const longest = Math.max(...shape);
      if (longest === product && right([longest])) return `${name}.ravel()`;
      if (name === "labels" && shape.length === 2 && right([shape[0]])) return text("labels.argmax(axis=1), if there is a single 1 in each row");
      return "";
    }
    if (shape.length !== sizes.length - 1) return "";
    if (right([1, ...shape])) return `${name}[None]`;
    return right([...shape, 1]) ? `${name}[..., None]` : "";
  }

  /** Verify that each curve has a value for every epoch of the run, and all equally many. */
  function curves(arrays, names, longest) {
    const epochs = arrays.get("epochs").data;
    const last = epochs[epochs.length - 1];
    if (epochs[0] < 0 || last > longest || epochs.some((epoch, i) => i && epoch <= epochs[i - 1])) return;
    const lengths = new Map(names.filter((name) => arrays.has(name)).map((name) => [name, arrays.get(name).shape[0]]));
    for (const [name, length] of lengths) {
      if (length > last) continue;
      let mend = text("{name} at every epoch, or no {name}", { name });
      if (length === epochs.length) mend = text("{name} at every epoch and not at the kept ones only, or no {name}", { name });
      else if (length === last) mend = text("{name} with the value before training as its first, or no {name}", { name });
      throw new Refusal(
        text("the array '{name}' has the shape {v}.", { name, v: written([length]) }),
        text("{v} or longer: a value for every epoch from 0 on, as 'epochs' goes to {n}.", { v: written([last + 1]), n: last }),
        mend,
      );
    }
    const sizes = new Map();
    for (const length of lengths.values()) sizes.set(length, (sizes.get(length) ?? 0) + 1);
    const most = usual(sizes);
    for (const [name, length] of lengths) {
      if (length === most) continue;
      const like = [...lengths.keys()].find((other) => lengths.get(other) === most);
      throw new Refusal(
        text("the array '{name}' has the shape {v}.", { name, v: written([length]) }),
        text("{v}, as '{name}' has: a value for every epoch of the run.", { v: written([most]), name: like }),
      );
    }
  }

  return { check, curves };
})();
