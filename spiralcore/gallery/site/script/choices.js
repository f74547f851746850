"use strict";
// What one may choose of a training: bounds, defaults, and how it stands in the address.

spiral.choices = (() => {
  const { Refusal } = spiral.refusal;
  const { text, whole: written } = spiral.words;
  const LARGEST_WIDTH = 512;
  const MOST_LAYERS = 6;

  function facts() {
    return spiral.parts.facts("manifest").training;
  }

  /** Numbers that every training has: their name in the address, what people call them, bounds. */
  function numbers() {
    const { classes, most_points: points } = facts();
    return {
      classes: { key: "k", label: "Classes", whole: true, least: classes[0], most: classes[1], group: "data" },
      points: { key: "n", label: "Points a class", whole: true, least: 3, most: points / classes[1], group: "data" },
      learning_rate: { key: "lr", label: "Learning rate", above: 0, most: 10, group: "steps" },
      warm_up: { key: "warm", label: "Warm-up, epochs", whole: true, least: 0, most: 1e5, group: "steps" },
      l2: { key: "l2", label: "L2", least: 0, most: 10, group: "steps" },
      epochs: { key: "epochs", label: "Epochs at most", whole: true, least: 1, most: 1e6, group: "steps" },
      seed: { key: "seed", label: "Seed", whole: true, least: 0, most: Number.MAX_SAFE_INTEGER, group: "steps" },
      attempt: { key: "first", label: "Draw of weights", whole: true, least: 1, most: 1e6, group: "steps" },
    };
  }

  /** The numbers that a kind of data has of its own. */
  function ownOf(kind) {
    const { settings } = facts().sets[kind] ?? { settings: {} };
    return Object.fromEntries(Object.entries(settings).map(([name, rule]) => [name, { key: name, ...rule }]));
  }

  function rules(kind) {
    return { ...numbers(), ...ownOf(kind) };
  }

  /** What is chosen where nothing is said. */
  function usual(kind = "spirals") {
    const own = Object.fromEntries(Object.entries(ownOf(kind)).map(([name, rule]) => [name, rule.default]));
    return { kind, classes: 4, activation: "tanh", seed: 1, attempt: 1, ...facts().usual, ...own };
  }

  function bounds({ least, above, most, below, whole }) {
    const from = least != null ? text("from {n}", { n: least }) : above != null ? text("above {n}", { n: above }) : "";
    const to = most != null ? text("to {n}", { n: written(most) }) : below != null ? text("below {n}", { n: below }) : "";
    return [whole ? text("a whole number") : text("a number"), from, to].filter(Boolean).join(" ");
  }

  /** A number from a text, by its rule; a Refusal where it is none that may be chosen. */
  function number(typed, rule) {
    const { label, least, above, most, below, whole } = rule;
    const trimmed = String(typed).trim();
    if (!trimmed && rule.default === null) return null;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : NaN;
    const fits =
      Number.isFinite(value) && (!whole || Number.isInteger(value)) && !(value < least) && !(value > most) &&
      !(above != null && value <= above) && !(below != null && value >= below);
    if (!fits) throw found(label, trimmed, `${bounds(rule)}.`);
    return value;
  }

  /** What is said of a text that cannot be used, by the label of its field. */
  function found(label, typed, expected, next = "") {
    return new Refusal(text("{name}: found '{v}'.", { name: text(label), v: typed.slice(0, 40) }), expected, next);
  }

  /** Hidden widths from a text; the last layer is the one that is drawn. */
  function widths(typed) {
    const trimmed = String(typed).trim();
    const sizes = trimmed.split(/[\s,-]+/).map(Number);
    const fit = sizes.every((width) => Number.isInteger(width) && width >= 1 && width <= LARGEST_WIDTH);
    if (!fit || sizes.length > MOST_LAYERS || sizes[sizes.length - 1] !== 2) {
      const expected = text("1 to {n} hidden layers of 1 to {m} units, the last one, which is drawn, of 2.", { n: MOST_LAYERS, m: LARGEST_WIDTH });
      throw found("Widths", trimmed, expected, "120 80 40 2");
    }
    return sizes;
  }

  /** What does not go together. */
  function checked(settings) {
    const { kind, inner_radius: inner, outer_radius: outer, fields, classes } = settings;
    if (kind in facts().sets && inner >= outer) {
      throw new Refusal(text("Inner radius: found {n} with an outer one of {m}.", { n: inner, m: outer }), text("a smaller inner radius."));
    }
    if (kind === "checkerboard") {
      const there = new Set();
      for (let i = 0; i < fields * fields; i++) {
        there.add((Math.floor(i / fields) + (classes < 4 ? 1 : 2) * (i % fields)) % classes);
      }
      if (there.size < classes) {
        throw new Refusal(
          text("Fields a side: found {n} with {m} classes.", { n: fields, m: classes }),
          text("a field for each class: more fields, or fewer classes."),
        );
      }
    }
    return settings;
  }

  /** Settings from an address; what cannot be used there is as usual. */
  function read(state) {
    const kind = Object.hasOwn(facts().sets, state.data) || state.data === "own" ? state.data : "spirals";
    const found = usual(kind);
    const take = (name, get) => {
      try {
        found[name] = get();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    };
    for (const [name, rule] of Object.entries(rules(kind))) {
      if (state[rule.key] !== undefined) take(name, () => number(state[rule.key], rule));
    }
    if (state.widths) take("widths", () => widths(state.widths));
    if (Object.hasOwn(facts().packing, state.act)) found.activation = state.act;
    try {
      return checked(found);
    } catch {
      return usual(kind);
    }
  }

  /** The same for the address: only what is not as usual; nothing of other kinds of data. */
  function addressed(settings) {
    const { kind } = settings;
    const known = usual(kind);
    const found = { data: kind === "spirals" ? "" : kind, act: settings.activation === "tanh" ? "" : settings.activation };
    for (const other of Object.keys(facts().sets)) for (const name of Object.keys(ownOf(other))) found[name] = "";
    for (const [name, { key }] of Object.entries(rules(kind))) {
      found[key] = settings[name] === known[name] ? "" : String(settings[name] ?? "");
    }
    found.widths = settings.widths.join("-") === known.widths.join("-") ? "" : settings.widths.join("-");
    return found;
  }

  return { facts, numbers, ownOf, usual, number, widths, checked, read, written: addressed };
})();
