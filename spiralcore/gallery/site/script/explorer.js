"use strict";
// The explorer: which network is shown and how, by the settings beside it.

spiral.explorer = (() => {
  const { byId, element, say } = spiral.dom;
  const TIMES = ["motion", "log", "linear"];
  const settings = { net: "", time: "motion", path: "smooth", regions: true, followed: [], hovered: -1 };
  const own = new Map(); // trajectories that the reader has opened, by name
  let stage = null;
  let path = null;
  let listener = () => {};
  let wanted = "";

  function facts() {
    return spiral.parts.facts("manifest");
  }

  function network(name) {
    return own.get(name)?.network ?? (Object.hasOwn(facts().networks, name) ? facts().networks[name] : undefined);
  }

  /** Fill the choices; `changed` is called when a setting is another one. */
  function build(changed) {
    listener = changed;
    for (const row of facts().rows) for (const name of row.networks) option(name, facts().networks[name].title);
    byId("net").addEventListener("change", (event) => choose({ net: event.target.value, followed: [] }));
    for (const kind of ["time", "path"]) {
      for (const radio of document.getElementsByName(kind)) {
        radio.addEventListener("change", () => choose({ [kind]: radio.value }));
      }
    }
    byId("regions").addEventListener("change", (event) => choose({ regions: event.target.checked }));
    byId("each").addEventListener("click", () => choose({ followed: oneOfEach() }));
    byId("none").addEventListener("click", () => choose({ followed: [] }));
    byId("follow").addEventListener("click", () => followNumber());
    byId("point").addEventListener("keydown", (event) => {
      if (event.key === "Enter") followNumber();
    });
    for (const id of ["layer", "chosen"]) pointing(byId(id));
    byId("loss").addEventListener("click", (event) => {
      if (!stage || !path.network.loss) return;
      const box = event.currentTarget.getBoundingClientRect();
      const epoch = spiral.curve.epochAt(path, (event.clientX - box.left - 6) / (box.width - 12));
      spiral.clock.seek(stage.timeline.secondAt(epoch));
    });
    byId("own").addEventListener("change", (event) => {
      if (event.target.files.length) openFile(event.target.files[0]);
    });
  }

  function option(name, title) {
    byId("net").append(element("option", { value: name }, title));
  }

  /** Change settings, show them, and tell the page. */
  function choose(changes) {
    Object.assign(settings, changes);
    show();
    listener();
  }

  /** Settings from the address; what is unknown there is left as it is usual. */
  function apply(state) {
    const names = facts().rows.flatMap((row) => row.networks);
    settings.net = network(state.net) ? state.net : names[0];
    settings.time = TIMES.includes(state.time) ? state.time : facts().timeline;
    settings.path = state.path === "exact" ? "exact" : "smooth";
    settings.regions = state.regions !== "no";
    const { points } = network(settings.net);
    settings.followed = (state.points ?? "").split(".").filter((text) => /^\d+$/.test(text)).map(Number);
    settings.followed = [...new Set(settings.followed)].filter((point) => point < points).slice(0, 64);
    show();
  }

  /** The same for the address. */
  function state() {
    return {
      net: own.has(settings.net) ? "" : settings.net,
      time: settings.time === facts().timeline ? "" : settings.time,
      path: settings.path === "exact" ? "exact" : "",
      regions: settings.regions ? "" : "no",
      points: settings.followed.join("."),
    };
  }

  /** Show the settings where they are made, and load the network if it is another one. */
  async function show() {
    byId("net").value = settings.net;
    for (const kind of ["time", "path"]) {
      for (const radio of document.getElementsByName(kind)) radio.checked = radio.value === settings[kind];
    }
    byId("regions").checked = settings.regions;
    say(byId("followed"), followedText());
    const key = `${settings.net} ${settings.time} ${settings.path}`;
    if (wanted === key) return spiral.clock.schedule();
    wanted = key;
    if (path?.network !== network(settings.net)) {
      stage = null;
      describe(network(settings.net));
      document.documentElement.dataset.network = "loading";
      byId("loading").hidden = false;
      try {
        path = await loaded(settings.net);
      } catch (error) {
        wanted = "";
        return spiral.page.failed(error);
      }
      // The reader may have chosen another one meanwhile.
      if (wanted !== key) return show();
    }
    begin();
  }

  async function loaded(name) {
    if (own.has(name)) return own.get(name);
    const arrays = await spiral.parts.load(`live-${name}`);
    spiral.parts.forget(`live-${name}`);
    return spiral.live.path(arrays, facts().networks[name]);
  }

  function timelineOf(kind) {
    const last = Math.max(path.network.trained, 1);
    if (kind === "motion") return (path.motion ??= spiral.pacing.motion(path, facts().seconds));
    return spiral.timeline[kind](last, facts().seconds);
  }

  function begin() {
    const smoothing = settings.path === "smooth" ? facts().smoothing : 0;
    stage = new spiral.stage.Stage(path, timelineOf(settings.time), smoothing);
    byId("loading").hidden = true;
    byId("point").max = String(path.points);
    byId("flat").hidden = path.inputs !== null;
    byId("loss").classList.toggle("absent", !path.network.loss);
    document.documentElement.dataset.network = settings.net;
    listener(true);
    spiral.clock.schedule();
  }

  /** Facts and files of a network. */
  function describe(found) {
    const canvas = byId("layer");
    canvas.setAttribute("aria-label", `${found.title}: hidden layer`);
    say(byId("trouble"), [found.trouble, ...(found.remarks ?? []), spiral.theme.repeated(found.classes)].filter(Boolean).join("; "));
    say(byId("measured"), found.packing ? `packing: ${found.packing}` : "packing: unknown for this space and class count");
    const list = byId("facts");
    list.replaceChildren();
    for (const [name, value] of [...found.summary, ...found.notes.map((note) => ["note", note])]) {
      list.append(element("dt", {}, name), element("dd", {}, value));
    }
    spiral.downloads.list(byId("files"), own.has(settings.net) ? [] : facts().links[settings.net] ?? []);
  }

  function oneOfEach() {
    const found = new Map();
    // The fixed, mixed order: some point of each class and not the one at the end of its arm.
    for (const point of path?.order ?? []) if (!found.has(path.labels[point])) found.set(path.labels[point], point);
    return [...found.keys()].sort((a, b) => a - b).map((label) => found.get(label));
  }

  function followNumber() {
    const number = Number(byId("point").value);
    if (!path || !Number.isInteger(number) || number < 1 || number > path.points) return;
    toggle(number - 1);
  }

  function toggle(point) {
    const there = settings.followed.includes(point);
    const followed = there ? settings.followed.filter((one) => one !== point) : [...settings.followed, point];
    choose({ followed: followed.slice(-64) });
  }

  function followedText() {
    const numbers = settings.followed.map((point) => (point + 1).toLocaleString("en-US"));
    if (!numbers.length) return "Point at the layer or the data to see a path; click to keep it.";
    const few = numbers.slice(0, 8).join(", ");
    return `Following ${numbers.length === 1 ? "point" : "points"} ${few}${numbers.length > 8 ? ", ..." : ""}.`;
  }

  function pointing(canvas) {
    canvas.addEventListener("pointermove", (event) => {
      const found = stage ? stage.nearest(event, canvas) : -1;
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
      const found = stage ? stage.nearest(event, canvas) : -1;
      if (found >= 0) toggle(found);
    });
  }

  async function openFile(file) {
    byId("refused").hidden = true;
    try {
      const opened = await spiral.opened.trajectory(file);
      const name = `own-${own.size + 1}`;
      own.set(name, opened);
      option(name, opened.network.title);
      choose({ net: name, followed: [] });
    } catch (error) {
      byId("refused").hidden = false;
      say(byId("refused"), `${file.name}: ${error.message}`);
    }
  }

  function draw(clock) {
    if (!stage) return;
    stage.draw(clock.second, settings);
    const { numbers } = spiral;
    const epoch = stage.timeline.epochOver(numbers.slowly(clock.second, clock.playing));
    say(byId("accuracy"), numbers.share(numbers.ofCurve(path.accuracy, epoch)));
    say(byId("entropy"), numbers.nats(numbers.ofCurve(path.entropy, epoch)));
    const packing = path.packing ? numbers.ofKept(path.epochs, path.packing, Math.min(epoch, path.network.trained)) : NaN;
    say(byId("packing"), numbers.part(packing));
  }

  /** Draw again what does not move, for example in other colours. */
  function renew() {
    if (stage) stage.stillKey = "";
  }

  return { build, apply, state, draw, renew, timeline: () => stage?.timeline ?? null, stage: () => stage };
})();
