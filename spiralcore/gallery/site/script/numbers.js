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
    return Math.max(value, 0).toLocaleString("en-US");
  }

  /** Halves away from zero, of what a number was before it was stored in single precision. */
  function fixed(value, places) {
    return Number(value.toPrecision(7)).toFixed(places);
  }

  function share(value) {
    return Number.isFinite(value) ? `${fixed(100 * Number(value.toPrecision(7)), 1)} %` : UNKNOWN;
  }

  function part(value) {
    return Number.isFinite(value) ? fixed(value, 2) : UNKNOWN;
  }

  function nats(value) {
    return Number.isFinite(value) ? fixed(value, 3) : UNKNOWN;
  }

  function size(bytes) {
    return bytes >= 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
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

  return { slowly, epoch, share, part, nats, size, ofCurve, ofKept };
})();
