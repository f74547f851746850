"use strict";
// Colours of points: of their classes, or of measured values in their place, as in the films.

spiral.inks = (() => {
  const SHADES = 64; // colours of a scale, fewer than the eye tells apart
  const codes = new WeakMap(); // of values: {count: codes}

  /**
   * What colours the points of a path, or of anything else with its labels.
   *
   * @param path {labels, classes, targets: measured values or nothing}
   * @param shades how many colours a scale has
   * @returns {codes: one for each point, count: how many there are, colour(code), mark(code), name}
   */
  function of({ labels, classes, targets }, shades = SHADES) {
    const { theme } = spiral;
    if (!targets) return { codes: labels, count: classes, colour: theme.ofClass, mark: theme.markOf, name: "classes" };
    if (!codes.has(targets)) codes.set(targets, new Map());
    const known = codes.get(targets);
    if (!known.has(shades)) known.set(shades, coded(targets, shades));
    const colour = (code) => theme.ofValue(code / (shades - 1));
    return { codes: known.get(shades), count: shades, colour, mark: () => 0, name: "values" };
  }

  /** The nearest of some shades for each value, from the least to the largest. */
  function coded(targets, shades) {
    const [least, most] = endsOf(targets);
    const span = most - least || 1;
    return Uint16Array.from(targets, (value) => Math.round(((value - least) / span) * (shades - 1)));
  }

  /** The least and the largest value. */
  function endsOf(targets) {
    return targets.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  }

  /** The same for people, in English: four digits, see `ends_of` in `sentences.py`. */
  function writtenEnds(targets) {
    return endsOf(targets).map((value) => {
      const [mantissa, exponent] = value.toExponential(3).split("e");
      const power = Number(exponent);
      if (power >= -4 && power < 4) return Number(value.toPrecision(4)).toLocaleString("en-US", { maximumFractionDigits: 7 });
      return `${Number(mantissa)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
    });
  }

  /** Items of a list that say what the colours mean: classes that have names, or the scale of values. */
  function legend({ class_names: names = [], values }) {
    const { element } = spiral.dom;
    const { text, digits } = spiral.words;
    if (values) {
      const line = element("li", { class: "scale" });
      line.append(`${text("value:")} ${digits(values[0])}`, element("span", { class: "values" }), digits(values[1]));
      return [line];
    }
    return names.map((name, label) => {
      const line = element("li");
      const colour = element("span", { class: "swatch" });
      colour.style.backgroundColor = spiral.theme.ofClass(label);
      line.append(colour, name);
      return line;
    });
  }

  /** How many classes there are, or how many points where labels say nothing of classes. */
  function counted({ labelled, classes, points }) {
    const { text, whole } = spiral.words;
    return labelled === false ? text("{n} points", { n: whole(points) }) : text("{n} classes", { n: classes });
  }

  return { of, writtenEnds, legend, counted };
})();
