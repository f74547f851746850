"use strict";
// The network that the explorer shows: loaded, played, and gone without a trace when another one is
// asked for.

spiral.shown = (() => {
  const { byId, element, say } = spiral.dom;
  let stage = null; // what draws: a whole trajectory, or what stands in for it
  let path = null; // the whole trajectory
  let asked = null; // the network that was asked for
  let key = "";
  let turn = 0;
  let refusal = false;
  let settings = null;

  function facts() {
    return spiral.parts.facts("manifest");
  }

  /**
   * Show a network by the settings, and load it if it is another one.
   *
   * @param network what is known of it
   * @param own its path, if it is the reader's
   * @param listener is called whenever something else draws
   */
  async function show(wanted, network, own, listener) {
    settings = wanted;
    spiral.turning.show(wanted.turn, asked === network ? path : null);
    spiral.layering.show(wanted.way, asked === network ? path : null, wanted.net);
    const now = `${wanted.net} ${wanted.time} ${wanted.path}`;
    if (refusal || (now === key && asked === network)) return spiral.clock.schedule();
    key = now;
    if (asked !== network) {
      leave();
      asked = network;
      describe(network, own !== null);
      document.documentElement.dataset.network = "loading";
      byId("loading").hidden = false;
      const mine = turn;
      try {
        const found = own ?? (await loaded(wanted.net, listener, mine));
        if (mine !== turn) return;
        path = found;
      } catch (error) {
        if (mine === turn) fail(error, () => show(settings, network, own, listener));
        return;
      }
    }
    if (path) begin(listener);
    else if (stage) standIn(stage.samples, listener);
  }

  /** The whole of a network; what the table knows of it stands in until it is there. */
  async function loaded(name, listener, mine) {
    // First, as it is small; without it the whole is waited for.
    const samples = await spiral.table.samplesOf(name).catch(() => null);
    if (mine !== turn) return null;
    if (samples) standIn(samples, listener);
    const arrays = await spiral.parts.load(`live-${name}`);
    spiral.parts.forget(`live-${name}`);
    return spiral.live.path(arrays, facts().networks[name]);
  }

  function standIn(samples, listener) {
    const known = samples.own.network;
    const { common } = samples;
    const last = Math.max(known.trained, 1);
    const line = settings.time === "motion" ? common : spiral.timeline[settings.time](last, facts().seconds);
    stage = new spiral.standin.StandIn(samples, line);
    document.documentElement.dataset.standin = settings.net;
    listener();
    spiral.clock.schedule();
  }

  function timelineOf(kind) {
    const last = Math.max(path.network.trained, 1);
    const motion = () => (path.motion ??= spiral.pacing.motion(path, facts().seconds));
    const line = kind === "motion" ? motion() : spiral.timeline[kind](last, facts().seconds);
    line.counting = spiral.counting.of([path.network]);
    return line;
  }

  function begin(listener) {
    const smoothing = settings.path === "smooth" ? facts().smoothing : 0;
    stage = new spiral.stage.Stage(path, timelineOf(settings.time), smoothing);
    delete document.documentElement.dataset.standin;
    byId("loading").hidden = true;
    document.documentElement.dataset.network = settings.net;
    spiral.tour.show(path, timelineOf("motion"));
    byId("by-layer").hidden = !path.inputs || !(path.networks || (path.network.layers && !path.file));
    spiral.layering.show(settings.way, path, settings.net);
    spiral.turning.show(settings.turn, path);
    spiral.trouble.clear();
    listener();
    spiral.clock.schedule();
  }

  /** Leave nothing of the network that was shown. */
  function leave() {
    turn++;
    [stage, path, asked] = [null, null, null];
    spiral.tour.clear();
    delete document.documentElement.dataset.standin;
    say(byId("refused"), "");
    byId("refused").hidden = true;
    for (const option of byId("net").querySelectorAll("[data-refused]")) option.remove();
    for (const id of ["layer", "data", "points", "chosen", "loss"]) {
      const canvas = byId(id);
      Object.assign(canvas, { width: canvas.width, height: canvas.height });
    }
    for (const id of ["accuracy", "entropy", "packing"]) say(byId(id), "–");
    for (const id of ["trouble", "measured"]) say(byId(id), "");
    byId("facts").replaceChildren();
    legend({});
    spiral.downloads.list(byId("files"), []);
    byId("layer").setAttribute("aria-label", spiral.words.text("Hidden layer"));
    byId("loading").hidden = true;
  }

  /** Show nothing, until a network is chosen. */
  function refuse() {
    leave();
    refusal = true;
    key = "";
    document.documentElement.dataset.network = "refused";
  }

  /** A network may be shown again. */
  function forget() {
    if (refusal) key = "";
    refusal = false;
  }

  function fail(error, retry) {
    leave();
    key = "";
    document.documentElement.dataset.network = "failed";
    spiral.trouble.say(error.message, retry);
  }

  function words(text) {
    say(byId("refused"), text);
    byId("refused").hidden = false;
  }

  /** Facts and files of a network. */
  function describe(found, own) {
    byId("layer").setAttribute("aria-label", `${spiral.words.titled(found)}: ${spiral.words.text("hidden layer")}`);
    const { joined, said } = spiral.words;
    say(byId("trouble"), joined("; ", [found.trouble, ...(found.remarks ?? []), spiral.theme.repeated(found.classes)]));
    say(byId("measured"), `${spiral.words.text("packing")}: ${spiral.words.text(found.packing || "unknown for this space and class count")}`);
    for (const [name, value] of [...found.summary, ...found.notes.map((note) => ["note", note])]) {
      byId("facts").append(element("dt", {}, spiral.words.text(name)), element("dd", {}, said(value)));
    }
    spiral.downloads.list(byId("files"), own ? [] : facts().links[settings.net] ?? []);
    legend(found);
    byId("point").max = String(found.points);
    byId("each").hidden = found.labelled === false;
    byId("flat").hidden = found.flat_data;
    byId("loss").classList.toggle("absent", !found.loss);
    const units = spiral.counting.UNITS[found.unit ?? "epoch"];
    const { text } = spiral.words;
    const other = found.loss === "loss";
    byId("loss").setAttribute("aria-label", text(other ? "Loss over the epochs" : "Cross-entropy over the epochs"));
    const over = text(other ? "loss over the {units}, logarithmic" : "cross-entropy over the {units}, logarithmic", { units: text(units) });
    say(byId("loss-caption"), over + (Number.isInteger(found.best) ? text("; line: the best") : ""));
  }

  function draw(clock) {
    if (!stage) return;
    stage.draw(clock.second, settings);
    const { numbers } = spiral;
    const epoch = stage.timeline.epochOver(numbers.slowly(clock.second, clock.playing));
    const found = stage.readings(epoch);
    spiral.tour.draw(epoch);
    spiral.beside.draw(stage, clock.second, settings, epoch);
    under(stage.shows);
    say(byId("accuracy"), numbers.share(found.accuracy));
    say(byId("entropy"), numbers.nats(found.entropy));
    say(byId("packing"), numbers.part(found.packing));
  }

  /** Words below the panel, as far as they are true of what it shows. */
  function under({ layer, regions, paths }) {
    byId("under").classList.toggle("unsaid", !layer);
    byId("over-regions").classList.toggle("unsaid", !regions);
    byId("followed").classList.toggle("unsaid", !paths);
  }

  /** Draw again what does not move, for example in other colours. */
  function renew() {
    if (stage) stage.stillKey = "";
    legend(asked ?? {});
  }

  /** What the colours mean, where that is said. */
  function legend(network) {
    const lines = spiral.inks.legend(network);
    byId("names").replaceChildren(...lines);
    byId("names").hidden = !lines.length;
  }

  return {
    show,
    draw,
    renew,
    refuse,
    forget,
    say: words,
    refused: () => refusal,
    stage: () => stage,
    path: () => path,
    timeline: () => stage?.timeline ?? null,
    provisional: () => path === null,
  };
})();
