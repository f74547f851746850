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
      packing,
      inputs: points.inputs,
      reach: settings.reach,
      grid,
      order: spiral.discs.mixed(labels.length),
      motion: null,
      file: NAME,
      networks: {
        epochs: record.parameterEpochs,
        values: record.parameters,
        layers: { widths: settings.widths, activations: spiral.passage.activationsOf(settings.widths, settings.activation, null) },
      },
    };
    found.outside = spiral.spaces.outside(found);
    return found;
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
      loss: true,
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
