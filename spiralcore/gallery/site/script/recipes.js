"use strict";
// The same training elsewhere: a recipe for `spiral train`, and the lines to type.

spiral.recipes = (() => {
  const { typed } = spiral.refusal;

  /** The settings of generated data by their names in recipes; null for points of one's own. */
  function data(settings) {
    const { kind, points } = settings;
    if (!(kind in spiral.choices.facts().sets)) return null;
    const own = Object.keys(spiral.choices.ownOf(kind)).map((name) => [name, settings[name]]);
    return { kind, points_per_class: points, ...Object.fromEntries(own.filter(([, value]) => value !== null)) };
  }

  function line([name, value]) {
    const shown = Array.isArray(value) ? `[${value.join(", ")}]` : typeof value === "string" ? `"${value}"` : decimal(value);
    return `${name} = ${shown}`;
  }

  /** A number as TOML has it: 1e-7 is written with a point by no program that reads it. */
  function decimal(value) {
    return String(value).replace("e+", "e");
  }

  /**
   * A recipe, as TOML: `spiral train --recipe FILE` trains it again.
   *
   * @param epochs how many were trained
   * @param table file of the points, where they are one's own
   */
  function toml(settings, epochs, table) {
    const points = data(settings) ?? { kind: "table", table };
    const training = { epochs, learning_rate: settings.learning_rate, warm_up: settings.warm_up, l2: settings.l2, attempts: 1 };
    return [
      "# The training of the page: spiral train --recipe FILE trains it again.",
      ...(settings.attempt > 1
        ? [`# The page has drawn other first weights, number ${settings.attempt}; spiral train begins with the first ones.`]
        : []),
      `classes = [${settings.classes}]`,
      `close_ups = [${settings.classes}]`,
      `activations = ["${settings.activation}"]`,
      `seed = ${settings.seed}`,
      "",
      "[data]",
      ...Object.entries(points).map(line),
      "",
      "[network]",
      line(["widths", settings.widths]),
      "",
      "[training]",
      ...Object.entries(training).map(line),
      "",
    ].join("\n");
  }

  /** The line that makes a film of a file. */
  function film(file) {
    return `spiral render bending ${typed(file)}`;
  }

  return { data, toml, film };
})();
