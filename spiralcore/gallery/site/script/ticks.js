"use strict";
// Round numbers on an axis that zooms: see `spiralcore/stage/marks/borders.py`.

spiral.ticks = (() => {
  const FADING = 1.15;

  function multiples(step, upper) {
    const found = [];
    for (let k = 1; k <= Math.floor(upper / step); k++) found.push(Number((k * step).toPrecision(12)));
    return found;
  }

  /** Numbers up to `upper`, about `wanted` apart: pairs of a value and its opacity. */
  function numbers(wanted, upper) {
    const exponent = Math.floor(Math.log10(wanted));
    const steps = [];
    for (const power of [exponent - 1, exponent, exponent + 1]) {
      for (const digit of [1, 2, 5]) steps.push(digit * 10 ** power);
    }
    const after = steps.findIndex((step, i) => i > 0 && step >= wanted);
    const past = new Set(multiples(steps[after - 1], upper));
    const next = new Set(multiples(steps[after], upper));
    const passed = Math.log(wanted / steps[after - 1]) / Math.log(FADING);
    const shown = [];
    for (const value of new Set([...past, ...next])) {
      let opacity = 1;
      if (!next.has(value)) opacity = 1 - 2 * passed;
      else if (!past.has(value)) opacity = Math.min(2 * passed - 1, 1);
      if (opacity > 0.02) shown.push([value, opacity]);
    }
    return shown;
  }

  return { numbers };
})();
