"use strict";
// A trajectory file that the reader opens: read in the browser, sent nowhere.

spiral.opened = (() => {
  const SCHEMA = "spiralcore.trajectory/1";
  const PLANE = { name: "plane", lower: null, upper: null, round: false, shape: "box" };
  const MOST_CLASSES = 256;

  /** A path as in `spiral.live`, or an error that says what is wrong. */
  async function trajectory(file) {
    const arrays = await spiral.archive.open(new Uint8Array(await file.arrayBuffer()));
    if (arrays.schema?.data !== SCHEMA) throw new Error(`this is not a trajectory after the schema ${SCHEMA}.`);
    for (const name of ["epochs", "labels", "hidden"]) {
      if (!arrays[name]) throw new Error(`the array '${name}' is missing.`);
    }
    const recipe = recipeOf(arrays);
    const [kept, points, units] = arrays.hidden.shape;
    if (units !== 2) {
      throw new Error(`the drawn layer has ${units} units; spiral gallery FILE projects it onto two.`);
    }
    check(arrays, kept, points);
    const classes = arrays.readout_bias?.shape[1] ?? arrays.labels.data.reduce((most, label) => Math.max(most, label), 0) + 1;
    const last = arrays.epochs.data[kept - 1];
    const unknown = { data: Float32Array.from({ length: last + 1 }, () => NaN) };
    const known = { accuracy: unknown, cross_entropy: unknown, ...arrays };
    const flat = arrays.inputs?.shape[1] === 2;
    if (flat) known.reach = { data: [reach(arrays.inputs.data)] };
    else delete known.inputs;
    const network = describe(file, recipe, arrays, { points, classes, kept, flat });
    network.trained = known.accuracy.data.length - 1;
    const path = spiral.live.path(known, network);
    network.trouble = path.outside.text;
    return path;
  }

  /** Upper limit of both axes of the plane of the data; all points may lie at the origin. */
  function reach(inputs) {
    const farthest = inputs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    return spiral.parts.facts("manifest").input_margin * farthest || 1;
  }

  function recipeOf(arrays) {
    try {
      const found = JSON.parse(arrays.recipe.data);
      return found !== null && typeof found === "object" ? found : {};
    } catch {
      return {};
    }
  }

  function check(arrays, kept, points) {
    const { epochs, labels, hidden } = arrays;
    const wrong = (name) => new Error(`the array '${name}' does not fit the others.`);
    const fits = (name, ...shape) => !arrays[name] || String(arrays[name].shape) === String(shape);
    if (!(kept > 0 && points > 0)) throw wrong("hidden");
    if (String(epochs.shape) !== String([kept])) throw wrong("epochs");
    if (String(labels.shape) !== String([points])) throw wrong("labels");
    for (let i = 0; i < kept; i++) {
      const after = i ? epochs.data[i - 1] : -1;
      if (!(epochs.data[i] > after && epochs.data[i] < 1e7)) throw wrong("epochs");
    }
    for (const label of labels.data) if (!(label >= 0 && label < MOST_CLASSES)) throw wrong("labels");
    if (!hidden.data.every(Number.isFinite)) throw new Error("the array 'hidden' has values that are not finite.");
    const classes = arrays.readout_bias?.shape[1];
    if (!fits("hidden_mean", kept, points, 2)) throw wrong("hidden_mean");
    if (!fits("inputs", points, arrays.inputs?.shape[1])) throw wrong("inputs");
    if (!fits("readout_bias", kept, classes) || !fits("readout_weight", kept, classes, 2)) throw wrong("readout_bias");
    if (!arrays.readout_weight !== !arrays.readout_bias) throw wrong("readout_bias");
    if (classes !== undefined && labels.data.some((label) => label >= classes)) throw wrong("labels");
    const last = epochs.data[kept - 1];
    for (const name of ["accuracy", "cross_entropy"]) {
      if (arrays[name] && !(arrays[name].shape.length === 1 && arrays[name].shape[0] > last)) throw wrong(name);
    }
  }

  function describe(file, recipe, arrays, { points, classes, kept, flat }) {
    const { activations } = spiral.parts.facts("manifest");
    const name = String(recipe.activation ?? "unknown").slice(0, 80);
    const entry = Object.hasOwn(activations, name) ? activations[name] : { label: name, space: PLANE };
    const remarks = [];
    if (flat) remarks.push("what the network predicts all over the data is drawn in pages that spiral gallery makes");
    return {
      title: file.name.replace(/\.npz$/i, "").slice(0, 80),
      classes,
      points,
      activation: entry.label,
      space: entry.space,
      bend: null,
      readout: Boolean(arrays.readout_bias),
      loss: Boolean(arrays.cross_entropy),
      projected: false,
      flat_data: flat,
      packing: "",
      trouble: "",
      remarks,
      notes: [],
      summary: [
        ["points", `${points.toLocaleString("en-US")} in ${classes} classes`],
        ["activation", entry.label],
        ["epochs", `${kept.toLocaleString("en-US")} kept`],
        ["size", spiral.numbers.size(file.size)],
      ],
    };
  }

  return { trajectory };
})();
