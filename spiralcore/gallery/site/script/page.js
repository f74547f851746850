"use strict";
// Puts the page together: three views, one clock, and the address that says it all.

spiral.page = (() => {
  const { byId, say } = spiral.dom;
  const { clock, address } = spiral;
  const TITLE = "How networks bend space";
  const VIEWS = ["table", "network", "train"];
  const QUIET = 400; // milliseconds after which the address is brought up to date
  let view = "";
  let timer = 0;

  function start() {
    const facts = spiral.parts.facts("manifest");
    spiral.trouble.build();
    spiral.words.choose(address.read().lang);
    if (!facts) return spiral.trouble.say("data/manifest.js could not be loaded.", () => location.reload());
    if (facts.only) alone(facts.only);
    else say(byId("lead"), lead(facts));
    if (facts.watched) spiral.watching.build(facts.watched);
    spiral.table.build(byId("rows"), opened);
    spiral.downloads.list(byId("films"), facts.links[""]);
    byId("films-title").hidden = !facts.links[""].length;
    spiral.controls.build((speed) => choose({ speed: speed === "1" ? "" : speed }));
    spiral.embedding.build(); // before points listen to presses
    spiral.explorer.build(choose, () => {
      if (view === "network") follow(spiral.shown.timeline(), spiral.shown.provisional());
      document.title = titled();
      remember();
    });
    spiral.terms.build();
    spiral.sharing.build();
    spiral.dropping.build(opened);
    spiral.training.build(choose, (net, epoch) =>
      choose({ view: "network", net, points: "", e: String(epoch), t: "" }, "train-back"),
    );
    languages();
    byId("theme").addEventListener("click", () => choose({ theme: spiral.theme.next() }));
    for (const link of document.querySelectorAll(".views a")) {
      spiral.dom.followed(link, () => choose({ view: link.dataset.view }));
    }
    spiral.dom.followed(byId("skip"), () => {
      const place = byId(view);
      place.focus({ preventScroll: true });
      place.scrollIntoView();
    });
    spiral.theme.listen(renew);
    spiral.printing.listen(() => {
      renew();
      spiral.table.draw(clock.state);
      if (view === "network") spiral.shown.draw(clock.state);
    });
    addEventListener("resize", clock.schedule);
    document.fonts.ready.then(renew);
    addEventListener("scroll", remember, { passive: true });
    clock.listen(draw);
    let played = false;
    clock.listen((state) => {
      if (!state.playing || !played) remember();
      played = state.playing;
    });
    address.leave(noted);
    address.listen(apply);
    begin(open(address.read()));
  }

  /** An address that asks for nothing is that of four classes, large, with their parts named. */
  function open(state) {
    const { networks, only } = spiral.parts.facts("manifest");
    const asks = Object.keys(state).some((name) => !["lang", "theme", "speed", "embed", "hide"].includes(name));
    if (asks || only) return state;
    const far = ({ classes, activation }) => 2 * Math.abs(classes - 4) + (activation !== "tanh");
    const [net] = Object.keys(networks).sort((a, b) => far(networks[a]) - far(networks[b]));
    address.note({ view: "network", net, labels: "yes" });
    return address.read();
  }

  /** The languages to choose from. The page is read anew in another one. */
  function languages() {
    const { words } = spiral;
    for (const [code, { name }] of Object.entries(words.all())) {
      byId("lang").append(spiral.dom.element("option", { value: code, lang: code }, name));
    }
    byId("lang").value = words.code();
    byId("lang").addEventListener("change", (event) => choose({ lang: event.target.value }));
  }

  /** A page of one view, without networks of its own. */
  function alone(only) {
    document.querySelector('.views [data-view="table"]').remove();
    if (only === "train") {
      document.querySelector('.views [data-view="network"]').hidden = true;
      say(byId("skip"), spiral.words.text("Skip to the training"));
    } else {
      document.querySelector(".views").hidden = true;
      say(byId("skip"), spiral.words.text("Skip to the network"));
    }
    document.documentElement.dataset.only = only;
  }

  /** What the page is about, in two sentences. */
  function lead(facts) {
    const networks = Object.values(facts.networks);
    const counts = facts.rows.map((row) => row.classes);
    const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
    const { text } = spiral.words;
    const classes = text(fewest === most ? "{n} classes" : "{n} to {m} classes", { n: fewest, m: most });
    const projected = networks.some((network) => network.projected);
    if (facts.data === "spirals" && !projected) {
      return text("Interleaved spirals of {classes} pass through a small network whose last hidden layer has two neurons. While it learns, the layer bends the plane until straight cuts are enough to tell the classes apart.", { classes });
    }
    const layer = text(projected ? "projected onto two axes" : "which has two neurons");
    if (networks.some((network) => !network.labelled)) return text("Points pass through a network while it learns. Drawn is its hidden layer, {layer}.", { layer });
    return text("Points of {classes} pass through a network while it learns. Drawn is its hidden layer, {layer}: it moves the points until straight cuts are enough to tell the classes apart.", { classes, layer });
  }

  /**
   * The first state: what the address says; without a time in it the page plays, unless its network
   * comes later, and is seen at its end.
   */
  function begin(state) {
    const { only, samples } = spiral.parts.facts("manifest");
    clock.state.second = -samples.lead;
    if (!calm() && !timeOf(state) && only !== "network") clock.play();
    const { scroll = 0, focus = "" } = history.state ?? {};
    apply(state, { back: true, scroll, focus });
  }

  function calm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** What an address says of the time: {epoch}, or {second} where it is an old one, or null. */
  function timeOf({ e, t }) {
    if (/^\d{1,10}(\.\d+)?$/.test(e ?? "")) return { epoch: Number(e) };
    if (/^-?\d{1,10}(\.\d+)?$/.test(t ?? "")) return { second: Number(t) };
    return null;
  }

  /** Choose something: a step in the history, see `spiral.address.go`. */
  function choose(changes, focus) {
    address.go(changes, focus);
  }

  /** Open a network from the table, or a file of the reader's. */
  function opened(net, focus) {
    choose({ view: "network", net, points: "" }, focus);
  }

  /** Show what an address says; `how` tells whether the reader has come back to it. */
  function apply(wanted, how) {
    if (spiral.words.meant(wanted.lang) !== spiral.words.code()) return location.reload();
    const state = open(wanted);
    spiral.theme.choose(state.theme);
    spiral.embedding.apply(state);
    clock.setSpeed(spiral.controls.SPEEDS.includes(state.speed) ? Number(state.speed) : 1);
    goTo(timeOf(state));
    const before = view;
    view = viewOf(state);
    for (const name of VIEWS) byId(name).hidden = view !== name;
    byId("bar").hidden = view === "train";
    byId("train-bar").hidden = view !== "train";
    byId("train-bar").classList.toggle("bar", view === "train");
    document.documentElement.dataset.view = view;
    for (const link of document.querySelectorAll(".views a")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (view !== "network") spiral.shown.forget();
    if (view !== "train") spiral.training.leave();
    if (view === "table") {
      spiral.table.load().then(renewed);
    } else if (view === "train") {
      clock.pause();
      spiral.training.apply(state);
    } else {
      explore(state);
    }
    document.querySelector('.views [data-view="network"]').hidden = !spiral.explorer.any();
    document.title = titled();
    links(address.read());
    if (view !== before) arrive(how);
    clock.schedule();
  }

  /** Show a network, if there is any. */
  function explore(state) {
    if (!spiral.explorer.any()) return;
    spiral.explorer.apply(state);
    follow(spiral.shown.timeline(), spiral.shown.provisional());
  }

  /** A network was handed to the page, or one that it has was renewed: nobody has gone anywhere. */
  function handed() {
    explore(address.read());
    document.title = titled();
    clock.schedule();
  }

  /** The view that an address asks for; the first one that the page has where it asks for none. */
  function viewOf({ view: wanted }) {
    const { only } = spiral.parts.facts("manifest");
    const first = only ?? "table";
    if (only === "network") return only;
    if (!VIEWS.includes(wanted) || (wanted === "table" && only)) return first;
    return wanted === "network" && !spiral.explorer.any() ? first : wanted;
  }

  /** The table's clock is there. */
  function renewed() {
    if (view === "table") follow(spiral.table.timeline());
    clock.schedule();
  }

  function goTo(time) {
    if (!time || time.epoch === clock.epochOver()) return;
    clock.pause();
    if ("epoch" in time) clock.seekEpoch(time.epoch);
    else clock.seekNext(time.second);
  }

  function titled() {
    const title = spiral.words.text(TITLE);
    if (view === "train") return `${spiral.words.text("Train")}: ${title}`;
    const name = view === "network" ? spiral.explorer.title() : "";
    return name ? `${name}: ${title}` : title;
  }

  /** Bring focus and scroll to where the reader has gone, or was. */
  function arrive({ back, scroll, focus }) {
    const place = back ? focus && byId(focus) : view === "network" && byId("network");
    const onTab = document.activeElement?.closest?.(".views, #net");
    if (place && !onTab) place.focus({ preventScroll: true });
    scrollTo(0, back ? scroll : 0);
    if (view === "network" && !(back && scroll)) toPanel();
  }

  /** Bring the panel above the bar, where the head of the page leaves no room for it. */
  function toPanel() {
    const frame = document.querySelector(".layer .frame").getBoundingClientRect();
    const named = byId("naming").getBoundingClientRect();
    const top = named.height ? named.top : frame.top;
    const room = byId("bar").getBoundingClientRect().top;
    if (frame.bottom > room) scrollBy(0, top - Math.max((room - frame.bottom + top) / 2, 0));
  }

  function follow(timeline, provisional) {
    if (timeline) spiral.controls.follow(timeline, spiral.parts.facts("manifest").samples.lead, provisional);
  }

  /** Links keep the rest of the state, so that they can be opened elsewhere. */
  function links(state) {
    for (const link of document.querySelectorAll(".views a")) {
      link.href = address.of({ ...state, view: link.dataset.view });
    }
    spiral.tour.links();
    for (const link of document.querySelectorAll("a[data-net]")) {
      link.href = address.of({ ...state, view: "network", net: link.dataset.net, points: "" });
    }
  }

  /** What is noted of the moment in the address; while the film plays, an epoch would be stale. */
  function noted() {
    const state = {
      view: view,
      theme: spiral.theme.chosen(),
      ...(view === "network" ? spiral.explorer.state() : {}),
    };
    if (clock.waiting() || view === "train") return state;
    const epoch = clock.state.playing || spiral.handed.atEnd() ? null : clock.epochOver();
    return { ...state, t: "", e: epoch === null ? "" : String(epoch) };
  }

  /** Bring the address up to date soon. */
  function remember() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      address.note(noted());
      links(address.read());
    }, QUIET);
  }

  function draw(state) {
    if (view === "table") spiral.table.draw(state);
    else if (view === "network") spiral.shown.draw(state);
    else spiral.training.draw();
  }

  function renew() {
    spiral.table.renew();
    spiral.shown.renew();
    spiral.training.renew();
    clock.schedule();
  }

  document.addEventListener("DOMContentLoaded", () => spiral.parts.unpack().catch(() => {}).then(start));
  return { renewed, handed };
})();
