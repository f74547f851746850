"use strict";
// Points that the reader follows: chosen in the layer, in the data, by a button or by their number.

spiral.following = (() => {
  const { byId, say } = spiral.dom;
  const MOST = 64;
  let settings = null;
  let chosen = () => {};

  /** `choose(points)` is called with those that are to be followed. */
  function build(known, choose) {
    settings = known;
    chosen = choose;
    byId("each").addEventListener("click", () => choose(oneOfEach()));
    byId("none").addEventListener("click", () => choose([]));
    byId("follow").addEventListener("click", followNumber);
    byId("point").addEventListener("keydown", (event) => {
      if (event.key === "Enter") followNumber();
    });
    for (const id of ["layer", "chosen"]) pointing(byId(id));
  }

  function oneOfEach() {
    const path = spiral.shown.stage()?.path;
    const found = new Map();
    // The fixed, mixed order: some point of each class and not the one at the end of its arm.
    for (const point of path?.order ?? []) if (!found.has(path.labels[point])) found.set(path.labels[point], point);
    return [...found.keys()].sort((a, b) => a - b).map((label) => found.get(label)).slice(-MOST);
  }

  function followNumber() {
    const path = spiral.shown.stage()?.path;
    const number = Number(byId("point").value);
    if (!path || !Number.isInteger(number) || number < 1 || number > path.points) return;
    toggle(number - 1);
  }

  function toggle(point) {
    const { followed } = settings;
    const wanted = followed.includes(point) ? followed.filter((one) => one !== point) : [...followed, point];
    chosen(wanted.slice(-MOST));
  }

  /** Say which are followed. */
  function tell() {
    const { text, whole } = spiral.words;
    const numbers = settings.followed.map((point) => whole(point + 1));
    if (!numbers.length) return say(byId("followed"), text("Point at the layer or the data to see a path; click to keep it."));
    const few = numbers.slice(0, 8).join(", ");
    say(byId("followed"), text(numbers.length === 1 ? "Following point {list}." : "Following points {list}.", { list: few + (numbers.length > 8 ? ", ..." : "") }));
  }

  function pointing(canvas) {
    const nearest = (event) => spiral.shown.stage()?.nearest(event, canvas) ?? -1;
    canvas.addEventListener("pointermove", (event) => {
      const found = nearest(event);
      canvas.style.cursor = found >= 0 ? "pointer" : "default";
      if (found === settings.hovered) return;
      settings.hovered = found;
      spiral.clock.schedule();
    });
    canvas.addEventListener("pointerleave", () => {
      settings.hovered = -1;
      spiral.clock.schedule();
    });
    canvas.addEventListener("click", (event) => {
      const found = nearest(event);
      if (found >= 0) toggle(found);
    });
  }

  return { build, tell };
})();
