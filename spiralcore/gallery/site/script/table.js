"use strict";
// The table: a row for each class count; data, and the final and the evolving layer of each network.

spiral.table = (() => {
  const { element } = spiral.dom;
  const MOST_IN_LINE = 3; // networks of a row that have room beside each other
  const rows = []; // {panels, seen}
  const cells = new Map(); // by network: {samples, final, evolving, data, words}
  let timeline = null;

  function facts() {
    return spiral.parts.facts("manifest");
  }

  /** Make the rows; nothing is loaded yet. */
  function build(place) {
    const { rows: table, networks } = facts();
    const most = Math.max(...table.map((row) => row.networks.length));
    place.style.setProperty("--networks", most);
    const labels = table.map((row) => row.networks.map((name) => networks[name].activation).join("\n"));
    const uniform = labels.every((text) => text === labels[0]) && new Set(labels[0].split("\n")).size === most;
    place.classList.toggle("many", most > MOST_IN_LINE);
    place.classList.toggle("uniform", uniform && most <= MOST_IN_LINE);
    if (uniform && most <= MOST_IN_LINE) place.append(heads(labels[0].split("\n")));
    for (const row of table) place.append(rowOf(row, uniform));
  }

  /** Names above the columns, for the eye; each figure has its own caption, too. */
  function heads(labels) {
    const line = element("div", { class: "row heads", "aria-hidden": "true" });
    line.append(element("span"), element("span", {}, "data"));
    for (const label of labels) {
      const group = element("div", { class: "network" });
      group.append(element("b", {}, label), element("span", {}, "final"), element("span", {}, "evolving"));
      line.append(group);
    }
    return line;
  }

  function figure(kind, caption, label) {
    const canvas = element("canvas", { role: "img", "aria-label": label });
    const frame = element("div", { class: "frame" });
    frame.append(canvas);
    const found = element("figure", { class: kind });
    found.append(frame, element("figcaption", {}, caption));
    return { found, canvas, frame };
  }

  function rowOf(row, uniform) {
    const { networks } = facts();
    const title = `${row.classes} classes`;
    const section = element("section", { class: "row", "aria-label": title });
    const head = element("h2");
    head.append(element("b", {}, String(row.classes)), element("span", {}, " classes"));
    section.append(head);
    const first = networks[row.networks[0]];
    const data = figure("data", "data", `${title}: the data, over the class that the ${first.activation} network predicts there`);
    const still = element("canvas", { "aria-hidden": "true" });
    data.frame.append(still);
    if (!first.flat_data) data.frame.append(element("p", { class: "none" }, `${first.inputs} inputs a point: no plane`));
    section.append(data.found);
    const entry = { names: row.networks, seen: true, section };
    for (const name of row.networks) section.append(networkOf(name, networks[name], title, uniform));
    Object.assign(cells.get(row.networks[0]), { data: data.canvas, still });
    rows.push(entry);
    new IntersectionObserver((found) => {
      entry.seen = found[found.length - 1].isIntersecting;
      if (entry.seen) spiral.clock.schedule();
    }, { rootMargin: "100px" }).observe(section);
    return section;
  }

  function networkOf(name, network, title, uniform) {
    const label = uniform ? network.activation : network.title;
    const block = element("div", { class: "network" });
    const final = figure("final", `${label}, final`, `${title}, ${label}: hidden layer at the end of the training`);
    const evolving = figure("evolving", label, `${title}, ${label}: hidden layer, evolving`);
    const line = element("p", { class: "numbers" });
    const link = element("a", { href: spiral.address.of({ view: "network", net: name }) }, label);
    const closer = (event) => {
      event.preventDefault();
      spiral.address.go({ view: "network", net: name, points: "" });
    };
    link.addEventListener("click", closer);
    link.append(element("span", { class: "hidden" }, `, ${title}: look closer`));
    const accuracy = element("b", {}, "–");
    const packing = element("b", {}, "–");
    const one = element("span");
    one.append("accuracy ", accuracy);
    const two = element("span", network.packing ? { title: network.packing } : {});
    two.append("packing ", packing);
    line.append(link, one, two);
    block.append(final.found, evolving.found, line);
    const said = [network.trouble, spiral.theme.repeated(network.classes)].filter(Boolean).join("; ");
    if (said) block.append(element("p", { class: "trouble" }, said));
    for (const { canvas } of [final, evolving]) canvas.addEventListener("click", closer);
    cells.set(name, { name, network, final: final.canvas, evolving: evolving.canvas, accuracy, packing, samples: null, block });
    return block;
  }

  let loading = null;

  /** Load what the table shows, row after row, once; ready when the clock is there. */
  function load() {
    loading ??= begin().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  async function begin() {
    const knots = await spiral.parts.load("clock");
    timeline = new spiral.timeline.Timeline(knots.seconds.data, knots.epochs.data);
    spiral.parts.forget("clock");
    networks().catch(spiral.page.failed);
  }

  async function networks() {
    for (const row of rows) {
      for (const name of row.names) {
        const arrays = await spiral.parts.load(`table-${name}`);
        const cell = cells.get(name);
        cell.samples = new spiral.samples.Samples(arrays, cell.network);
        spiral.parts.forget(`table-${name}`);
        spiral.clock.schedule();
      }
    }
    document.documentElement.dataset.table = "ready";
  }

  /** Everything that does not depend on film time is drawn again. */
  function renew() {
    for (const cell of cells.values()) cell.drawn = "";
  }

  function draw(state) {
    const second = state.second;
    const slow = spiral.numbers.slowly(second, state.playing);
    for (const row of rows) {
      if (!row.seen) continue;
      for (const name of row.names) {
        const cell = cells.get(name);
        if (!cell.samples) continue;
        const side = spiral.panel.fitted(cell.evolving);
        const key = `${side} ${spiral.theme.name()}`;
        if (cell.drawn !== key) {
          cell.drawn = key;
          drawLayer(cell, cell.final, timeline.duration + cell.samples.lead);
          if (cell.data && cell.samples.inputs) drawInputs(cell);
        }
        drawLayer(cell, cell.evolving, second);
        if (cell.data && cell.samples.grid) drawPredicted(cell, second);
        write(cell, slow);
      }
    }
  }

  function radius(side) {
    return Math.max((3.4 * side) / 348, 1.2 * Math.min(devicePixelRatio, 2));
  }

  /** Font size of numbers on axes. */
  function numberSize(width) {
    if (width < 90) return 0;
    return width < 150 ? 9 : 10;
  }

  function drawLayer(cell, canvas, second) {
    const { panel } = spiral;
    const { samples, network } = cell;
    const side = panel.fitted(canvas);
    const brush = panel.context(canvas);
    const pixel = side / panel.widthOf(canvas);
    const [lower, upper, rise] = samples.limitsAt(second);
    const at = panel.plane(side, [lower, upper], rise, network.space);
    panel.background(brush, side);
    if (network.readout) panel.regions(brush, at, samples.readoutAt(second), pixel);
    panel.frame(brush, at, pixel, numberSize(panel.widthOf(canvas)) * pixel);
    const places = samples.placesAt(second, side);
    panel.points(brush, side, places, samples.labels, samples.order, samples.classes, radius(side));
  }

  /** The data lies still, on a canvas of its own. */
  function drawInputs(cell) {
    const { samples, still } = cell;
    const side = spiral.panel.fitted(still);
    const brush = still.getContext("2d");
    spiral.inputs.draw(brush, side, samples, radius(side));
  }

  function drawPredicted(cell, second) {
    const { samples, data, network } = cell;
    const side = spiral.panel.fitted(data, true);
    const brush = data.getContext("2d", { alpha: false });
    if (cell.image?.width !== side) cell.image = brush.createImageData(side, side);
    const { image } = cell;
    const readout = network.projected || !network.readout ? null : samples.readoutAt(second);
    spiral.predicted.paint(image, samples.grid, timeline, second, readout, readout ? network.bend : null);
    brush.putImageData(image, 0, 0);
  }

  function write(cell, second) {
    const { samples } = cell;
    const epoch = timeline.epochOver(second);
    const { numbers } = spiral;
    spiral.dom.say(cell.accuracy, numbers.share(numbers.ofCurve(samples.accuracy, epoch)));
    const packing = numbers.ofKept(samples.epochs, samples.packing, Math.min(epoch, cell.network.trained));
    spiral.dom.say(cell.packing, numbers.part(packing));
  }

  /** What the evolving panels show now: places of the points as parts of the panel, and its limits. */
  function shown() {
    const { second } = spiral.clock.state;
    const found = {};
    for (const [name, { samples }] of cells) {
      const places = Array.from(samples.placesAt(second, 1));
      found[name] = {
        places: places.map((value, i) => (i % 2 ? 1 - value : value)),
        limits: samples.limitsAt(second),
        labels: Array.from(samples.labels),
        colours: Array.from({ length: samples.classes }, (_, label) => spiral.theme.ofClass(label)),
      };
    }
    return found;
  }

  return { build, load, draw, renew, shown, timeline: () => timeline };
})();
