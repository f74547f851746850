"use strict";
// What was trained here as a network of the page: the same as a file that the reader has opened, with
// what it predicts and how it is packed.

spiral.trained = (() => {
  const NAME = "trained";

  function facts() {
    return spiral.parts.facts("manifest");
  }

  /** What people call a training. */
  function titled({ kind, classes, activation }) {
    const data = facts().training.sets[kind]?.noun ?? spiral.words.text("points of your own");
    return spiral.words.text("{n} classes, {data}, {name}", { n: classes, data: spiral.words.text(data), name: facts().activations[activation].label });
  }

  /** A path as in `spiral.live`, of a record that the worker has made. */
  function path(record) {
    const { settings, points, epochs, hidden, mean, readout, grid } = record;
    const { activations, training } = facts();
    const entry = activations[settings.activation];
    const rule = training.packing[settings.activation];
    const labels = points.labels;
    const size = 2 * labels.length;
    const packing = Float64Array.from(epochs, (_, t) =>
      spiral.packed.part(hidden, t * size, labels, settings.classes, rule, entry.space),
    );
    const found = {
      network: network(record, entry, rule),
      space: entry.space,
      classes: settings.classes,
      points: labels.length,
      epochs,
      labels,
      hidden,
      mean,
      readout,
      accuracy: record.accuracy,
      entropy: record.entropy,
      losses: record.entropy,
      packing,
      inputs: points.inputs,
      reach: settings.reach,
      grid: { ...grid, heads: headsOf(record) },
      order: spiral.discs.mixed(labels.length),
      motion: null,
      file: NAME,
      networks: {
        epochs: record.parameterEpochs,
        values: record.parameters,
        layers: { widths: settings.widths, activations: spiral.passage.activationsOf(settings.widths, settings.activation, null) },
      },
    };
    found.grid.mix = spiral.mixing.mixes(found, record.parameterEpochs, entry.bend !== null);
    found.outside = spiral.spaces.outside(found);
    return found;
  }

  /** Slopes and offset of each class of all whole networks: all weights come first, then all biases. */
  function headsOf({ settings, parameters, parameterEpochs }) {
    const { widths, classes } = settings;
    const count = parameters.length / parameterEpochs.length;
    const inner = widths.reduce((sum, width, i) => sum + width * (i ? widths[i - 1] : 2), 0);
    return Float32Array.from({ length: 3 * classes * parameterEpochs.length }, (_, n) => {
      const [network, k, part] = [Math.floor(n / (3 * classes)), Math.floor(n / 3) % classes, n % 3];
      return parameters[network * count + (part === 2 ? count - classes + k : inner + part * classes + k)];
    });
  }

  function network({ settings, points, epochs, entropy, fidelity, hash, first }, entry, rule) {
    const trained = entropy.length - 1;
    const { text, whole } = spiral.words;
    const [n, m, k] = fidelity.map((error) => spiral.numbers.share(error));
    return {
      title: `${spiral.words.text("Trained here:")} ${titled(settings)}`,
      classes: settings.classes,
      points: points.labels.length,
      activation: entry.label,
      space: entry.space,
      bend: entry.bend,
      readout: true,
      loss: "cross-entropy",
      projected: false,
      flat_data: true,
      trained,
      packing: rule.about && `${rule.about}, as a part of the largest possible`,
      trouble: "",
      remarks: [],
      notes: first ? [text("recorded from epoch {n} on, when points were added", { n: whole(first) })] : [],
      summary: [
        ["points", text("{n} in {m} classes", { n: whole(points.labels.length), m: settings.classes })],
        ["activation", entry.label],
        ["widths", settings.widths.join(" ")],
        ["epochs", text("{n} kept of {m}", { n: whole(epochs.length), m: whole(trained) })],
        ["fidelity", text("{n} of the panel's width at half of the epochs, {m} at 99 %, {k} at most", { n, m, k })],
        ["weights", text("{v} in one number, the same where the training was", { v: hash })],
      ],
    };
  }

  return { NAME, path, titled };
})();
