"use strict";
// Words about what cannot be used: what was found, what would have been right, what to type next. In
// English they are those of Python; see `words.js` for other languages.

spiral.refusal = (() => {
  const { text } = spiral.words;
  const QUOTE = "'\"'\"'"; // in a text of the shell

  /** As `SpiralError` in Python; messages of files are the same there. */
  class Refusal extends Error {
    constructor(found, expected = "", next = "") {
      const lines = [found, expected && text("expected: {v}", { v: expected }), next && text("next: {v}", { v: next })];
      super(lines.filter(Boolean).join("\n"));
      Object.assign(this, { found, expected, next });
    }

    /** The same of a file of some name. */
    of(name) {
      return new Refusal(`${name}: ${this.found}`, this.expected, this.next);
    }
  }

  /** Of a file that is damaged, or something else. */
  function unreadable(name, why) {
    return new Refusal(
      text("{name} is not a readable .npz file: {v}.", { name, v: why }),
      text("a trajectory file."),
      text("if it was copied, copy it again; if spiral made it, train it again"),
    );
  }

  /** A whole number with the signs of the language. */
  const count = spiral.words.whole;

  /** A shape as Python writes a tuple. */
  function shape(sizes) {
    return `(${sizes.join(", ")}${sizes.length === 1 ? "," : ""})`;
  }

  /** A text as Python writes it in quotes. */
  function quoted(text) {
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    const inner = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
    return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
  }

  /** A number as Python writes it, the shortest that is read as the same. */
  function number(value) {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    let digits = 1;
    while (digits < 17 && Number(value.toPrecision(digits)) !== value) digits++;
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const power = Number(exponent);
    if (value !== 0 && (power >= 16 || power < -4)) {
      return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
    }
    const plain = Number(value.toPrecision(digits)).toFixed(Math.max(digits - 1 - power, 0));
    return plain.includes(".") ? plain : `${plain}.0`;
  }

  /** A name of a file as a shell needs it. */
  function typed(name) {
    return /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", QUOTE)}'`;
  }

  return { Refusal, unreadable, count, shape, quoted, number, typed };
})();
