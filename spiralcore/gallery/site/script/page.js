"use strict";
// Puts the page together: two views, one clock, and the address that says it all.

spiral.page = (() => {
  const { byId, say } = spiral.dom;
  const { clock, address } = spiral;
  const QUIET = 400; // milliseconds after which the address is brought up to date
  let view = "";
  let timer = 0;

  function start() {
    const facts = spiral.parts.facts("manifest");
    say(byId("lead"), lead(facts));
    spiral.table.build(byId("rows"));
    spiral.downloads.list(byId("films"), facts.links[""]);
    byId("films-title").hidden = !facts.links[""].length;
    spiral.controls.build();
    spiral.explorer.build((begun) => {
      if (begun && view === "network") follow(spiral.explorer.timeline());
      remember();
    });
    byId("theme").addEventListener("click", () => {
      spiral.theme.choose(spiral.theme.next());
      remember();
    });
    spiral.theme.listen(renew);
    addEventListener("resize", clock.schedule);
    clock.listen(draw);
    let played = false;
    clock.listen((state) => {
      if (!state.playing || !played) remember();
      played = state.playing;
    });
    address.listen(apply);
    begin(address.read());
  }

  /** What the page is about, in two sentences. */
  function lead(facts) {
    const counts = facts.rows.map((row) => row.classes);
    const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
    const classes = fewest === most ? `${fewest} classes` : `${fewest} to ${most} classes`;
    const projected = Object.values(facts.networks).some((network) => network.projected);
    const end = "until straight cuts are enough to tell the classes apart.";
    if (facts.data === "spirals" && !projected) {
      return `Interleaved spirals of ${classes} pass through a small network whose last hidden layer has two neurons. While it learns, the layer bends the plane ${end}`;
    }
    const layer = projected ? "projected onto two axes" : "which has two neurons";
    return `Points of ${classes} pass through a network while it learns. Drawn is its hidden layer, ${layer}: it moves the points ${end}`;
  }

  /** The first state: what the address says; without a time in it the page plays. */
  function begin(state) {
    const { lead } = spiral.parts.facts("manifest").samples;
    clock.state.second = -lead;
    if (!calm() && !Number.isFinite(Number(state.t ?? NaN))) clock.play();
    apply(state);
  }

  function calm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** Show what an address says. */
  function apply(state) {
    spiral.theme.choose(state.theme);
    if (spiral.controls.SPEEDS.includes(state.speed)) clock.setSpeed(Number(state.speed));
    const second = Number(state.t ?? NaN);
    if (Number.isFinite(second)) {
      clock.pause();
      clock.state.second = second;
    }
    view = state.view === "network" ? "network" : "table";
    byId("table").hidden = view !== "table";
    byId("network").hidden = view !== "network";
    document.documentElement.dataset.view = view;
    for (const link of document.querySelectorAll(".views a")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (view === "table") {
      spiral.table.load().then(() => view === "table" && follow(spiral.table.timeline()), failed);
    } else {
      spiral.explorer.apply(state);
      follow(spiral.explorer.timeline());
    }
    links(state);
    clock.schedule();
  }

  function follow(timeline) {
    if (timeline) spiral.controls.follow(timeline, spiral.parts.facts("manifest").samples.lead);
  }

  /** The links between the views keep the rest of the state. */
  function links(state) {
    for (const link of document.querySelectorAll(".views a")) {
      link.href = address.of({ ...state, view: link.dataset.view === "table" ? "" : link.dataset.view });
    }
  }

  /** Bring the address up to date soon; while the film plays, the time in it would be stale. */
  function remember() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { state } = clock;
      const still = !state.playing && state.second > state.from + 1e-6;
      address.note({
        view: view === "network" ? view : "",
        theme: spiral.theme.chosen(),
        speed: state.speed === 1 ? "" : String(state.speed),
        t: still ? state.second.toFixed(2) : "",
        ...(view === "network" ? spiral.explorer.state() : {}),
      });
      links(address.read());
    }, QUIET);
  }

  function draw(state) {
    if (view === "table") spiral.table.draw(state);
    else spiral.explorer.draw(state);
  }

  function renew() {
    spiral.table.renew();
    spiral.explorer.renew();
    clock.schedule();
  }

  function failed(error) {
    byId("failure").hidden = false;
    say(byId("failure"), error.message);
  }

  document.addEventListener("DOMContentLoaded", start);
  return { failed };
})();
