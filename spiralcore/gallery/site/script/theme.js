"use strict";
// Colours: those of the films, dark or light. The system decides until the reader does.

spiral.theme = (() => {
  const listeners = [];
  const light = matchMedia("(prefers-color-scheme: light)");
  let chosen = "";

  function name() {
    return chosen || (light.matches ? "light" : "dark");
  }

  /** Take "dark" or "light"; anything else leaves it to the system. */
  function choose(wanted) {
    chosen = wanted === "dark" || wanted === "light" ? wanted : "";
    changed();
  }

  function changed() {
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    for (const listener of listeners) listener();
  }

  light.addEventListener("change", changed);

  function colours() {
    return spiral.parts.facts("manifest").palette[name()];
  }

  function rgb(text) {
    return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
  }

  /** Colour of a class; they repeat after the last one. */
  function ofClass(label) {
    const { classes } = colours();
    return classes[label % classes.length];
  }

  /** Muted form of it, [r, g, b]. */
  function ofRegion(label) {
    const background = rgb(colours().background);
    const { fill } = colours();
    return rgb(ofClass(label)).map((value, i) =>
      Math.round(background[i] + fill * (value - background[i])),
    );
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
    chosen: () => chosen,
    colours,
    rgb,
    ofClass,
    ofRegion,
    regionPixels,
    listen: (listener) => listeners.push(listener),
  };
})();
