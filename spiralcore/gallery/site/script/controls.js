"use strict";
// The bar below: play, scrub, speed, epoch; and the keys.

spiral.controls = (() => {
  const { byId, element, say } = spiral.dom;
  const SPEEDS = ["0.25", "0.5", "1", "2", "4"];
  const STEP = 0.1;
  let timeline = null;

  function build() {
    const { clock } = spiral;
    byId("play").addEventListener("click", () => (clock.state.playing ? clock.pause() : clock.play()));
    byId("scrub").addEventListener("input", (event) => clock.seek(Number(event.target.value)));
    byId("speed").addEventListener("change", (event) => clock.setSpeed(Number(event.target.value)));
    document.addEventListener("keydown", key);
    clock.listen(show);
  }

  /** Keys that work wherever nothing else needs them. */
  function key(event) {
    const { clock } = spiral;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const taken = event.target.closest?.("input, select, textarea, a, button, summary");
    if (event.key === " " && (!taken || taken.id === "scrub")) {
      if (clock.state.playing) clock.pause();
      else clock.play();
    } else if (taken && taken.id !== "play") {
      return;
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const length = event.shiftKey ? 10 * STEP : STEP;
      clock.seek(clock.state.second + (event.key === "ArrowLeft" ? -length : length));
    } else if (event.shiftKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const now = SPEEDS.indexOf(String(clock.state.speed));
      const next = Math.min(Math.max(now + (event.key === "ArrowUp" ? 1 : -1), 0), SPEEDS.length - 1);
      clock.setSpeed(Number(SPEEDS[next]));
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Follow another timeline. */
  function follow(wanted, lead) {
    timeline = wanted;
    const { clock } = spiral;
    const scrub = byId("scrub");
    scrub.min = String(-lead);
    scrub.max = String(wanted.duration + lead);
    clock.span(-lead, wanted.duration + lead);
    marks(lead);
  }

  /** Powers of ten below the scrubber tell how film time runs. */
  function marks(lead) {
    const place = byId("marks");
    place.replaceChildren();
    const whole = timeline.duration + 2 * lead;
    const last = timeline.epochs[timeline.epochs.length - 1];
    let free = -1;
    for (let epoch = 1; epoch <= last; epoch *= 10) {
      const share = (timeline.secondAt(epoch) + lead) / whole;
      const mark = element("span", {}, "");
      mark.style.left = `${100 * share}%`;
      if (share > free) {
        mark.append(element("i", {}, epoch.toLocaleString("en-US")));
        free = share + 0.09;
      }
      place.append(mark);
    }
  }

  function show(state) {
    if (!timeline) return;
    const playing = byId("play");
    playing.classList.toggle("playing", state.playing);
    playing.setAttribute("aria-label", state.playing ? "Pause" : "Play");
    const scrub = byId("scrub");
    scrub.value = String(state.second);
    const part = (state.second - state.from) / (state.to - state.from || 1);
    scrub.style.setProperty("--done", `${100 * part}%`);
    const epoch = timeline.epochOver(spiral.numbers.slowly(state.second, state.playing));
    const text = spiral.numbers.epoch(epoch);
    say(byId("epoch"), text);
    const shown = Math.min(Math.max(state.second, 0), timeline.duration);
    scrub.setAttribute("aria-valuetext", `epoch ${text}, second ${shown.toFixed(1)}`);
    const speed = byId("speed");
    if (speed.value !== String(state.speed)) speed.value = String(state.speed);
  }

  return { build, follow, SPEEDS };
})();
