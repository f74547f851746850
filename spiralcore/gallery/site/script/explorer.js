"use strict";
// The explorer: which network is shown and how, by the settings beside it. What is set is in the
// address; from there it comes here.

spiral.explorer = (() => {
  const { byId, element, say } = spiral.dom;
  const TIMES = ["motion", "log", "linear"];
  const settings = { net: "", time: "motion", path: "smooth", regions: true, morph: "", labels: false, with: "", followed: [], hovered: -1 };
  const own = new Map(); // trajectories that the reader has opened, by name
  let chosen = () => {};
  let changed = () => {};

  function facts() {
    return spiral.parts.facts("manifest");
  }

  function network(name) {
    return own.get(name)?.network ?? (Object.hasOwn(facts().networks, name) ? facts().networks[name] : undefined);
  }

  /**
   * Fill the choices.
   *
   * @param choose is called with what the reader chooses, for the address
   * @param listener is called when another network is there
   */
  function build(choose, listener) {
    chosen = choose;
    changed = listener;
    for (const row of facts().rows) for (const name of row.networks) option(name, spiral.words.titled(facts().networks[name]));
    byId("net").addEventListener("change", (event) => {
      spiral.shown.forget();
      chosen({ net: event.target.value, points: "" });
    });
    for (const kind of ["time", "path"]) {
      for (const radio of document.getElementsByName(kind)) {
        radio.addEventListener("change", () => choose({ [kind]: radio.value }));
      }
    }
    byId("regions").addEventListener("change", (event) => choose({ regions: event.target.checked ? "" : "no" }));
    byId("morph").addEventListener("change", (event) => choose({ morph: event.target.checked ? "data" : "" }));
    byId("with").addEventListener("change", (event) => choose({ with: event.target.value }));
    byId("labels").addEventListener("change", (event) => choose({ labels: event.target.checked ? "yes" : "" }));
    spiral.tour.build(choose);
    spiral.layering.build(choose);
    spiral.turning.build(choose);
    spiral.following.build(settings, (followed) => choose({ points: followed.join(".") }));
    byId("loss").addEventListener("click", (event) => {
      const path = spiral.shown.path();
      if (!path?.network.loss) return;
      const box = event.currentTarget.getBoundingClientRect();
      const epoch = spiral.curve.epochAt(path, (event.clientX - box.left - 6) / (box.width - 12));
      spiral.clock.seek(spiral.shown.timeline().secondAt(epoch));
    });
  }

  function option(name, title, place = byId("net")) {
    place.append(element("option", { value: name }, title));
  }

  /** Where the reader's files stand in the list, apart from those of the page. */
  function ownGroup() {
    if (!byId("yours")) byId("net").append(element("optgroup", { id: "yours", label: spiral.words.text("Your files") }));
    return byId("yours");
  }

  /** Settings from the address; what is unknown there is left as it is usual. */
  function apply(state) {
    const names = facts().rows.flatMap((row) => row.networks);
    settings.net = network(state.net) ? state.net : (names[0] ?? [...own.keys()][0]);
    settings.time = TIMES.includes(state.time) ? state.time : facts().timeline;
    settings.path = state.path === "exact" ? "exact" : "smooth";
    settings.regions = state.regions !== "no";
    settings.morph = state.morph === "data" ? "data" : "";
    settings.labels = state.labels === "yes";
    settings.way = state.way ?? "";
    settings.turn = state.turn ?? "";
    settings.with = network(state.with) && state.with !== settings.net ? state.with : "";
    const { points } = network(settings.net);
    settings.followed = (state.points ?? "").split(".").filter((text) => /^\d+$/.test(text)).map(Number);
    settings.followed = [...new Set(settings.followed)].filter((point) => point < points).slice(0, 64);
    show();
  }

  /** The same for the address. */
  function state() {
    return {
      net: settings.net,
      time: settings.time === facts().timeline ? "" : settings.time,
      path: settings.path === "exact" ? "exact" : "",
      regions: settings.regions ? "" : "no",
      morph: settings.morph,
      labels: settings.labels ? "yes" : "",
      with: settings.with,
      way: spiral.layering.asked(),
      turn: spiral.turning.asked(),
      stop: spiral.tour.asked(),
      points: settings.followed.join("."),
    };
  }

  /** Show the settings where they are made, and the network by them. */
  function show() {
    if (!spiral.shown.refused()) byId("net").value = settings.net;
    for (const kind of ["time", "path"]) {
      for (const radio of document.getElementsByName(kind)) radio.checked = radio.value === settings[kind];
    }
    byId("regions").checked = settings.regions;
    byId("morph").checked = settings.morph === "data";
    byId("labels").checked = settings.labels;
    spiral.carrying.go(settings.morph === "data" ? 0 : 1);
    spiral.pointers.show(settings.labels);
    others();
    spiral.following.tell();
    spiral.shown.show(settings, network(settings.net), own.get(settings.net) ?? null, changed);
    spiral.beside.show(settings.with, network(settings.with), own.get(settings.with) ?? null);
  }

  /** The networks that can stand beside the one that is shown. */
  function others() {
    const place = byId("with");
    const names = [...facts().rows.flatMap((row) => row.networks), ...own.keys()];
    place.replaceChildren(element("option", { value: "" }, spiral.words.text("nothing")));
    for (const name of names) if (name !== settings.net) option(name, spiral.words.titled(network(name)), place);
    place.value = settings.with;
  }

  /** Take a trajectory of the reader's in; its name. */
  function take(path) {
    let number = own.size + 1;
    while (network(`own-${number}`)) number++;
    const name = `own-${number}`;
    spiral.shown.forget();
    own.set(name, path);
    // Two files may have one name.
    const same = [...own.values()].filter(({ file }) => file === path.file).length;
    if (same > 1) path.network.title += ` (${same})`;
    option(name, path.network.title, ownGroup());
    return name;
  }

  /** Show a trajectory in place of the one of that name, which has the reader's files' place. */
  function replace(name, path) {
    spiral.shown.forget();
    const there = byId("net").querySelector(`option[value="${name}"]`);
    if (there) there.textContent = path.network.title;
    else option(name, path.network.title, ownGroup());
    own.set(name, path);
    return name;
  }

  /**
   * Say why files of the reader's are not shown.
   *
   * @param files {name, text} of each
   * @param alone whether nothing else is shown in their place
   */
  function refuse(files, alone) {
    if (alone) {
      chosen({ view: "network" }, "own");
      spiral.shown.refuse();
      for (const one of byId("net").querySelectorAll("[data-refused]")) one.remove();
      const title = files[files.length - 1].name.slice(0, 80);
      const last = element("option", { value: "", "data-refused": "" }, title);
      ownGroup().append(last);
      last.selected = true;
    }
    spiral.shown.say(files.map(({ text }) => text).join("\n\n"));
    byId("refused").scrollIntoView({ block: "center" });
    changed();
  }

  function title() {
    return byId("net").selectedOptions[0]?.textContent ?? "";
  }

  /** Whether there is any network. */
  function any() {
    return own.size > 0 || facts().rows.length > 0;
  }

  return { build, apply, state, take, replace, refuse, any, title, settings: () => settings, stage: () => spiral.shown.stage() };
})();
