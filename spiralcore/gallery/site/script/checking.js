"use strict";
// What makes a set of arrays a valid trajectory: the same checks as `spiralcore/trajectory/schema.py`
// with the same words, by the rules that the manifest tells.

spiral.checking = (() => {
  const { Refusal, count, number } = spiral.refusal;
  const { text } = spiral.words;
  const LAYER = /^layer_([1-9][0-9]{0,3})$/;

  function facts() {
    return spiral.parts.facts("manifest").reading;
  }

  /** The rules of all arrays that a trajectory must have, may have, or has by these names. */
  function rulesOf(names) {
    const found = new Map(Object.entries(facts().arrays));
    const layers = names.filter((name) => LAYER.test(name)).sort((a, b) => Number(a.slice(6)) - Number(b.slice(6)));
    for (const name of layers) {
      const shape = ["T", "N", `D${LAYER.exec(name)[1]}`];
      found.set(name, { shape, kinds: "fiub", whole: false, required: false, least: null, most: null });
    }
    return found;
  }

  /** What a rule asks for, for people. */
  function wanted(rule) {
    const v = spiral.refusal.shape(rule.shape);
    return rule.whole ? text("integers of the shape {v}.", { v }) : text("floats of the shape {v}.", { v });
  }

  /** Verify types and shapes of arrays before any of them is read; by name {shape, type}. */
  function headers(found) {
    const rules = rulesOf([...found.keys()]);
    let total = 0;
    for (const [name, rule] of rules) {
      const header = found.get(name);
      if (!header) {
        if (rule.required) throw new Refusal(text("the array '{name}' is missing.", { name }), wanted(rule));
        continue;
      }
      kind(name, header.type, rule);
      total += header.shape.reduce((product, size) => product * size, rule.whole ? 8 : 4);
    }
    spiral.shapes.check(new Map([...found].map(([name, header]) => [name, header.shape])), rules, wanted);
    const most = facts().most_bytes;
    if (total > most) throw Object.assign(new Refusal(text("needs {n} bytes.", { n: count(total) }), text("at most {n} bytes.", { n: count(most) })), { apart: true });
  }

  /** See to it that an array may hold the right numbers. */
  function kind(name, type, rule) {
    // A number of one byte becomes one of four: files of such numbers are no floats.
    const byte = type.width === 1 && !rule.whole;
    if (rule.kinds.includes(type.kind) && !byte) return;
    const cures = {
      c: text("{v}, if there is nothing else in it", { v: `${name}.real` }),
      b: rule.whole ? text("{v}, if it says which epochs are kept", { v: `numpy.flatnonzero(${name})` }) : `${name}.astype('float32')`,
      U: name === "labels" ? "numpy.unique(labels, return_inverse=True)[1]" : text("{v}, if there are numbers in it", { v: `${name}.astype(float)` }),
      V: type.width === 2 ? text("{v} before it is written, if it was bfloat16", { v: `${name}.astype('float32')` }) : "",
    };
    const cure = cures[type.kind === "S" ? "U" : type.kind] ?? "";
    throw new Refusal(text("the array '{name}' has the type {v}.", { name, v: type.name }), wanted(rule), cure);
  }

  /**
   * Verify arrays that have the right types and shapes.
   *
   * @param arrays {shape, type, data} by name; those that are NaN throughout are removed, as what
   *   was not recorded
   * @returns the number of classes and that of the last epoch of the run
   */
  function values(arrays, recipe) {
    const { curves, readout } = facts();
    const rules = rulesOf([...arrays.keys()]);
    for (const [name, rule] of rules) {
      const array = arrays.get(name);
      if (!array) continue;
      if (!rule.whole && typeof array.data[0] === "bigint") array.data = Float64Array.from(array.data, Number);
      stored(name, array, rule);
      const { data } = array;
      if ([...curves, ...readout].includes(name) && Number.isNaN(data[0]) && data.every(Number.isNaN)) arrays.delete(name);
    }
    spiral.shapes.curves(arrays, curves, facts().longest);
    if (readout.filter((name) => arrays.has(name)).length === 1) {
      throw new Refusal(text("only one of 'readout_weight' and 'readout_bias' is there."), text("both or neither."));
    }
    const gaps = Array.isArray(recipe[facts().gaps]) ? recipe[facts().gaps] : [];
    for (const [name, rule] of rules) {
      if (arrays.has(name) && !rule.whole) numbers(name, arrays.get(name), rule, gaps.includes(name) && curves.includes(name));
    }
    return whole(arrays, curves);
  }

  /** See to it that numbers survive the type in which Python holds them. */
  function stored(name, { data, shape, type }, rule) {
    const wholes = {
      f: (value) => Math.abs(value) < facts().largest_whole && Number.isInteger(value),
      u: (value) => value < 2 ** 63,
    };
    const fits = rule.whole
      ? wholes[type.kind] ?? (() => true)
      : (value) => type.width <= 4 || !Number.isFinite(value) || Number.isFinite(Math.fround(value));
    const wrong = data.findIndex((value) => !fits(value));
    if (wrong < 0) return;
    const held = type.kind === "f" ? number(data[wrong]) : String(data[wrong]);
    const fields = { name, v: type.name, value: held, place: where(wrong, shape) };
    throw new Refusal(text("the array '{name}' has the type {v} and holds {value} at {place}.", fields), wanted(rule));
  }

  function where(index, shape) {
    const found = [];
    for (const size of [...shape].reverse()) {
      found.unshift(index % size);
      index = Math.floor(index / size);
    }
    return `[${found.join(", ")}]`;
  }

  function numbers(name, { data, shape }, rule, gaps) {
    const { largest, below } = facts();
    const [least, most] = [rule.least ?? -largest, rule.most ?? largest];
    const wrong = data.findIndex((value) => {
      const held = Math.fround(value);
      return !((held >= least && held <= most) || (gaps && Number.isNaN(held)));
    });
    if (wrong < 0) return;
    const value = number(Math.fround(data[wrong]));
    throw new Refusal(text("the array '{name}' holds {value} at {place}.", { name, value, place: where(wrong, shape) }), finite(rule, below));
  }

  function finite({ least, most }, below) {
    if (least === null) return text("finite numbers below {m}.", { m: below });
    if (most === null) return text("finite numbers from {n} below {m}.", { n: least, m: below });
    return text("finite numbers from {n} to {m}.", { n: least, m: most });
  }

  function whole(arrays, curves) {
    const labels = arrays.get("labels").data;
    const least = labels.reduce((one, other) => (other < one ? other : one));
    const most = largest(labels);
    const bias = arrays.get("readout_bias");
    const points = labels.length;
    const classes = bias ? bias.shape[1] : most < points ? Math.max(Number(most) + 1, 2) : 2;
    if (classes < 2) throw new Refusal(text("there is one class only."), text("two classes or more."));
    const curve = [...curves, "counts"].find((name) => arrays.has(name));
    const kept = arrays.get("epochs").data;
    const trained = curve ? arrays.get(curve).shape[0] - 1 : Math.min(Math.max(Number(largest(kept)), 0), facts().longest);
    for (const name of ["epochs", "parameter_epochs"]) if (arrays.has(name)) epochs(name, arrays.get(name).data, trained);
    if (arrays.has("counts")) counts(arrays.get("counts").data, trained + 1);
    if (least < 0 || most >= classes) {
      const bound = bias
        ? text("0 to {n}, as 'readout_bias' has {m} classes.", { n: classes - 1, m: classes })
        : text("0 to {n} at most, as there are {m} points.", { n: points - 1, m: points });
      throw new Refusal(text("the labels go from {n} to {m}.", { n: least, m: most }), bound);
    }
    if (arrays.has("parameters") !== arrays.has("parameter_epochs")) {
      throw new Refusal(text("only one of 'parameters' and 'parameter_epochs' is there."), text("both or neither."));
    }
    return { classes, trained };
  }

  /** The largest of some numbers, which may be larger than a float can tell. */
  function largest(values) {
    return values.reduce((one, other) => (other > one ? other : one));
  }

  function increasing(data) {
    for (let i = 1; i < data.length; i++) if (data[i] <= data[i - 1]) return false;
    return true;
  }

  function counts(data, states) {
    const last = data[data.length - 1];
    if (data.length !== states) {
      const [found, right] = [data.length, states].map((size) => spiral.refusal.shape([size]));
      throw new Refusal(text("the array 'counts' has the shape {v}.", { v: found }), text("{v}: a number for every state of the run.", { v: right }));
    }
    const increases = increasing(data);
    if (data[0] >= 0 && last <= 2 ** 62 && increases) return;
    throw new Refusal(goes("counts", data, increases), text("strictly increasing numbers from 0 on."));
  }

  /** How an array goes on that should increase. */
  function goes(name, data, increases) {
    const fields = { name, n: data[0], m: data[data.length - 1] };
    return increases
      ? text("the array '{name}' goes from {n} to {m} and increases throughout.", fields)
      : text("the array '{name}' goes from {n} to {m} and does not increase throughout.", fields);
  }

  function epochs(name, data, trained) {
    const increases = increasing(data);
    const last = data[data.length - 1];
    if (data[0] >= 0 && last <= trained && increases) return;
    throw new Refusal(goes(name, data, increases), text("strictly increasing epochs from 0 to {n} at most.", { n: trained }));
  }

  return { headers, values };
})();
