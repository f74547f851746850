"use strict";
// A tour of the training that is shown: stops at what happens in it, each a link that holds the state.

spiral.tour = (() => {
  const { byId, element, say } = spiral.dom;
  const MOST = 8;
  const LEAST = 6;
  const APART = 0.03; // of the film time, between two stops
  const [READ, AFTER] = [2.5, 1]; // seconds of film time for which a line stays as it plays, as in the films
  const ACTIONS = ["settle", "heads", "moves", "takes"];
  let stops = []; // {epoch, until, morph, text}: the text is true from the one epoch to the other
  let paced = null; // the timeline that they are read by
  let chosen = () => {};
  let toured = null; // the path that the stops are of
  let timer = 0;
  let marked = null; // the stop that is marked as the current one, and what is said of it

  /** `choose(changes)` goes to a stop. */
  function build(choose) {
    chosen = choose;
    byId("stop-before").addEventListener("click", () => step(-1));
    byId("stop-after").addEventListener("click", () => step(1));
  }

  /** Make the stops of a path, a little later: the picture comes first. */
  function show(path, timeline) {
    if (toured === path) return;
    clear();
    [toured, paced] = [path, timeline];
    timer = setTimeout(() => {
      stops = stopsOf(path, timeline);
      list();
      spiral.clock.schedule();
    }, 60);
  }

  function clear() {
    clearTimeout(timer);
    [toured, stops] = [null, []];
    byId("tour").hidden = true;
    byId("told").hidden = true;
    byId("stops").replaceChildren();
    delete document.documentElement.dataset.tour;
  }

  /** 6 to 8 stops: the data, the beginning, what happens, the end. */
  function stopsOf(path, timeline) {
    const { text, whole } = spiral.words;
    const speaker = new spiral.speaker.Speaker(path);
    const { trained } = path.network;
    const last = Math.max(trained, 1);
    const found = [];
    const labelled = path.network.labelled !== false;
    if (path.inputs) found.push({ epoch: 0, morph: "data", text: dataOf(path, speaker, labelled) });
    const end = endOf(path, speaker, trained);
    const events = labelled ? spiral.story.events(path) : []; // nobody to speak of
    const crushed = events.find(({ kind, epoch }) => kind === "together" && epoch === 0);
    found.push({ epoch: 0, morph: "", text: crushed ? speaker.line(crushed) : text("Epoch 0: the hidden plane before training.") });
    const at = (epoch) => timeline.secondAt(epoch) / timeline.duration;
    const told = [];
    const fits = (epoch) =>
      epoch > 0 && epoch < trained && at(epoch) > APART && at(epoch) < 1 - APART / 3 &&
      told.every((other) => Math.abs(at(other.epoch) - at(epoch)) >= APART);
    const ranked = [...events].sort((a, b) => b.importance - a.importance || a.epoch - b.epoch);
    for (const event of ranked) {
      if (found.length + told.length + end.length >= MOST) break;
      if (fits(event.epoch)) told.push({ epoch: event.epoch, until: untilOf(event), morph: "", text: speaker.line(event) });
    }
    // Where little happens, how far the motion has come.
    for (const part of [1 / 2, 1 / 4, 3 / 4, 1 / 8, 3 / 8, 5 / 8, 7 / 8]) {
      if (found.length + told.length + end.length >= LEAST) break;
      const epoch = Math.round(timeline.epochAt(part * timeline.duration));
      const words = text("Epoch {n}: {v} of the film time has passed.", { n: whole(epoch), v: speaker.percentage(part) });
      if (fits(epoch)) told.push({ epoch, morph: "", text: words });
    }
    told.sort((a, b) => a.epoch - b.epoch);
    return [...found, ...told, ...end.map((words) => ({ epoch: trained, morph: "", text: words }))].map((stop) => ({ until: stop.epoch, ...stop, last }));
  }

  function dataOf({ classes, points }, speaker, labelled) {
    const { text, whole } = spiral.words;
    return labelled ? text("The data: points of {n} classes.", { n: speaker.count(classes) }) : text("The data: {n} points.", { n: whole(points) });
  }

  /** The last epoch at which what is said of an event is true: others than actions tell a number or a moment. */
  function untilOf({ kind, epoch, end }) {
    return ACTIONS.includes(kind) ? end : epoch;
  }

  /** What is said of the end. */
  function endOf(path, speaker, trained) {
    const { accuracy, packing, network, readout } = path;
    const found = [];
    const right = accuracy ? accuracy[Math.min(trained, accuracy.length - 1)] : NaN;
    if (readout && Number.isFinite(right)) found.push(speaker.say("layers_readout", [], { v: speaker.percentage(right) }));
    const packed = packing ? packing[packing.length - 1] : NaN;
    if (Number.isFinite(packed) && network.packing) {
      const key = network.packing.includes("angle") ? "packing_angle" : "packing_distance";
      found.push(speaker.say(key, [], { v: speaker.percentage(packed) }));
    }
    return found.length ? found : [spiral.words.text("The end of the training.")];
  }

  function list() {
    const place = byId("stops");
    place.replaceChildren();
    marked = null;
    stops.forEach((stop, i) => {
      const link = element("a", { href: "#", "data-stop": String(i) }, stop.text);
      spiral.dom.followed(link, () => go(i));
      const item = element("li");
      item.append(link, element("span", { class: "at" }, stop.morph ? "" : ` ${spiral.words.whole(stop.epoch)}`));
      place.append(item);
    });
    byId("tour").hidden = !stops.length;
    byId("told").hidden = !stops.length;
    document.documentElement.dataset.tour = "ready";
    links();
  }

  /** What the address of a stop says; stops of one epoch are told apart by their number. */
  function stateOf(i) {
    const { epoch, morph } = stops[i];
    return { view: "network", e: String(epoch), t: "", morph, stop: String(i + 1) };
  }

  /** Links keep the rest of the state. */
  function links() {
    const state = spiral.address.read();
    for (const link of byId("stops").querySelectorAll("a")) {
      link.href = spiral.address.of({ ...state, ...stateOf(Number(link.dataset.stop)) });
    }
  }

  function go(i) {
    spiral.clock.pause();
    chosen(stateOf(i));
  }

  function step(by) {
    const now = current();
    const wanted = Math.min(Math.max(now + by, 0), stops.length - 1);
    if (stops.length) go(wanted);
  }

  /** Which stop was passed last, -1 before the first one: the one that was chosen as long as one is there. */
  function current(epoch = now()) {
    const { morph } = spiral.explorer.settings();
    const chosen = asked(epoch);
    if (chosen) return Number(chosen) - 1;
    if (morph) return stops.findIndex((one) => one.morph);
    let found = stops.findIndex((one) => !one.morph);
    stops.forEach((one, i) => {
      if (!one.morph && one.epoch <= epoch && (!stops[found] || one.epoch > stops[found].epoch)) found = i;
    });
    return found;
  }

  /** The stop that the address asks for, as it stands there; nothing when one has gone on. */
  function asked(epoch = now()) {
    const { stop = "" } = spiral.address.read();
    if (!stops.length) return stop;
    const known = stops[Number(stop) - 1];
    const there = known && known.epoch === epoch && known.morph === spiral.explorer.settings().morph;
    return there && !spiral.clock.state.playing ? stop : "";
  }

  function now() {
    return spiral.clock.epochOver() ?? 0;
  }

  /** The line of the stop that was passed last, where it is true; where one is, elsewhere. */
  function lineOf(i, epoch) {
    const { morph } = spiral.explorer.settings();
    const stop = stops[i];
    if (!stop) return "";
    if (stop.morph ? morph : epoch <= stop.until || read(stop, epoch)) return stop.text;
    return spiral.words.text("Between stop {n} and stop {m} of {k}.", { n: i + 1, m: i + 2, k: stops.length });
  }

  /** Whether a line is still being read as it plays; before the training there was time for that. */
  function read({ epoch, until }, now) {
    if (!spiral.clock.state.playing || epoch === 0) return false;
    const [from, to, second] = [epoch, until, now].map((one) => paced.secondAt(one));
    return second <= Math.max(from + READ, to + AFTER);
  }

  /** Say where one is. */
  function draw(epoch) {
    if (!stops.length) return;
    const i = current(epoch);
    const line = lineOf(i, epoch);
    if (marked === `${i} ${line}`) return;
    marked = `${i} ${line}`;
    say(byId("caption"), line);
    byId("stop-before").disabled = i <= 0;
    byId("stop-after").disabled = i >= stops.length - 1;
    for (const link of byId("stops").querySelectorAll("a")) {
      if (Number(link.dataset.stop) === i) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
  }

  return { build, show, clear, draw, asked, links, stops: () => stops };
})();
