"use strict";
// A trajectory file that the reader opens: read in the browser, sent nowhere. The order of what is
// checked is that of `spiralcore/trajectory/file.py`.

spiral.opened = (() => {
  const { Refusal, unreadable, typed } = spiral.refusal;
  const { text } = spiral.words;
  const PLANE = { name: "plane", lower: null, upper: null, round: false, shape: "box" };
  const MOST_CLASSES = 256;
  const TABLE = /\.(csv|tsv|txt|dat)$/i;
  const POINTER = /^(?:\ufeff)?version \w+:\/\/(?:git-lfs\.github|hawser\.github|git-media)\.|^(?:\/|(?:\.\.[/\\])*\.git[/\\])annex[/\\]objects/;

  function rules() {
    return spiral.parts.facts("manifest").reading;
  }

  /** A path as in `spiral.live`, or a Refusal with words about the file. */
  async function trajectory(file) {
    let bytes;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      throw new Refusal(text("{name} cannot be read.", file), text("a trajectory file."));
    }
    strange(file.name, bytes);
    try {
      const archive = new spiral.archive.Archive(bytes);
      const { arrays, recipe } = await read(archive);
      const known = spiral.checking.values(arrays, recipe);
      return pathOf(file, recipe, arrays, known);
    } catch (error) {
      if (!(error instanceof Refusal)) throw unreadable(file.name, error.message);
      if (error.apart) throw new Refusal(`${file.name} ${error.found}`, error.expected);
      throw error.of(file.name);
    }
  }

  /** Files of other kinds, as far as they can be told. */
  function strange(name, bytes) {
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
    if (!bytes.length) throw unreadable(name, text("it has 0 bytes"));
    if (POINTER.test(head)) {
      throw new Refusal(
        text("{name} is a pointer of Git LFS or git-annex, and its content is not here.", { name }),
        text("a trajectory file."),
        text("git lfs pull or git annex get, in the repository that it is from"),
      );
    }
    const readable = !/[^\t\n\r\x20-\x7e\x80-\xff]/.test(head);
    if (TABLE.test(name) || (readable && /^[^\n]*[,;\t][^\n]*\n/.test(head))) {
      const made = `${name.replace(/\.\w+$/, "")}.npz`;
      throw new Refusal(
        text("{name} is a table, and this page opens trajectories.", { name }),
        text("a trajectory file (.npz), which training on the points of the table makes."),
        `spiral train --data ${typed(name)} --out ${typed(made)}`,
      );
    }
  }

  async function read(archive) {
    const schema = await lettersOf(archive, "schema");
    if (schema !== rules().schema) {
      throw new Refusal(text("the schema is {v}.", { v: spiral.refusal.quoted(schema.slice(0, 80)) }), `'${rules().schema}'.`);
    }
    const recipe = recipeOf(await lettersOf(archive, "recipe"));
    const names = [...archive.members.keys()].filter((name) => name in rules().arrays || /^layer_[1-9][0-9]{0,3}$/.test(name));
    const headers = new Map();
    for (const name of names) headers.set(name, await archive.header(name));
    spiral.checking.headers(headers);
    const arrays = new Map();
    for (const name of names) arrays.set(name, await archive.array(name, true));
    if (recipe === null || typeof recipe !== "object" || Array.isArray(recipe)) {
      throw new Refusal(text("the recipe is not a JSON object."), text("a JSON object."));
    }
    return { arrays, recipe };
  }

  /** A text that an array stands for: letters of NumPy, or bytes in UTF-8. */
  async function lettersOf(archive, name) {
    if (!archive.members.has(name)) {
      throw new Refusal(text("the array '{name}' is missing.", { name }), text("a file after the schema '{v}'.", { v: rules().schema }));
    }
    const { type, shape, declared } = await archive.header(name);
    const one = !shape.length || (shape.length === 1 && shape[0] === 1);
    const letters = shape.length === 1 && type.width === (type.kind === "U" ? 4 : 1);
    const fits = type.kind === "U" || type.kind === "S" ? one || letters : letters && "iu".includes(type.kind);
    if (!fits || declared > rules().most_text) {
      const fields = { name, v: type.name, value: spiral.refusal.shape(shape) };
      throw new Refusal(text("the array '{name}' has the type {v} and the shape {value}.", fields), text("a text."));
    }
    const { data } = await archive.array(name, true);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (type.kind !== "U") return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\0+$/, "");
    return Array.from(new Uint32Array(bytes.buffer), (code) => (code ? String.fromCodePoint(code) : "")).join("");
  }

  function recipeOf(written) {
    const whole = (_, value) => {
      if (typeof value === "number" && !Number.isFinite(value)) throw new Error(text("the recipe holds a number without end"));
      return value;
    };
    try {
      return JSON.parse(written, whole);
    } catch (error) {
      throw new Error(text("the recipe is not JSON: {v}", { v: error.message.slice(0, 200) }));
    }
  }

  function pathOf(file, recipe, arrays, { classes, trained }) {
    const [kept, points, units] = arrays.get("hidden").shape;
    if (units !== 2) {
      const found = units === 1 ? text("the drawn layer has 1 unit.") : text("the drawn layer has {n} units.", { n: units });
      const cure = units > 2 ? text("{v}, which projects it onto two", { v: `spiral gallery ${typed(file.name)}` }) : "";
      throw new Refusal(found, text("two units, as this page draws them."), cure);
    }
    if (classes > MOST_CLASSES) throw new Refusal(text("there are {n} classes.", { n: classes }), text("at most {n} of them, as this page draws them.", { n: MOST_CLASSES }));
    const flat = arrays.get("inputs").shape[1] === 2;
    const known = Object.fromEntries(arrays);
    for (const name of ["inputs", "hidden", "hidden_mean", "readout_weight", "readout_bias"]) {
      if (known[name]) known[name].data = Float32Array.from(known[name].data);
    }
    if (flat) known.reach = { data: [reach(known.inputs.data)] };
    else delete known.inputs;
    if (known.targets) known.targets.data = Float32Array.from(known.targets.data);
    const network = describe(file, recipe, known, { points, classes, kept, flat, trained });
    const best = recipe.best_epoch;
    Object.assign(network, {
      unit: spiral.counting.unit(recipe),
      counts: known.counts ? Array.from(known.counts.data, Number) : null,
      best: Number.isInteger(best) && best >= 0 && best <= trained ? best : null,
    });
    network.summary.splice(-1, 0, counted(network, kept));
    const path = spiral.live.path(known, network);
    network.trouble = path.outside.text;
    path.file = file.name;
    path.networks = networksOf(recipe, known, classes);
    return path;
  }

  /** The whole networks of a file, where they fit the widths in the recipe; null elsewhere. */
  function networksOf(recipe, { parameters, parameter_epochs: epochs, inputs }, classes) {
    const widths = recipe.network?.widths;
    if (!parameters || !epochs || !inputs || !Array.isArray(widths) || !widths.every((width) => Number.isInteger(width) && width > 0)) return null;
    const activations = spiral.passage.activationsOf(widths, recipe.activation, recipe.network.inner_activation ?? null);
    const sizes = [2, ...widths, classes];
    const count = widths.reduce((sum, _, i) => sum + (sizes[i] + 1) * sizes[i + 1], (sizes[widths.length] + 1) * classes);
    if (!activations || widths[widths.length - 1] !== 2 || parameters.shape[1] !== count) return null;
    return { epochs: epochs.data, values: Float32Array.from(parameters.data), layers: { widths, activations } };
  }

  /** Upper limit of both axes of the plane of the data; all points may lie at the origin. */
  function reach(inputs) {
    const farthest = inputs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    return spiral.parts.facts("manifest").input_margin * farthest || 1;
  }

  function describe(file, recipe, arrays, { points, classes, kept, flat, trained }) {
    const { activations } = spiral.parts.facts("manifest");
    const name = typeof recipe.activation === "string" && recipe.activation.trim() ? recipe.activation.trim().slice(0, 80) : "hidden layer";
    const entry = Object.hasOwn(activations, name) ? activations[name] : { label: name, space: PLANE };
    const remarks = [];
    const values = arrays.targets ? spiral.inks.writtenEnds(arrays.targets.data) : null;
    const labelled = !values && recipe.recorded?.labels !== "none";
    if (flat) remarks.push(text("what the network predicts all over the data is drawn in pages that spiral gallery makes"));
    return {
      title: (isText(recipe.run_name) ? recipe.run_name.trim() : file.name.replace(/\.npz$/i, "")).slice(0, 80),
      classes,
      labelled,
      values,
      points,
      activation: entry.label,
      // A projection of a layer has no space of its own.
      space: typeof recipe.shown?.share === "number" ? PLANE : entry.space,
      bend: null,
      readout: Boolean(arrays.readout_bias),
      loss: lossOf(arrays),
      projected: false,
      flat_data: flat,
      trained,
      packing: "",
      trouble: "",
      remarks,
      class_names: classNames(recipe, classes),
      notes: [],
      summary: [
        ...named(recipe),
        ["points", pointsOf(points, values, labelled ? classes : 0)],
        ["activation", entry.label],
        ["size", spiral.numbers.size(file.size)],
      ],
    };
  }

  /** Which curve is drawn: see `drawn_loss` in `live.py`. */
  function lossOf({ cross_entropy: entropy, loss }) {
    if (entropy) return "cross-entropy";
    return loss && !loss.data.some((value) => value < 0) && loss.data.some((value) => value > 0) ? "loss" : "";
  }

  /** How many points there are, of how many classes or with which values. */
  function pointsOf(points, values, classes) {
    const { digits, whole } = spiral.words;
    const n = whole(points);
    if (values) return text("{n} with values from {v} to {w}", { n, v: digits(values[0]), w: digits(values[1]) });
    return classes ? text("{n} in {m} classes", { n, m: classes }) : text("{n}, without labels", { n });
  }

  const isText = (value) => typeof value === "string" && value.trim() !== "";

  /** What the recipe calls the classes, where it says it of all; see `class_names_of` in `given.py`. */
  function classNames({ class_names: names }, classes) {
    const whole = Array.isArray(names) && names.length === classes && names.every(isText);
    return whole ? names.map((name) => name.trim().slice(0, 80)) : [];
  }

  /** How long a training was, and how much of it is kept. */
  function counted(network, kept) {
    const end = spiral.counting.at(network, network.trained);
    const { whole } = spiral.words;
    const fields = { n: whole(kept), m: whole(end), k: whole(network.counts?.length ?? 0) };
    return [spiral.counting.UNITS[network.unit], network.counts ? text("{n} kept of {k} states of {m}", fields) : text("{n} kept of {m}", fields)];
  }

  /** What the recipe calls the run and its classes, as texts. */
  function named(recipe) {
    const names = recipe.class_names;
    const rows = isText(recipe.run_name) ? [["name", recipe.run_name.slice(0, 80)]] : [];
    if (Array.isArray(names) && names.length && names.every(isText)) rows.push(["class names", names.join(", ").slice(0, 200)]);
    return rows;
  }

  return { trajectory };
})();
