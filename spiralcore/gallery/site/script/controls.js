"use strict";
// The bar below: play, scrub, speed, epoch.

spiral.controls = (() => {
  const { byId, element, say } = spiral.dom;
  const SPEEDS = ["0.25", "0.5", "1", "2", "4"];
  let timeline = null;

  /** Make the bar work; `chosen(speed)` is called when the reader chooses one. */
  function build(chosen) {
    const { clock } = spiral;
    byId("play").addEventListener("click", toggle);
    byId("scrub").addEventListener("input", (event) => clock.seek(Number(event.target.value)));
    byId("speed").addEventListener("change", (event) => chosen(event.target.value));
    spiral.keys.build({ toggle, step, faster: (by) => chosen(speedBy(by)) });
    clock.listen(show);
  }

  function toggle() {
    const { clock } = spiral;
    if (training()) return spiral.training.toggle();
    if (clock.state.playing) clock.pause();
    else clock.play();
  }

  /** Whether the keys are those of a training: there is no film time to go through. */
  function training() {
    return document.documentElement.dataset.view === "train";
  }

  function step(seconds) {
    if (training()) return seconds > 0 && spiral.training.step();
    spiral.clock.seek(spiral.clock.state.second + seconds);
  }

  function speedBy(by) {
    const now = SPEEDS.indexOf(String(spiral.clock.state.speed));
    return SPEEDS[Math.min(Math.max(now + by, 0), SPEEDS.length - 1)];
  }

  /** Follow another timeline; see `spiral.clock`. */
  function follow(wanted, lead, provisional) {
    if (wanted === timeline) return;
    timeline = wanted;
    spiral.clock.follow(wanted, lead, provisional);
    const scrub = byId("scrub");
    scrub.min = String(-lead);
    scrub.max = String(wanted.duration + lead);
    marks(lead);
  }

  /** What the epochs of the timeline are called, and how they are counted. */
  function counting() {
    return timeline?.counting ?? spiral.counting.EPOCHS;
  }

  /** Powers of ten below the scrubber tell how film time runs. */
  function marks(lead) {
    const place = byId("marks");
    place.replaceChildren();
    const whole = timeline.duration + 2 * lead;
    const last = timeline.epochs[timeline.epochs.length - 1];
    let free = -1;
    for (const { count, epoch } of spiral.counting.powers(counting(), last)) {
      const share = (timeline.secondAt(epoch) + lead) / whole;
      const mark = element("span", {}, "");
      mark.style.left = `${100 * share}%`;
      if (share > free) {
        mark.append(element("i", {}, spiral.words.whole(count)));
        free = share + 0.09;
      }
      place.append(mark);
    }
  }

  function show(state) {
    if (!timeline) return;
    const playing = byId("play");
    playing.classList.toggle("playing", state.playing);
    playing.setAttribute("aria-label", spiral.words.text(state.playing ? "Pause" : "Play"));
    const scrub = byId("scrub");
    scrub.value = String(state.second);
    const part = (state.second - state.from) / (state.to - state.from || 1);
    scrub.style.setProperty("--done", `${100 * part}%`);
    const slow = spiral.numbers.slowly(state.second, state.playing);
    const { unit, counts } = counting();
    const epoch = counts ? timeline.epochAt(slow) + 1e-6 : timeline.epochOver(slow);
    const text = spiral.numbers.epoch(spiral.counting.at({ counts }, epoch));
    say(byId("unit"), spiral.words.text(unit));
    say(byId("epoch"), text);
    const shown = Math.min(Math.max(state.second, 0), timeline.duration);
    scrub.setAttribute("aria-valuetext", spiral.words.text("{unit} {n}, second {s}", { unit: spiral.words.text(unit), n: text, s: spiral.words.digits(shown.toFixed(1)) }));
    const speed = byId("speed");
    if (speed.value !== String(state.speed)) speed.value = String(state.speed);
  }

  return { build, follow, SPEEDS };
})();
