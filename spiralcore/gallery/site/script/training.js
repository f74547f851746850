"use strict";
// The view that trains: settings in, pictures out. What is chosen is in the address; from there it
// comes here, and begins a training.

spiral.training = (() => {
  const { byId, say } = spiral.dom;
  const REST = 100; // milliseconds between two pictures of the losses
  let settings = null;
  let own = { inputs: [], labels: [] }; // points of the reader's
  let scene = null; // what does not move: points, classes, space
  let state = null; // what the worker told last
  let fresh = false; // whether it is not drawn yet
  let curve = [];
  let playing = false;
  let order = 0; // of what the worker was told last
  let begun = 0; // of the latest beginning
  let chosen = () => {};
  let outlined = 0; // when the losses were drawn last
  let asked = ""; // the settings that were begun with

  /** `choose(changes)` takes what is chosen, `looked(name, epoch)` opens what was trained. */
  function build(choose, looked) {
    chosen = (changes) => choose(changes);
    spiral.trainer.listen({ state: told, points: placed, failed: (message) => refuse(failure(message)) });
    spiral.form.build(change);
    spiral.given.build({ added, cleared, taken, refused: (error) => refuse(error.message), moved });
    spiral.taken.build(() => ({ settings, points: scene, epoch: state?.epoch ?? 0 }), record);
    byId("train-play").addEventListener("click", toggle);
    byId("train-step").addEventListener("click", step);
    byId("train-reset").addEventListener("click", begin);
    byId("train-other").addEventListener("click", () => change({ attempt: settings.attempt + 1 }));
    byId("train-usual").addEventListener("click", () => preset("usual"));
    byId("train-film").addEventListener("click", () => preset("film"));
    byId("train-pace").addEventListener("change", () => playing && play());
    byId("train-back").addEventListener("click", async () => {
      pause();
      const found = await record();
      if (!found) return;
      const path = spiral.trained.path(found);
      looked(spiral.explorer.replace(spiral.trained.NAME, path), path.network.trained);
    });
  }

  /** Take settings over from the address, and begin if they are others. */
  function apply(address) {
    const wanted = spiral.choices.read(address);
    if (settings && JSON.stringify(wanted) === asked) return spiral.clock.schedule();
    if (wanted.kind === "own" && settings && own.labels.length) wanted.classes = Math.max(wanted.classes, ...own.labels.map((label) => label + 1));
    settings = wanted;
    begin();
  }

  /** Take a change of the form over; what cannot be used is said, and left as it was. */
  function change(changes) {
    try {
      let wanted = { ...settings };
      const rules = { ...spiral.choices.numbers(), ...spiral.choices.ownOf(settings.kind) };
      for (const [name, value] of Object.entries(changes)) {
        if (name === "kind") wanted = { ...wanted, ...kept(value) };
        else if (name === "widths") wanted.widths = spiral.choices.widths(value);
        else wanted[name] = rules[name] ? spiral.choices.number(value, rules[name]) : value;
      }
      chosen(spiral.choices.written(spiral.choices.checked(wanted)));
      refuse("");
    } catch (error) {
      if (!(error instanceof spiral.refusal.Refusal)) throw error;
      refuse(error.message);
      for (const name of Object.keys(changes)) byId(`train-${name}`)?.setAttribute("aria-invalid", "true");
    }
  }

  /** What stays with another kind of data: all that is no setting of data, and class count and size. */
  function kept(kind) {
    const usual = spiral.choices.usual(kind);
    const own = spiral.choices.ownOf(kind);
    return { kind, ...Object.fromEntries(Object.keys(own).map((name) => [name, usual[name]])) };
  }

  function preset(which) {
    chosen(spiral.choices.written({ ...settings, ...spiral.choices.facts()[which] }));
  }

  /** Begin anew with the settings; `network` tells whether the weights stay. */
  function begin({ network = false } = {}) {
    if (network !== true) {
      [state, curve, playing] = [null, [], false];
      spiral.plane.reset();
    }
    asked = JSON.stringify(settings);
    refuse("");
    const entry = spiral.parts.facts("manifest").activations[settings.activation];
    const mine = settings.kind === "own";
    const { classes, activation } = settings;
    scene = { classes, space: entry.space, bend: entry.bend, rule: spiral.choices.facts().packing[activation],
      inputs: [], labels: [], order: [], reach: scene?.reach ?? 1, turn: 0, ...(mine ? scened(own) : {}) };
    spiral.form.show(settings, mine);
    spiral.given.show(scene);
    spiral.taken.show(settings);
    if (mine && !own.labels.length) say(byId("train-said"), spiral.words.text("No points yet: click into the data, or open a table."));
    else {
      const points = mine ? { inputs: Float32Array.from(own.inputs), labels: Int32Array.from(own.labels) } : null;
      const { space, bend } = scene;
      const margin = spiral.parts.facts("manifest").input_margin;
      begun = tell({ kind: "begin", settings: { ...settings, space, kinked: bend !== null, margin }, points, kept: network === true });
    }
    document.documentElement.dataset.training = "begun";
    show();
    spiral.clock.schedule();
  }

  /** Tell the worker something that its answers refer to; its number. */
  /** What is said of a training that has failed. */
  function failure({ text: said, burst }) {
    if (!burst) return said;
    const { text, whole } = spiral.words;
    const found = text("The loss is {v} at epoch {n}.", { v: burst.loss, n: whole(burst.epoch) });
    const next = text("a learning rate below {v}", { v: burst.rate });
    return new spiral.refusal.Refusal(found, text("a loss that stays small."), next).message;
  }

  function tell(message) {
    spiral.trainer.tell({ ...message, order: ++order });
    return order;
  }

  function scened({ inputs, labels }) {
    return { inputs, labels, order: spiral.discs.mixed(labels.length), turn: labels.length };
  }

  /** The worker has points: those that the settings draw, or ours. */
  function placed({ order: answered, inputs, labels, reach }) {
    if (answered !== begun) return;
    if (settings.kind !== "own") own = { inputs: Array.from(inputs), labels: Array.from(labels) };
    scene = { ...scene, ...scened({ inputs, labels }), reach: Math.max(reach, settings.kind === "own" ? scene.reach : 0), turn: (scene.turn ?? 0) + 1 };
    spiral.given.show(scene);
  }

  function told(wanted) {
    const field = wanted.field ?? (state?.field || null);
    // What belongs to an earlier beginning is late.
    if (wanted.order < begun) return;
    curve.length = wanted.from;
    for (const value of wanted.curve) curve.push(value);
    state = { ...wanted, field };
    fresh = true;
    if (wanted.order === order) playing = wanted.playing;
    if (wanted.order === order && !playing) Object.assign(document.documentElement.dataset, { training: "ready", weights: wanted.hash });
    spiral.clock.schedule();
  }

  function play() {
    if (!scene.labels.length) return;
    playing = true;
    document.documentElement.dataset.training = "playing";
    if (over()) begin();
    playing = true;
    tell({ kind: "play", limit: settings.epochs, pace: Number(byId("train-pace").value) });
    show();
  }

  function pause() {
    if (playing) tell({ kind: "pause" });
    playing = false;
    show();
  }

  function toggle() {
    if (playing) pause();
    else play();
  }

  function step() {
    if (scene.labels.length && !over()) tell({ kind: "step", limit: settings.epochs });
  }

  /** Whether it has done all of its epochs. */
  function over() {
    return Boolean(state) && state.epoch >= settings.epochs;
  }

  /** The view is left: nothing trains unseen. */
  function leave() {
    if (settings) pause();
  }

  /** The record of the run: a promise; null where there is none. */
  async function record() {
    if (!scene?.labels.length) return null;
    return spiral.trainer.record();
  }

  function added({ x, y, label }) {
    if (own.labels.length >= spiral.choices.facts().most_points) return;
    own.inputs.push(x, y);
    own.labels.push(label);
    // Points that were drawn from settings are the reader's own from the first one that is added.
    if (settings.kind !== "own") mine();
    begin({ network: Boolean(state) });
  }

  function cleared() {
    own = { inputs: [], labels: [] };
    mine();
    begin();
  }

  function taken({ inputs, labels, classes }) {
    own = { inputs, labels };
    settings.classes = classes;
    scene = null;
    mine();
    begin();
  }

  /** The points are the reader's now; the training goes on. */
  function mine() {
    settings = { ...spiral.choices.usual("own"), ...settings, kind: "own" };
    asked = JSON.stringify(settings);
    spiral.address.note(spiral.choices.written(settings));
  }

  function moved(mark) {
    if (!scene) return;
    scene.mark = mark;
    spiral.clock.schedule();
  }

  function refuse(text) {
    say(byId("train-refused"), text);
    byId("train-refused").hidden = !text;
    for (const input of document.querySelectorAll("#train [aria-invalid]")) input.removeAttribute("aria-invalid");
    if (text) playing = false;
    show();
  }

  /** Draw the latest state, once. */
  function draw() {
    if (!scene) return;
    if (state && fresh) {
      fresh = false;
      spiral.plane.layer(state, scene);
      if (!playing || performance.now() - outlined > REST) {
        outlined = performance.now();
        spiral.plane.loss(curve, scene);
      }
      spiral.trainer.tell({ kind: "drawn" });
    }
    spiral.plane.data(state, scene);
    show();
  }

  /** Numbers and buttons. */
  function show() {
    const { numbers } = spiral;
    const playButton = byId("train-play");
    playButton.classList.toggle("playing", playing);
    playButton.setAttribute("aria-label", spiral.words.text(playing ? "Pause" : "Train"));
    byId("train-step").setAttribute("aria-disabled", String(over()));
    say(byId("train-epoch"), numbers.epoch(state?.epoch ?? 0));
    say(byId("train-accuracy"), numbers.share(state?.accuracy));
    say(byId("train-entropy"), numbers.nats(state?.entropy));
    const fits = state && state.hidden.length === 2 * scene.labels.length;
    const packing = fits ? spiral.packed.part(state.hidden, 0, scene.labels, scene.classes, scene.rule, scene.space) : NaN;
    say(byId("train-packing"), numbers.part(packing));
    if (!state) return;
    const { text, whole } = spiral.words;
    const rate = playing ? `${text("{n} epochs a second;", { n: whole(Math.round(state.rate)) })} ` : "";
    const kept = text(state.kept === 1 ? "{n} epoch kept, {size}" : "{n} epochs kept, {size}", { n: whole(state.kept), size: numbers.size(state.bytes) });
    say(byId("train-said"), rate + kept);
  }

  /** Draw everything again, for example in other colours. */
  function renew() {
    fresh = state !== null;
  }

  /** Take the points of a table. */
  function open(file) {
    return spiral.given.open(file, taken, (error) => refuse(error.message));
  }

  return { build, open, apply, draw, renew, toggle, step, leave, state: () => state, settings: () => settings };
})();
