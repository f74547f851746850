"use strict";
// The table: a row for each class count; data, and the final and the evolving layer of each network.

spiral.table = (() => {
  const { element } = spiral.dom;
  const MOST_IN_LINE = 3; // networks of a row that have room beside each other
  const rows = []; // {panels, seen}
  const cells = new Map(); // by network: {samples, final, evolving, data, numbers}
  let timeline = null;

  function facts() {
    return spiral.parts.facts("manifest");
  }

  /** Make the rows; nothing is loaded yet. `opened(name, focus)` is called for a closer look. */
  function build(place, opened) {
    const { rows: table } = facts();
    const most = Math.max(...table.map((row) => row.networks.length));
    place.style.setProperty("--networks", most);
    place.classList.toggle("many", most > MOST_IN_LINE);
    for (const row of table) place.append(rowOf(row, opened));
  }

  /** What networks of a row are called: by their activations where these tell them apart. */
  function labelsOf(row) {
    const { rows: table, networks } = facts();
    const activations = row.networks.map((name) => networks[name].activation);
    const alone = table.filter(({ classes }) => classes === row.classes).length === 1;
    const apart = alone && new Set(activations).size === activations.length;
    return apart ? activations : row.networks.map((name) => spiral.words.titled(networks[name]));
  }

  function figure(kind, label) {
    const canvas = element("canvas", { role: "img", "aria-label": label });
    const frame = element("div", { class: "frame" });
    frame.append(canvas);
    const caption = element("figcaption");
    caption.append(element("span", { class: "kind" }, spiral.words.text(kind)));
    const found = element("figure", { class: kind });
    found.append(caption, frame);
    return { found, canvas, frame, caption };
  }

  function rowOf(row, opened) {
    const { networks } = facts();
    const labels = labelsOf(row);
    const named = labels[0] === spiral.words.titled(networks[row.networks[0]]) ? `, ${labels.join(", ")}` : "";
    const { text } = spiral.words;
    const title = spiral.inks.counted(networks[row.networks[0]]);
    const section = element("section", { class: "row", "aria-label": title + named });
    const head = element("h2");
    const [number, ...rest] = title.split(" ");
    head.append(element("b", {}, number), element("span", {}, ` ${rest.join(" ")}`));
    section.append(head);
    const first = networks[row.networks[0]];
    const data = figure("data", text("{title}: the data, over the class that the {name} network predicts there", { title, name: first.activation }));
    const still = element("canvas", { "aria-hidden": "true" });
    data.frame.append(still);
    if (!first.flat_data) data.frame.append(element("p", { class: "none" }, text("{n} inputs a point: no plane", { n: first.inputs })));
    if (first.values) {
      const scale = element("ul", { class: "names" });
      scale.append(...spiral.inks.legend(first));
      data.found.append(scale);
    }
    section.append(data.found);
    const entry = { names: row.networks, seen: true, section };
    row.networks.forEach((name, i) => section.append(networkOf(name, labels[i], title, opened)));
    Object.assign(cells.get(row.networks[0]), { data: data.canvas, still });
    rows.push(entry);
    new IntersectionObserver((found) => {
      entry.seen = found[found.length - 1].isIntersecting;
      if (entry.seen) spiral.clock.schedule();
    }, { rootMargin: "100px" }).observe(section);
    return section;
  }

  function networkOf(name, label, title, opened) {
    const network = facts().networks[name];
    const { text } = spiral.words;
    const block = element("div", { class: "network" });
    const final = figure("final", text("{title}: hidden layer at the end of the training", { title: `${title}, ${label}` }));
    const evolving = figure("evolving", text("{title}: hidden layer, evolving", { title: `${title}, ${label}` }));
    const id = `open-${name}`;
    const link = element("a", { href: "#", id, title: label, "data-net": name }, label);
    link.append(element("span", { class: "hidden" }, text(", {title}: look closer", { title })));
    final.caption.prepend(link);
    spiral.dom.followed(link, () => opened(name, id));
    block.append(final.found, evolving.found);
    const said = spiral.words.joined("; ", [network.trouble, spiral.theme.repeated(network.classes)]);
    if (said) block.append(element("p", { class: "trouble" }, said));
    const numbers = {};
    for (const [kind, { found, canvas }] of Object.entries({ final, evolving })) {
      numbers[kind] = numbersOf(network);
      found.append(numbers[kind].line);
      canvas.addEventListener("click", () => opened(name, id));
    }
    cells.set(name, { name, network, final: final.canvas, evolving: evolving.canvas, numbers, samples: null, block });
    return block;
  }

  /** Where the numbers of a panel stand. */
  function numbersOf(network) {
    const line = element("p", { class: "numbers" });
    const [accuracy, packing] = [element("b", {}, "–"), element("b", {}, "–")];
    const [one, two] = [element("span"), element("span", network.packing ? { title: network.packing } : {})];
    one.append(`${spiral.words.text("accuracy")} `, accuracy);
    two.append(`${spiral.words.text("packing")} `, packing);
    line.append(one, " ", two);
    return { line, accuracy, packing };
  }

  let loading = null;

  /** Load what the table shows and is not there yet, row after row; ready when the clock is there. */
  function load() {
    loading ??= networks().finally(() => (loading = null));
    return clock().catch(() => {});
  }

  async function clock() {
    if (timeline) return;
    const { seconds, epochs } = await spiral.parts.load("clock");
    timeline ??= new spiral.timeline.Timeline(spiral.coding.knots(seconds.data), spiral.coding.knots(epochs.data));
    timeline.counting = spiral.counting.of(Object.values(spiral.parts.facts("manifest").networks));
    spiral.parts.forget("clock");
  }

  /** What one network cannot show the others do. */
  async function networks() {
    const missing = [];
    const attempt = (promise) => promise.catch((error) => missing.push(error.message));
    // The first network comes beside the clock: both are needed before anything is seen.
    samplesIn(rows[0].names[0]).catch(() => {});
    await attempt(clock());
    for (const { names } of rows) {
      for (const name of names) await attempt(samplesIn(name));
      await attempt(planeOf(names[0]));
    }
    if (missing.length) {
      const again = () => load().then(() => spiral.page.renewed());
      return spiral.trouble.say([...new Set(missing)].join("\n"), again);
    }
    spiral.trouble.clear();
    document.documentElement.dataset.table = "ready";
  }

  const coming = new Map();

  /** What the table knows of a network, loaded once. */
  function samplesIn(name) {
    const cell = cells.get(name);
    if (cell.samples) return Promise.resolve(cell.samples);
    if (!coming.has(name)) {
      const arrived = spiral.parts.load(`table-${name}`).then((arrays) => {
        cell.samples = new spiral.samples.Samples(arrays, cell.network);
        spiral.parts.forget(`table-${name}`);
        spiral.clock.schedule();
        return cell.samples;
      });
      coming.set(name, arrived.finally(() => coming.delete(name)));
    }
    return coming.get(name);
  }

  /** What a network predicts behind the data, if that is a part: it comes after its points. */
  async function planeOf(name) {
    const samples = await samplesIn(name);
    const part = `plane-${name}`;
    if (samples.grid || !facts().parts[part]) return;
    samples.grid = spiral.predicted.grid(await spiral.parts.load(part));
    spiral.parts.forget(part);
    spiral.clock.schedule();
  }

  /** What stands in for a network: see `spiral.standin`. */
  async function samplesOf(name) {
    await clock();
    const own = await samplesIn(name);
    planeOf(name).catch(() => {}); // does not keep anybody waiting
    const { names } = rows.find((row) => row.names.includes(name));
    const data = own.inputs ? own : await samplesIn(names[0]).catch(() => null);
    return { own, data: data?.inputs ? data : null, common: timeline };
  }

  /** Everything that does not depend on film time is drawn again. */
  function renew() {
    for (const cell of cells.values()) cell.drawn = "";
  }

  function draw(state) {
    const second = state.second;
    const slow = spiral.numbers.slowly(second, state.playing);
    for (const row of rows) {
      if (!row.seen && !spiral.printing.now()) continue;
      for (const name of row.names) {
        const cell = cells.get(name);
        if (!cell.samples || !timeline) continue;
        const side = spiral.panel.fitted(cell.evolving);
        const key = `${side} ${spiral.theme.name()}`;
        if (cell.drawn !== key) {
          cell.drawn = key;
          drawLayer(cell, cell.final, timeline.duration + cell.samples.lead);
          if (cell.data && !cell.samples.grid) {
            spiral.panel.background(spiral.panel.context(cell.data), spiral.panel.fitted(cell.data));
          }
          if (cell.data && cell.samples.inputs) drawInputs(cell);
          write(cell, "final", cell.network.trained);
        }
        drawLayer(cell, cell.evolving, second);
        if (cell.data && cell.samples.grid) drawPredicted(cell, second);
        if (cell.data) spiral.panel.flatten(spiral.panel.context(cell.data), cell.still);
        write(cell, "evolving", timeline.epochOver(slow));
      }
    }
  }

  function radius(side) {
    return Math.max((3.4 * side) / 348, 1.2 * spiral.panel.ratio());
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
    spiral.borderHistogram.draw(brush, at, places, samples);
    panel.points(brush, side, places, samples, radius(side));
  }

  /** The data lies still, on a canvas of its own. */
  function drawInputs(cell) {
    const { samples, still } = cell;
    const side = spiral.panel.fitted(still);
    const brush = spiral.panel.clear(still);
    spiral.inputs.draw(brush, side, samples, radius(side));
  }

  function drawPredicted(cell, second) {
    const { samples, data, network } = cell;
    const side = spiral.panel.fitted(data, true);
    const brush = spiral.panel.context(data);
    if (cell.image?.width !== side) cell.image = brush.createImageData(side, side);
    const { image } = cell;
    spiral.predicted.paint(image, samples.grid, timeline.epochAt(second), network.bend);
    brush.putImageData(image, 0, 0);
  }

  /** Write the numbers of an epoch under a panel. */
  function write({ samples, network, numbers: places }, kind, epoch) {
    const { numbers } = spiral;
    const { accuracy, packing } = places[kind];
    spiral.dom.say(accuracy, numbers.share(numbers.ofCurve(samples.accuracy, epoch)));
    const found = numbers.ofKept(samples.epochs, samples.packing, Math.min(epoch, network.trained));
    spiral.dom.say(packing, numbers.part(found));
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
        colours: coloursOf(samples),
      };
    }
    return found;
  }

  /** Colours of all classes, or those of measured values. */
  function coloursOf(samples) {
    const { count, colour } = spiral.inks.of(samples);
    return Array.from({ length: count }, (_, code) => colour(code));
  }

  return { build, load, samplesOf, draw, renew, shown, timeline: () => timeline };
})();
