"use strict";
// Keys that work all over the page: each unless what has the focus needs it.

spiral.keys = (() => {
  const STEP = 0.1; // seconds
  const TYPED = ["text", "number", "search", "email", "url", "tel", "password"];

  /** `toggle()`, `step(seconds)` and `faster(by)` are what the keys do. */
  function build({ toggle, step, faster }) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target, key, shiftKey } = event;
      if (isText(target)) return;
      if (key === " ") {
        if (!event.repeat) toggle();
      } else if (key === "Enter" && target.type === "checkbox") {
        target.click();
      } else if (needsArrows(target)) {
        return;
      } else if (key === "ArrowLeft" || key === "ArrowRight") {
        step((key === "ArrowLeft" ? -1 : 1) * (shiftKey ? 10 * STEP : STEP));
      } else if (shiftKey && (key === "ArrowUp" || key === "ArrowDown")) {
        faster(key === "ArrowUp" ? 1 : -1);
      } else {
        return;
      }
      event.preventDefault();
    });
    // Buttons are pressed when space is let go, whatever was done when it went down.
    document.addEventListener("keyup", (event) => {
      if (event.key === " " && !isText(event.target)) event.preventDefault();
    });
  }

  /** Whether one writes there. */
  function isText(target) {
    const { tagName, type, isContentEditable } = target;
    return tagName === "TEXTAREA" || isContentEditable === true || (tagName === "INPUT" && TYPED.includes(type));
  }

  /** Whether arrows choose there; those of the scrubber are ours. */
  function needsArrows({ tagName, type }) {
    return tagName === "SELECT" || (tagName === "INPUT" && type === "radio");
  }

  return { build };
})();
