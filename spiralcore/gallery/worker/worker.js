"use strict";
// The worker that trains: it listens to the page, goes on epoch by epoch between its messages, and
// tells where the points are as often as the page can draw them.

spiral.worker = (() => {
  const SLICE = 12; // milliseconds of training between looks at messages
  const FIELDS = 120; // milliseconds between two pictures of the predicted classes
  const LIVE_NODES = 40;
  const KEPT_NODES = 56;

  let training = null;
  let recorder = null;
  let asked = null; // settings and pace from the page
  let Core = spiral.layers.PlainCore;
  let playing = false;
  let order = 0; // of what the page has said last, so that it knows which of its words an answer follows
  let waiting = false; // whether the page has not drawn the latest state yet
  let since = { time: 0, epoch: 0 };
  let painted = 0;
  let sent = 0; // epochs whose loss the page knows
  const fields = new Map();

  const channel = new MessageChannel();
  channel.port1.onmessage = () => turn();

  const told = {
    /** Compute by the compiled core, if the page has one and the browser can. */
    async core({ bytes }) {
      Core = (bytes && (await spiral.compiled.core(bytes))) || spiral.layers.PlainCore;
    },
    /**
     * Begin anew, or with other points.
     *
     * @param points {inputs, labels}, or null for those that the settings draw
     * @param kept whether the network stays as it is
     */
    begin({ settings, points, kept }) {
      const before = kept ? training : null;
      points ??= spiral.sets.draw(settings);
      const farthest = points.inputs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      asked = { ...asked, ...settings, reach: settings.margin * farthest || 1 };
      postMessage({ kind: "points", order, ...points, reach: asked.reach });
      playing &&= kept;
      training = new spiral.network.Training(asked, points, Core, before);
      recorder = new spiral.recorder.Recorder(asked.space);
      training.first = training.epoch; // records count from here
      fields.clear();
      waiting = false;
      sent = 0;
      observe();
      since = { time: performance.now(), epoch: training.epoch };
      tell();
    },
    play({ limit, pace }) {
      Object.assign(asked, { limit, pace });
      since = { time: performance.now(), epoch: training.epoch };
      if (!playing) channel.port2.postMessage(0);
      playing = true;
    },
    pause() {
      playing = false;
      tell();
    },
    step({ limit }) {
      playing = false;
      if (training.epoch < limit) advance();
      tell();
    },
    drawn() {
      waiting = false;
    },
    record() {
      const found = recorder.record(training.core.read("parameters"));
      const grid = gridOf(found);
      const whole = { ...found, grid, points: training.points, settings: asked, first: training.first };
      const buffers = [found, grid].flatMap(Object.values).filter((one) => one?.buffer).map((one) => one.buffer);
      postMessage({ kind: "record", ...whole, hash: training.hash() }, [...new Set(buffers)]);
    },
  };

  function observe() {
    const { core, epoch, first, entropy, loss, accuracy } = training;
    const seen = { epoch: epoch - first, hidden: core.hidden(), readout: core.head(), entropy, loss, accuracy };
    recorder.see({ ...seen, parameters: () => core.read("parameters") });
  }

  function advance() {
    training.step();
    observe();
  }

  function turn() {
    if (!playing) return;
    try {
      const started = performance.now();
      const { limit, pace } = asked;
      const most = pace ? Math.floor((pace * (started - since.time)) / 1000) - (training.epoch - since.epoch) : Infinity;
      for (let done = 0; done < most && training.epoch < limit; done++) {
        advance();
        if (performance.now() - started > SLICE) break;
      }
      if (training.epoch >= limit) playing = false;
      if (!waiting || !playing) tell();
    } catch (error) {
      fail(error);
    }
    if (playing) channel.port2.postMessage(0);
  }

  /** Tell the page where everything is. */
  function tell() {
    const { core, epoch, first, entropy, loss, accuracy } = training;
    const now = performance.now();
    const state = {
      kind: "state",
      order,
      epoch,
      first,
      playing,
      entropy,
      loss,
      accuracy,
      hidden: core.hidden().slice(),
      readout: core.head(),
      kept: recorder.kept.length,
      bytes: recorder.bytes,
      rate: (1000 * (epoch - since.epoch)) / Math.max(now - since.time, 1),
      from: sent,
      curve: Float32Array.from(recorder.curves.entropy.slice(sent)),
      plain: Core === spiral.layers.PlainCore,
      hash: playing ? "" : training.hash(),
    };
    if (!playing || now - painted > FIELDS) {
      painted = now;
      state.field = fieldOf(core.read("parameters"), LIVE_NODES);
    }
    waiting = true;
    sent = recorder.curves.entropy.length;
    postMessage(state);
  }

  /** The layer all over the plane of the data: unit after unit, rows upwards. */
  function fieldOf(parameters, nodes) {
    const { reach, kinked } = asked;
    const places = new Float32Array(2 * nodes * nodes);
    for (let row = 0, n = 0; row < nodes; row++) {
      for (let column = 0; column < nodes; column++) {
        places[n++] = reach * ((2 * column) / (nodes - 1) - 1);
        places[n++] = reach * ((2 * row) / (nodes - 1) - 1);
      }
    }
    const core = training.layerAt(places, parameters);
    const values = kinked ? core.bare() : core.hidden();
    const found = new Float32Array(values.length);
    for (let n = 0; n < nodes * nodes; n++) {
      found[n] = values[2 * n];
      found[n + nodes * nodes] = values[2 * n + 1];
    }
    return found;
  }

  /** The same at the epochs where the whole network is known: see `grid` in `predicted.js`. */
  function gridOf({ parameters, parameterEpochs }) {
    const size = 2 * KEPT_NODES * KEPT_NODES;
    const values = new Float32Array(parameterEpochs.length * size);
    parameterEpochs.forEach((epoch, i) => {
      const own = parameters.subarray(i * training.core.count, (i + 1) * training.core.count);
      if (!fields.has(epoch)) fields.set(epoch, fieldOf(own, KEPT_NODES));
      values.set(fields.get(epoch), i * size);
    });
    for (const epoch of fields.keys()) if (!parameterEpochs.includes(epoch)) fields.delete(epoch);
    return { values, known: parameterEpochs.length, units: 2, rows: KEPT_NODES, columns: KEPT_NODES };
  }

  function fail(error) {
    playing = false;
    postMessage({ kind: "failed", text: error.message, burst: error.burst });
  }

  let before = Promise.resolve();

  /** Do what the page says, one thing after the other. */
  function listen({ data }) {
    before = before
      .then(() => {
        order = data.order ?? order;
        return told[data.kind](data);
      })
      .catch(fail);
  }

  return { listen };
})();
