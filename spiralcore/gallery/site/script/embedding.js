"use strict";
// The page within another one, or on a wall: what of it is hidden, by the address.

spiral.embedding = (() => {
  const { byId } = spiral.dom;
  /** Names of the parts that can be hidden, see `style/embed.css`. */
  const PARTS = [
    "head", "views", "language", "theme", "bar", "caption", "words", "network", "numbers", "data", "loss",
    "tour", "settings", "follow", "files", "about", "share", "open", "points", "fields", "presets", "take",
  ];
  let embedded = false;

  function build() {
    document.addEventListener("fullscreenchange", () => {
      if (document.fullscreenElement) document.documentElement.dataset.full = "";
      else delete document.documentElement.dataset.full;
      spiral.clock.schedule();
    });
    for (const [panel, bar] of [["layer", "play"], ["train-layer", "train-play"]]) cover(byId(panel), byId(bar));
  }

  /**
   * Without a bar a press on the panel does what the button of the bar does, and for the keyboard
   * there is a button over the panel, which the pointer does not see.
   */
  function cover(panel, button) {
    panel.addEventListener("click", (event) => {
      if (!embedded) return;
      event.stopImmediatePropagation();
      button.click();
    });
    const made = spiral.dom.element("button", { type: "button", class: "cover" });
    made.addEventListener("click", () => button.click());
    const name = () => made.setAttribute("aria-label", button.getAttribute("aria-label"));
    new MutationObserver(name).observe(button, { attributeFilter: ["aria-label"] });
    name();
    panel.after(made);
  }

  /** Hide what an address says: `embed=1` all but the layer, `hide=data.loss` single parts. */
  function apply({ embed, hide = "" }) {
    embedded = embed === "1";
    const { dataset } = document.documentElement;
    const parts = embedded ? PARTS : PARTS.filter((name) => hide.split(".").includes(name));
    if (parts.length) dataset.hidden = parts.join(" ");
    else delete dataset.hidden;
    if (embedded) dataset.embed = "";
    else delete dataset.embed;
    spiral.clock.loop(embedded);
  }

  /** What another page has to hold to show this one. */
  function code(address, title) {
    const escaped = (text) => text.replace(/&/g, "&amp;").replace(/\x22/g, "&quot;").replace(/</g, "&lt;");
    return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="640" height="640" style="border: 0" allow="fullscreen"></iframe>`;
  }

  function full() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return document.documentElement.requestFullscreen();
  }

  return { build, apply, code, full, PARTS };
})();
