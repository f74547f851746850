"use strict";
// A second network beside the one that is shown, at the same epoch, and where the two differ.

spiral.beside = (() => {
  const { byId, say } = spiral.dom;
  const { text } = spiral.words;
  let asked = null; // what is wanted: {name, network}
  let path = null;
  let stage = null;
  let turn = 0;

  /**
   * Show another network beside the first, or none.
   *
   * @param name its name, "" for none
   * @param network what is known of it
   * @param own its path, if it is the reader's
   */
  async function show(name, network, own) {
    const root = document.documentElement;
    byId("beside").hidden = !name;
    if (!name) {
      [asked, path, stage] = [null, null, null];
      turn++;
      delete root.dataset.beside;
      return;
    }
    if (asked?.network === network) return;
    [asked, path, stage] = [{ name, network }, null, null];
    root.dataset.beside = "loading";
    byId("layer-b").setAttribute("aria-label", `${spiral.words.titled(network)}: ${text("hidden layer")}`);
    say(byId("first-title"), spiral.explorer.title());
    say(byId("beside-title"), spiral.words.titled(network));
    say(byId("beside-said"), text("loading the whole trajectory"));
    const mine = ++turn;
    try {
      const found = own ?? (await loaded(name, network));
      if (mine !== turn) return;
      path = found;
      root.dataset.beside = name;
      spiral.clock.schedule();
    } catch (error) {
      if (mine === turn) say(byId("beside-said"), error.message);
    }
  }

  async function loaded(name, network) {
    const arrays = await spiral.parts.load(`live-${name}`);
    spiral.parts.forget(`live-${name}`);
    return spiral.live.path(arrays, network);
  }

  /** Draw it at the second of the first one's timeline: both are at one epoch. */
  function draw(first, second, settings, epoch) {
    if (!path || !first.playback || spiral.turning.on(first.path)) return;
    if (stage?.timeline !== first.timeline || stage.playback.smoothing !== first.playback.smoothing) {
      stage = new spiral.stage.Stage(path, first.timeline, first.playback.smoothing);
      stage.canvas = byId("layer-b");
      stage.same = samePoints(first.path, path);
    }
    const shared = { ...settings, followed: stage.same ? settings.followed : [], hovered: stage.same ? settings.hovered : -1 };
    stage.seek(second);
    stage.layer(second, shared);
    const apart = stage.same ? differing(first, stage) : null;
    if (apart && spiral.carrying.share() === 1) for (const one of [first, stage]) rings(one, apart);
    write(first.readings(epoch), stage.readings(epoch), apart, first);
  }

  function samePoints(one, other) {
    const equal = (a, b) => a && b && a.length === b.length && a.every((value, i) => value === b[i]);
    return equal(one.targets ?? one.labels, other.targets ?? other.labels) && equal(one.inputs, other.inputs);
  }

  /** Points that the two put into different classes; null where a read-out is unknown. */
  function differing(one, other) {
    if (!one.path.readout || !other.path.readout) return null;
    const [mine, yours] = [one, other].map(({ playback, path: { classes, points } }) =>
      Array.from({ length: points }, (_, point) =>
        spiral.places.winner(playback.readout, 0, classes, playback.hidden[2 * point], playback.hidden[2 * point + 1]),
      ),
    );
    return mine.flatMap((label, point) => (label === yours[point] ? [] : [point]));
  }

  function rings({ canvas, places }, points) {
    const brush = spiral.panel.context(canvas);
    const width = spiral.panel.widthOf(canvas);
    const pixel = canvas.width / width;
    spiral.trails.rings(brush, places, points, 5 * pixel, 0.8 * pixel);
  }

  /** Numbers of both, and how far the second is from the first. */
  function write(mine, yours, apart, first) {
    const { numbers } = spiral;
    const forms = {
      accuracy: [numbers.share, (value) => text("{v} points", { v: numbers.signed(100 * value, 1) })],
      entropy: [numbers.nats, (value) => numbers.signed(value, 3)],
      packing: [numbers.part, (value) => numbers.signed(value, 2)],
    };
    for (const [name, [said, difference]] of Object.entries(forms)) {
      say(byId(`one-${name}`), said(mine[name]));
      say(byId(`two-${name}`), said(yours[name]));
      const value = yours[name] - mine[name];
      say(byId(`diff-${name}`), Number.isFinite(value) ? difference(value) : "–");
    }
    const count = apart?.length ?? 0;
    const fields = { n: spiral.words.whole(count), m: spiral.words.whole(path.points) };
    const last = path.network.trained > first.path.network.trained;
    const words = [
      !stage.same && text("They learned different points."),
      apart && (count ? text("Ringed: {n} of {m} points that they put into different classes.", fields) : text("They put all points into the same classes.")),
      last && text("Shown up to the end of the first one."),
    ];
    say(byId("beside-said"), words.filter(Boolean).join(" "));
  }

  return { show, draw, path: () => path };
})();
