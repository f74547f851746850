"use strict";
// Layer by layer: points and the grid of their plane on the way through the network that is known at
// the epoch, in the large panel.

spiral.layering = (() => {
  const { byId, say } = spiral.dom;
  const { PARTS } = spiral.passage;
  const LINES = 11; // of the grid in each direction
  const SAMPLES = 241; // places of each of them
  const SECONDS = 2; // for each step, where it plays
  const MARGIN = 0.07;
  const KEY = 0.25; // of a step, for an arrow key; with shift a whole layer
  let chosen = () => {};
  let wanted = null; // the position on the way, null where it is not shown
  let playing = 0; // when it was begun, and 0 where it is not
  let networks = null; // {of: path, epochs, values, layers}
  let way = null; // {key, passage, points, grid, frames}

  /** `choose(changes)` takes the position, for the address. */
  function build(choose) {
    chosen = choose;
    const range = byId("way");
    range.addEventListener("input", () => {
      [wanted, playing] = [Number(range.value), 0];
      spiral.clock.schedule();
    });
    range.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      // These keys are the slider's here, and not those of the film time.
      event.preventDefault();
      const position = (wanted ?? 0) + by * (event.shiftKey ? PARTS : KEY);
      [wanted, playing] = [Math.min(Math.max(position, 0), Number(range.max)), 0];
      range.value = String(wanted);
      spiral.address.note({ way: asked() });
      spiral.clock.schedule();
    });
    range.addEventListener("change", () => choose({ way: range.value }));
    byId("layers").addEventListener("change", (event) => {
      if (event.target.checked) start();
      else choose({ way: "" });
    });
    byId("way-play").addEventListener("click", start);
  }

  function start() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    playing = calm ? 0 : performance.now();
    chosen({ way: "0", morph: "" });
  }

  /** Show a position of the way, from 0; anything else ends it. */
  function show(position, path, name) {
    const there = /^\d{1,3}(\.\d+)?$/.test(position ?? "");
    wanted = there ? Number(position) : null;
    if (!there) playing = 0;
    byId("layers").checked = there;
    byId("passing").hidden = !there;
    byId("told").classList.toggle("away", there);
    if (there && path) load(path, name);
  }

  /** The networks of a path, loaded once. */
  async function load(path, name) {
    if (networks?.of === path) return;
    networks = { of: path, values: null };
    const found = path.networks ?? (path.network.layers && !path.file ? await part(name, path) : null);
    if (networks.of !== path) return;
    networks = { of: path, ...found };
    document.documentElement.dataset.way = found ? "ready" : "none";
    spiral.clock.schedule();
  }

  async function part(name, path) {
    try {
      const arrays = await spiral.parts.load(`network-${name}`);
      return { epochs: arrays.parameter_epochs.data, values: arrays.parameters.data, layers: path.network.layers };
    } catch {
      return null;
    }
  }

  /** Whether the way of the points is to be drawn in place of the layer. */
  function on(path) {
    return wanted !== null && networks?.of === path && Boolean(networks.values);
  }

  /** The passage of the network that is known at an epoch, or last before it. */
  function passageAt(path, epoch) {
    const index = spiral.timeline.before(networks.epochs, epoch);
    const key = `${index}`;
    if (way?.of === path && way.key === key) return way;
    const size = networks.values.length / networks.epochs.length;
    const parameters = networks.values.subarray(index * size, (index + 1) * size);
    const passage = new spiral.passage.Passage(networks.layers, parameters, path.inputs);
    const points = passage.pictures(path.inputs);
    const grid = passage.pictures(gridOf(path.reach));
    way = { of: path, key, epoch: networks.epochs[index], passage, points, grid, frames: points.map((picture, step) => frameOf(picture, step, passage, path)) };
    byId("way").max = String(passage.steps);
    return way;
  }

  /** Lines of the plane of the data, x and y of their places. */
  function gridOf(reach) {
    const found = [];
    for (let line = 0; line < LINES; line++) {
      const level = reach * ((2 * (line + 0.5)) / LINES - 1);
      for (const upright of [true, false]) {
        for (let i = 0; i < SAMPLES; i++) {
          const along = reach * ((2 * i) / (SAMPLES - 1) - 1);
          found.push(...(upright ? [level, along] : [along, level]));
        }
      }
    }
    return found;
  }

  /** How far a picture reaches, and the space of a layer of two units, on both axes. */
  function frameOf(picture, step, passage, path) {
    let [lower, upper] = [0, 0];
    for (const value of picture) [lower, upper] = [Math.min(lower, value), Math.max(upper, value)];
    if (step === 0) [lower, upper] = [-path.reach / (1 + 2 * MARGIN), path.reach / (1 + 2 * MARGIN)];
    if (step === passage.steps) {
      lower = Math.min(lower, path.space.lower ?? lower);
      upper = Math.max(upper, path.space.upper ?? upper);
    }
    const room = MARGIN * Math.max(upper - lower, 1e-3);
    return [lower - room, upper + room];
  }

  /** Draw it on the canvas of the layer. */
  function draw(stage, second, settings) {
    const { path, canvas, places } = stage;
    const { panel } = spiral;
    const now = passageAt(path, stage.timeline.epochAt(second));
    const { passage, points, grid, frames } = now;
    const position = Math.min(moved(passage.steps), passage.steps);
    const step = Math.min(Math.floor(position), passage.steps - 1);
    const share = position - step;
    const limits = [0, 1].map((side) => frames[step][side] + share * (frames[step + 1][side] - frames[step][side]));
    const width = panel.widthOf(canvas);
    const side = panel.fitted(canvas);
    const pixel = side / width;
    const brush = panel.context(canvas);
    const home = position === passage.steps;
    const at = panel.plane(side, limits, 0, home ? path.space : { lower: null, upper: null, round: false });
    stage.at = at;
    panel.background(brush, side);
    const readout = home && settings.regions && path.network.readout ? passage.readout(path.classes) : null;
    stage.shows = { layer: home, regions: Boolean(readout), paths: false };
    if (readout) panel.regions(brush, at, readout, 1.6 * pixel);
    if (home) panel.frame(brush, at, 1.4 * pixel, 13 * pixel);
    lines(brush, at, passage.at(position, grid), pixel);
    const moving = passage.at(position, points);
    for (let n = 0; n < places.length; n += 2) [places[n], places[n + 1]] = [at.x(moving[n]), at.y(moving[n + 1])];
    panel.points(brush, side, places, path, stage.radius(width, pixel));
    tell(now, position, path);
  }

  /** Where it is, while it plays or stands. */
  function moved(steps) {
    if (!playing) return wanted;
    const position = (performance.now() - playing) / (1000 * SECONDS);
    // Each step begins and ends slowly.
    const share = position % 1;
    wanted = Math.floor(position) + share * share * (3 - 2 * share);
    if (position >= steps) {
      [wanted, playing] = [steps, 0];
    } else {
      spiral.clock.schedule();
    }
    byId("way").value = String(wanted);
    return wanted;
  }

  function lines(brush, at, places, pixel) {
    brush.save();
    brush.globalAlpha = 0.35;
    brush.strokeStyle = spiral.theme.colours().ink;
    brush.lineWidth = pixel;
    brush.beginPath();
    for (let n = 0; n < places.length; n += 2) {
      const [x, y] = [at.x(places[n]), at.y(places[n + 1])];
      if ((n / 2) % SAMPLES) brush.lineTo(x, y);
      else brush.moveTo(x, y);
    }
    brush.stroke();
    brush.restore();
  }

  /** Say which step it is. */
  function tell({ epoch, passage }, position, path) {
    const { text, whole } = spiral.words;
    const speaker = new spiral.speaker.Speaker(path);
    const step = Math.max(Math.ceil(position) - 1, 0);
    const layer = Math.floor(step / PARTS);
    const part = [text("weights"), text("biases"), text("activation")][step % PARTS];
    const said = position === 0
      ? speaker.say("layers_input")
      : speaker.say("layers_hidden", [], { v: speaker.number(layer + 1, 0), w: speaker.number(passage.widths[layer], 0) });
    say(byId("way-said"), position === 0 ? said : `${said} (${part})`);
    say(byId("way-epoch"), text("The network of epoch {n}.", { n: whole(epoch) }));
    const range = byId("way");
    if (document.activeElement !== range) range.value = String(position);
    range.setAttribute("aria-valuetext", byId("way-said").textContent);
  }

  /** The same for the address. */
  function asked() {
    return wanted === null ? "" : String(Number(wanted.toFixed(2)));
  }

  return { build, show, on, draw, asked };
})();
