"use strict";
// Puts the page together.

spiral.page = (() => {
  const { byId, say } = spiral.dom;
  const { clock } = spiral;

  function start() {
    const facts = spiral.parts.facts("manifest");
    const counts = facts.rows.map((row) => row.classes);
    const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
    say(byId("range"), fewest === most ? `${fewest} classes` : `${fewest} to ${most} classes`);
    spiral.table.build(byId("table"));
    spiral.controls.build();
    byId("theme").addEventListener("click", () => {
      spiral.theme.choose(spiral.theme.name() === "dark" ? "light" : "dark");
      spiral.address.note({ theme: spiral.theme.chosen() });
    });
    spiral.theme.listen(() => {
      spiral.table.renew();
      clock.schedule();
    });
    addEventListener("resize", clock.schedule);
    clock.listen((state) => spiral.table.draw(state));
    const state = spiral.address.read();
    spiral.theme.choose(state.theme);
    spiral.table.load().catch(failed);
    spiral.parts.load("clock").then((knots) => {
      const timeline = new spiral.timeline.Timeline(knots.seconds.data, knots.epochs.data);
      spiral.controls.follow(timeline, facts.samples.lead);
      clock.seek(state.t === undefined ? -facts.samples.lead : Number(state.t));
      if (!matchMedia("(prefers-reduced-motion: reduce)").matches && state.t === undefined) clock.play();
    }, failed);
  }

  function failed(error) {
    const place = byId("failure");
    place.hidden = false;
    say(place, error.message);
  }

  document.addEventListener("DOMContentLoaded", start);
  return { failed };
})();
