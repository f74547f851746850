"use strict";
// What the reader takes out of the browser: the trajectory, the recipe, a link.

spiral.taken = (() => {
  const { byId, say, save } = spiral.dom;

  /** `now()` gives {settings, points, epoch}; `record()` promises the record of the run. */
  function build(now, record) {
    byId("train-save").addEventListener("click", async () => {
      const found = await record();
      if (!found) return;
      const file = await spiral.written.npz(found);
      save(file, `${nameOf(found.settings)}.npz`);
      say(byId("train-taken"), `${spiral.words.text("Saved:")} ${nameOf(found.settings)}.npz, ${spiral.numbers.size(file.size)}`);
    });
    byId("train-toml").addEventListener("click", () => {
      const { settings, points, epoch } = now();
      const name = nameOf(settings);
      const table = spiral.recipes.data(settings) ? "" : `${name}.csv`;
      if (table) save(new Blob([spiral.given.csv(points)]), table);
      save(new Blob([spiral.recipes.toml(settings, Math.max(epoch, 1), table)]), `${name}.toml`);
      say(byId("train-taken"), [spiral.words.text("Saved:"), [`${name}.toml`, table].filter(Boolean).join(", ")].join(" "));
    });
    byId("train-link").addEventListener("click", async () => {
      const { settings } = now();
      const link = location.href;
      try {
        await navigator.clipboard.writeText(link);
        say(byId("train-taken"), `${spiral.words.text("Link copied.")} ${spiral.recipes.data(settings) ? "" : spiral.words.text("Points of your own are not in it: save the recipe for them.")}`.trim());
      } catch {
        say(byId("train-taken"), link);
      }
    });
  }

  /** A name for files: letters, digits and hyphens. */
  function nameOf({ classes, kind, activation, seed }) {
    return [classes, kind, activation, seed].join("-").replaceAll("_", "-");
  }

  /** Say how a film is made of the file. */
  function show(settings) {
    say(byId("train-line"), spiral.recipes.film(`${nameOf(settings)}.npz`));
  }

  return { build, show };
})();
