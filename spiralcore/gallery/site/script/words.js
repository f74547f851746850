"use strict";
// The language of the page. Texts of the page are called by their English words; sentences of what
// happens are those of the films, see `spiralcore/registry/languages/`.

spiral.words = (() => {
  const ENGLISH = "en";
  const ATTRIBUTES = ["aria-label", "title", "label", "data-drop", "data-drop-table", "data-missing"];
  let code = ENGLISH;
  let places = null;

  function all() {
    return spiral.parts.facts("manifest")?.languages ?? {};
  }

  function language() {
    return all()[code];
  }

  /** Which language is meant: the one that is asked for, or the first of the browser's that there is. */
  function meant(wanted) {
    const known = all();
    const asked = [wanted, ...navigator.languages].map((one) => String(one ?? "").slice(0, 2).toLowerCase());
    return asked.find((one) => Object.hasOwn(known, one)) ?? ENGLISH;
  }

  /** Take a language, and say everything that is on the page in it. */
  function choose(wanted) {
    code = meant(wanted);
    document.documentElement.lang = code;
    if (code === ENGLISH) return;
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (["SCRIPT", "STYLE"].includes(node.parentNode.tagName)) continue;
      const key = node.data.trim().replace(/\s+/g, " ");
      if (key) node.data = node.data.replace(node.data.trim(), () => text(key));
    }
    for (const name of ATTRIBUTES) {
      for (const place of document.querySelectorAll(`[${name}]`)) place.setAttribute(name, text(place.getAttribute(name)));
    }
  }

  /** Where all languages list a text. */
  function placeOf(key) {
    places ??= new Map(spiral.parts.facts("manifest")?.texts.map((one, i) => [one, i]));
    return places.get(key);
  }

  /** A text of the page; `{name}` in it is filled from the fields. */
  function text(key, fields = {}) {
    const found = language()?.page[placeOf(key)] ?? key;
    return found.replace(/\{(\w+)\}/g, (whole, name) => String(fields[name] ?? whole));
  }

  /** Digits with the signs of the language: a text that is written as in English. */
  function digits(written) {
    const { decimal = ".", thousands = "," } = language() ?? {};
    return written.replace(/[.,]/g, (sign) => (sign === "." ? decimal : thousands));
  }

  const NUMBER = /^[+\u2212-]?[\d,]*\.?\d+$/;
  const PERCENTAGE = /^([\d,]*\.?\d+) %$/;

  /** What somebody says who does not know the language: words as English ones, with their fields, see `phrase.py`. */
  function said(phrase) {
    if (Array.isArray(phrase)) {
      const [words, fields] = phrase;
      return text(words, Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, said(field)])));
    }
    const written = String(phrase);
    const share = PERCENTAGE.exec(written);
    if (share) return (language()?.percent ?? "{n} %").replace("{n}", digits(share[1]));
    return NUMBER.test(written) ? digits(written) : text(written);
  }

  /** Several phrases as one; those that are empty are left out. */
  function joined(between, phrases) {
    return phrases.map(said).filter(Boolean).join(between);
  }

  /** A whole number. */
  function whole(value) {
    // The function that browsers have for it takes long when it is first asked.
    return digits(String(value).replace(/\B(?=(\d{3})+$)/g, ","));
  }

  /** What a network is called: a name that the page has made is said in its language. */
  function titled({ title, classes, activation }) {
    const made = title === `${classes} classes, ${activation}`;
    return made ? text("{n} classes, {name}", { n: classes, name: activation }) : title;
  }

  return { all, language, titled, choose, meant, text, said, joined, digits, whole, code: () => code };
})();
