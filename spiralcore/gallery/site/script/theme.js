"use strict";
// Colours: those of the films. The system decides between dark and light until the reader does.

spiral.theme = (() => {
  const listeners = [];
  const light = matchMedia("(prefers-color-scheme: light)");
  let chosen = "";

  function palette() {
    return spiral.parts.facts("manifest").palette;
  }

  function name() {
    const onPaper = spiral.printing.now();
    if (chosen && !onPaper) return chosen;
    const scheme = light.matches || onPaper ? "light" : "dark";
    const names = Object.keys(palette());
    return names.find((theme) => palette()[theme].scheme === scheme) ?? names[0];
  }

  /** Take a theme by its name; anything else leaves it to the system. */
  function choose(wanted) {
    chosen = Object.hasOwn(palette(), wanted) ? wanted : "";
    changed();
  }

  /** The theme after this one; after the last one comes the first. */
  function next() {
    const names = Object.keys(palette());
    return names[(names.indexOf(name()) + 1) % names.length];
  }

  function changed() {
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    for (const listener of listeners) listener();
  }

  light.addEventListener("change", changed);

  function colours() {
    return palette()[name()];
  }

  function rgb(text) {
    return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
  }

  /** Colour of a class; they repeat after the last one. */
  function ofClass(label) {
    const { classes } = colours();
    return classes[label % classes.length];
  }

  /** Colour of a measured value by its share of the way from the least to the largest. */
  function ofValue(share) {
    const { values } = colours();
    const place = share * (values.length - 1);
    const below = Math.min(Math.floor(place), values.length - 2);
    const [from, to] = [values[below], values[below + 1]].map(rgb);
    const mixed = from.map((value, i) => Math.round(value + (place - below) * (to[i] - value)));
    return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
  }

  /** Colour of its region, [r, g, b]. */
  function ofRegion(label) {
    const { regions } = colours();
    return rgb(regions[label % regions.length]);
  }

  /** What tells classes of one colour apart: 0 nothing, 1 a hole, 2 a bar across, 3 an upright one. */
  function markOf(label) {
    return Math.floor(label / colours().classes.length) % spiral.parts.facts("manifest").marks.length;
  }

  /** From which class on colours repeat; the same words as in `themes.py`. */
  function repeated(classes) {
    const count = colours().classes.length;
    const { marks } = spiral.parts.facts("manifest");
    if (classes <= count) return "";
    const names = marks.filter((name, i) => i && classes > i * count);
    const { text } = spiral.words;
    const later = names.map((name, i) => text("after {n} {name}", { n: (i + 1) * count, name: text(name) })).slice(1);
    const list = [text(names[0]), ...later].join(", ");
    const whole = text("colours repeat after {n} classes, then points have {list}", { n: count, list });
    return classes <= marks.length * count ? whole : text("{v}; then all repeats", { v: whole });
  }

  const pixels = new Map();

  /** Muted colours of all classes as pixels, Uint32Array. */
  function regionPixels(classes) {
    const key = `${name()} ${classes}`;
    if (!pixels.has(key)) {
      const packed = Uint32Array.from({ length: classes }, (_, label) => {
        const [r, g, b] = ofRegion(label);
        return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
      });
      pixels.set(key, packed);
    }
    return pixels.get(key);
  }

  return {
    name,
    choose,
    next,
    chosen: () => chosen,
    colours,
    rgb,
    ofClass,
    ofValue,
    ofRegion,
    markOf,
    repeated,
    regionPixels,
    listen: (listener) => listeners.push(listener),
  };
})();
