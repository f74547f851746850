"use strict";
// Words with a dotted line, which explain themselves in a sentence: to a pointer, to a touch, to keys.

spiral.terms = (() => {
  const { byId, say } = spiral.dom;
  const GAP = 6; // pixels between a word and what is said of it
  const SENTENCES = {
    accuracy: "Accuracy is the share of the points that the network puts into their own class.",
    "cross-entropy": "Cross-entropy is what the training makes small: how surprised the network is by the right classes, in nats.",
    packing: "Packing is how near the class means come to the best possible arrangement, which is 1.",
    "hidden layer": "The hidden layer is what the network makes of the points before it decides: here two neurons, so that it is a plane.",
    "read-out": "The read-out is the last step: straight cuts through the hidden layer, a class on each side.",
    epoch: "An epoch is one pass over all points, after which the weights change.",
  };
  let shown = null; // the word that is explained
  let kept = false; // whether it was asked for by a press

  function build() {
    const box = byId("explained");
    const word = (event) => event.target.closest?.(".term");
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType === "touch") return;
      const over = word(event);
      if (over) show(over, false);
      else if (!kept && !box.contains(event.target)) hide();
    });
    document.addEventListener("focusin", (event) => {
      if (word(event)?.matches(":focus-visible")) show(word(event), false);
    });
    document.addEventListener("focusout", (event) => word(event) === shown && hide());
    document.addEventListener("click", (event) => {
      const pressed = word(event);
      if (!pressed) return box.contains(event.target) || hide();
      if (shown === pressed && kept) hide();
      else show(pressed, true);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
    addEventListener("scroll", () => shown && place(), { passive: true });
  }

  function show(word, press) {
    if (shown && shown !== word) hide();
    kept = press || (kept && shown === word);
    shown = word;
    const box = byId("explained");
    say(box, spiral.words.text(SENTENCES[word.dataset.term]));
    box.hidden = false;
    word.setAttribute("aria-describedby", "explained");
    place();
  }

  /** Below the word, or above it where there is no room; within the window. */
  function place() {
    const box = byId("explained");
    const word = shown.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - GAP;
    const below = word.bottom + GAP;
    box.style.left = `${Math.max(Math.min(word.left, room), GAP)}px`;
    box.style.top = `${below + height + GAP > innerHeight ? Math.max(word.top - height - GAP, GAP) : below}px`;
  }

  function hide() {
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    [shown, kept] = [null, false];
    byId("explained").hidden = true;
  }

  return { build, SENTENCES };
})();
