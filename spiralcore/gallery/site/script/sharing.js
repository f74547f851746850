"use strict";
// What the reader takes along of the network that is shown: links, pictures, numbers.

spiral.sharing = (() => {
  const { byId, say } = spiral.dom;
  const { text } = spiral.words;

  function build() {
    const does = {
      "copy-link": () => copy(here(), text("Link copied.")),
      "copy-code": () => copy(spiral.embedding.code(here({ embed: "1", labels: "" }), titled()), text("Code copied.")),
      full: () => spiral.embedding.full(),
      "save-png": async () => save(await spiral.picture.png("network", titled(), subtitle()), "png"),
      "save-svg": () => save(spiral.vector.svg(spiral.shown.stage(), spiral.explorer.settings(), titled(), subtitle()), "svg"),
      "save-film": () => film("webm", "save-film"),
      "save-mp4": () => film("mp4", "save-mp4"),
      "save-curves": () => save(spiral.columns.curves(spiral.shown.path()), "csv", "curves"),
      "save-points": points,
    };
    byId("table-png").addEventListener("click", () =>
      whole("table", document.title, byId("epoch"), byId("table-shared")),
    );
    byId("train-png").addEventListener("click", () =>
      whole("train", spiral.trained.titled(spiral.training.settings()), byId("train-epoch"), byId("train-taken")),
    );
    for (const [id, act] of Object.entries(does)) {
      byId(id).addEventListener("click", () => {
        say(byId("shared"), "");
        if (spiral.shown.path() || id === "full") act();
        else say(byId("shared"), text("Wait until the whole trajectory is there."));
      });
    }
  }

  /** The whole view as a picture, where no network is shown. */
  async function whole(view, title, epoch, place) {
    const name = `${view}-epoch-${epoch.textContent.replace(/\D/g, "")}.png`;
    const blob = await spiral.picture.png(view, title, `${text("epoch")} ${epoch.textContent}`);
    spiral.dom.save(blob, name);
    say(place, `${text("Saved:")} ${name}, ${spiral.numbers.size(blob.size)}`);
  }

  function titled() {
    return spiral.explorer.title();
  }

  function subtitle() {
    return `${text("epoch")} ${byId("epoch").textContent}`;
  }

  /** The address of what is shown now. */
  function here(changes = {}) {
    const epoch = spiral.clock.state.playing ? null : spiral.clock.epochOver();
    const state = { ...spiral.address.read(), ...spiral.explorer.state(), view: "network", e: epoch === null ? "" : String(epoch), t: "" };
    return new URL(spiral.address.of({ ...state, ...changes }), location.href).href;
  }

  async function copy(words, done) {
    try {
      await navigator.clipboard.writeText(words);
      say(byId("shared"), own() ? `${done} ${text("A file of your own is not in it.")}` : done);
    } catch {
      say(byId("shared"), words);
    }
  }

  function own() {
    return spiral.shown.path()?.file !== undefined;
  }

  function points() {
    const { followed } = spiral.explorer.settings();
    if (!followed.length) return say(byId("shared"), text("No points are followed yet."));
    save(spiral.columns.points(spiral.shown.path(), followed), "csv", "points");
  }

  let filming = false;

  /** Film the view, or stop that. */
  async function film(kind, id) {
    if (filming) return spiral.filming.stop();
    filming = true;
    const button = byId(id);
    const said = button.textContent;
    say(button, text("Stop filming"));
    try {
      const picture = () => spiral.picture.compose("network", titled(), subtitle());
      const found = await spiral.filming.film(kind, picture, (share) => say(byId("shared"), text("Filming: {v} %", { v: Math.round(100 * share) })));
      if (found) save(found, kind, "film");
      else say(byId("shared"), text("No film was saved: this browser encodes none, or it was stopped."));
    } catch (error) {
      say(byId("shared"), error.message);
    } finally {
      filming = false;
      say(button, said);
    }
  }

  /** Save something under the name of the network. */
  function save(blob, ending, what = `epoch-${spiral.clock.epochOver() ?? 0}`) {
    const stem = titled().normalize("NFD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").toLowerCase() || "network";
    const name = `${stem}-${what}.${ending}`;
    spiral.dom.save(blob, name);
    say(byId("shared"), `${text("Saved:")} ${name}, ${spiral.numbers.size(blob.size)}`);
  }

  return { build, save, titled, subtitle };
})();
