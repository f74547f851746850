"use strict";
// Numbers for people, as the films write them.

spiral.numbers = (() => {
  const UNKNOWN = "–";
  const RATE = 12; // how often a second they change, so that they can be read while they run

  /** The second that numbers belong to. */
  function slowly(second, playing) {
    return playing ? Math.floor(second * RATE + 1e-6) / RATE : second;
  }

  function epoch(value) {
    return spiral.words.whole(Math.max(value, 0));
  }

  /** Halves away from zero, of what a number was before it was stored in single precision. */
  function rounded(value, places) {
    const [digits, power] = value.toExponential(6).split("e");
    const whole = Math.round(Math.abs(Number(`${digits}e${Number(power) + places}`)));
    const text = Number(`${whole}e${-places}`).toFixed(places);
    return value < 0 && whole ? `-${text}` : text;
  }

  /** The same with the signs of the language. */
  function fixed(value, places) {
    return spiral.words.digits(rounded(value, places));
  }

  /** A difference, with its sign. */
  function signed(value, places) {
    const text = fixed(value, places);
    if (!/[1-9]/.test(text)) return text.replace("-", "");
    return value < 0 ? text.replace("-", "\u2212") : `+${text}`;
  }

  function share(value) {
    if (!Number.isFinite(value)) return UNKNOWN;
    const { percent = "{n} %" } = spiral.words.language() ?? {};
    return percent.replace("{n}", fixed(100 * Number(value.toPrecision(7)), 1));
  }

  function part(value) {
    return Number.isFinite(value) ? fixed(value, 2) : UNKNOWN;
  }

  function nats(value) {
    return Number.isFinite(value) ? fixed(value, 3) : UNKNOWN;
  }

  function size(bytes) {
    return bytes >= 1e5 ? `${fixed(bytes / 1e6, 1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
  }

  /** The value of a curve over epochs; NaN where it was not recorded. */
  function ofCurve(curve, epochOver) {
    if (!curve) return NaN;
    return curve[Math.min(epochOver, curve.length - 1)];
  }

  /** A value that is known at kept epochs, on straight lines between; NaN where the kept epoch
   * before is NaN. */
  function ofKept(epochs, values, epochOver) {
    const last = spiral.timeline.before(epochs, epochOver);
    if (!Number.isFinite(values[last])) return NaN;
    let next = last + 1;
    while (next < values.length && !Number.isFinite(values[next])) next++;
    if (next >= values.length || epochOver <= epochs[last]) return values[last];
    const passed = (epochOver - epochs[last]) / (epochs[next] - epochs[last]);
    return values[last] + passed * (values[next] - values[last]);
  }

  return { slowly, epoch, rounded, signed, share, part, nats, size, ofCurve, ofKept };
})();
