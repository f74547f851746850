"use strict";
// Events as sentences: the same as `spiralcore/story/sentences.py`, from the same tables.

spiral.speaker = (() => {
  const MOST_WORDS = 12;
  const LONGEST_NAME = 2;
  const FEW = 4;

  /** Says what happens to classes of a path, which may have names of their own. */
  class Speaker {
    constructor({ classes, network }) {
      this.language = spiral.words.language();
      this.classes = classes;
      this.names = network.class_names ?? [];
    }

    name(label) {
      const own = (this.names[label] ?? "").trim();
      if (own && own.split(/\s+/).length <= LONGEST_NAME && !/^\p{N}+$/u.test(own)) return own;
      const { colours, class_named: named } = this.language;
      return colours[label] || named.replace("{n}", label + 1);
    }

    /** An event as a sentence. */
    line(event) {
      if (event.kind === "settle") return this.settled(event);
      return this.say(this.key(event), event.classes, this.fields(event));
    }

    /** A sentence of the table. */
    say(key, classes = [], fields = {}) {
      return capital(this.filled(this.language.sentences[key], classes, fields));
    }

    filled(sentence, classes, fields) {
      return sentence.replace(/\{(\w+)\}/g, (_, name) => {
        if (name === "a" || name === "b") return this.name(classes["ab".indexOf(name)]);
        return name === "all" ? this.several(classes) : fields[name];
      });
    }

    several(classes) {
      const names = classes.map((label) => this.name(label));
      const last = names.pop();
      return names.length ? `${names.join(", ")} ${this.language.conjunction} ${last}` : last;
    }

    settled({ classes, places }) {
      const { sentences, to } = this.language;
      const parts = classes.map((label, i) => this.filled(sentences[i ? "settle_next" : "settle"], [label], { to: to[places[i]] }));
      const line = capital(`${parts.join(", ")}.`);
      if (line.split(/\s+/).length <= MOST_WORDS) return line;
      return classes.length <= FEW ? this.say("settle_many", classes) : this.say("settle_count", [], { n: this.count(classes.length) });
    }

    key({ kind, classes, places }) {
      if ((kind === "landless" || kind === "stuck") && classes.length > 1) return `${kind}_many`;
      if (kind === "together" && classes.length === 2) return "together_two";
      if (kind === "stuck" && !places.length) return "stuck_nowhere";
      if (kind === "edge" && this.classes > FEW) return "edge_crowded";
      if ((kind === "moves" || kind === "takes") && places.every((place) => place.split(" ").slice(1).includes("corner"))) {
        const key = kind + direction(...places);
        return key in this.language.sentences ? key : kind;
      }
      return kind;
    }

    fields({ kind, classes, places, values }) {
      const { to, at, what } = this.language;
      const found = { n: this.count(classes.length) };
      if (kind === "dies") found.n = this.number(values[0], 0);
      if (places.length) {
        const place = places[places.length - 1];
        Object.assign(found, { to: to[place], at: at[place], what: what[place] });
      }
      if (kind === "spike") Object.assign(found, { v: this.number(values[0], 2), w: this.number(values[1], 2) });
      else if (kind === "right" || kind === "all_right") found.v = this.percentage(0.99);
      else if (values.length) found.v = this.percentage(values[0]);
      return found;
    }

    number(value, places) {
      const [whole, part] = spiral.numbers.rounded(Math.abs(value), places).split(".");
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
      const text = spiral.words.digits(part ? `${grouped}.${part}` : grouped);
      return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
    }

    count(value) {
      return this.language.numbers[value] ?? this.number(value, 0);
    }

    percentage(share) {
      let value = Number(spiral.numbers.rounded(100 * share, 0));
      if (share < 1) value = Math.min(value, 99);
      if (share > 0) value = Math.max(value, 1);
      return this.language.percent.replace("{n}", this.number(value, 0));
    }
  }

  /** Which way leads from one corner of a square to another. */
  function direction(start, end) {
    const height = (place) => ({ top: 1, bottom: -1 })[place.split(" ")[0]];
    const rise = height(end) - height(start);
    const aside = start.split(" ")[1] !== end.split(" ")[1];
    if (rise && !aside) return rise > 0 ? "_up" : "_down";
    return aside && !rise ? "_across" : "";
  }

  function capital(text) {
    return text.replace(/\S/u, (letter) => letter.toUpperCase());
  }

  return { Speaker };
})();
