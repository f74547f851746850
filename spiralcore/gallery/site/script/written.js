"use strict";
// Trajectory files from what was trained: `.npz` after the schema of `docs/trajectory-format.md`.

spiral.written = (() => {
  const HALF_LIMIT = 65504;
  const encoder = new TextEncoder();

  /** The bytes of a `.npy` array. */
  function array(descr, shape, data) {
    const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
    const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${sizes}, }`;
    const padded = text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11) + "\n";
    const head = new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
    return new Blob([head, encoder.encode(padded), data]);
  }

  function text(value) {
    const letters = Array.from(value);
    return array(`<U${letters.length}`, [], Uint32Array.from(letters, (letter) => letter.codePointAt(0)));
  }

  function whole(values, shape) {
    return array("<i8", shape, BigInt64Array.from(values, BigInt));
  }

  function floats(values, shape) {
    return array("<f4", shape, Float32Array.from(values));
  }

  /** Places in half precision, as they were recorded, unless one is too large for it. */
  function places(values, shape) {
    const most = values.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
    if (most > HALF_LIMIT) return floats(values, shape);
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    return array("<f2", shape, Uint16Array.from(bits, (bit, i) => halfOf(bit, values[i])));
  }

  /** Bits of a number of half precision that 32 bits hold exactly. */
  function halfOf(bits, value) {
    const sign = (bits >>> 16) & 0x8000;
    const size = Math.abs(value);
    if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
    return sign | ((((bits >>> 23) & 255) - 112) << 10) | ((bits >>> 13) & 1023);
  }

  /** The recipe that is in the file, as `spiral train` writes it. */
  function recipe({ settings, first, entropy, hash }) {
    const { recording, recording_revision: revision } = spiral.choices.facts();
    const { version } = spiral.parts.facts("manifest");
    return {
      classes: settings.classes,
      activation: settings.activation,
      seed: settings.seed,
      data: spiral.recipes.data(settings) ?? { kind: "own" },
      network: { widths: settings.widths, inner_activation: null },
      training: {
        epochs: entropy.length - 1,
        learning_rate: settings.learning_rate,
        l2: settings.l2,
        attempts: 1,
        ...(settings.warm_up ? { warm_up: settings.warm_up } : {}),
      },
      recording: { ...recording, max_megabytes: 64 },
      recording_revision: revision,
      made: { in: `the page of spiralcore ${version}`, attempt: settings.attempt, recorded_from: first, weights: hash },
    };
  }

  /** The file, a Blob: a promise. */
  async function npz(record) {
    const { settings, points, epochs, readout, parameterEpochs: known } = record;
    const [kept, count, classes] = [epochs.length, points.labels.length, settings.classes];
    const weight = new Float32Array(2 * kept * classes);
    const bias = new Float32Array(kept * classes);
    for (let i = 0; i < bias.length; i++) {
      weight[2 * i] = readout[3 * i];
      weight[2 * i + 1] = readout[3 * i + 1];
      bias[i] = readout[3 * i + 2];
    }
    const { schema } = spiral.parts.facts("manifest").reading;
    const curve = (values) => floats(values, [values.length]);
    return zipped({
      schema: text(schema),
      recipe: text(JSON.stringify(recipe(record))),
      epochs: whole(epochs, [kept]),
      inputs: floats(points.inputs, [count, 2]),
      labels: whole(points.labels, [count]),
      hidden: places(record.hidden, [kept, count, 2]),
      readout_weight: floats(weight, [kept, classes, 2]),
      readout_bias: floats(bias, [kept, classes]),
      cross_entropy: curve(record.entropy),
      loss: curve(record.loss),
      accuracy: curve(record.accuracy),
      fidelity: curve(record.fidelity),
      hidden_mean: places(record.mean, [kept, count, 2]),
      parameters: floats(record.parameters, [known.length, record.parameters.length / known.length]),
      parameter_epochs: whole(known, [known.length]),
    });
  }

  /** An archive of arrays; packed where the browser can. */
  async function zipped(arrays) {
    const parts = [];
    const entries = [];
    let at = 0;
    for (const [name, blob] of Object.entries(arrays)) {
      const plain = new Uint8Array(await blob.arrayBuffer());
      const packed = await deflated(blob);
      const body = packed ?? plain;
      const named = encoder.encode(`${name}.npy`);
      const common = [20, 0, packed ? 8 : 0, 0, 0x21, ...words(spiral.archive.sumOf(plain)), ...words(body.length), ...words(plain.length), named.length, 0];
      parts.push(shorts([0x4b50, 0x0403, ...common]), named, body);
      entries.push(shorts([0x4b50, 0x0201, 20, ...common, 0, 0, 0, ...words(0), ...words(at)]), named);
      at += 30 + named.length + body.length;
    }
    const size = entries.reduce((sum, part) => sum + part.byteLength, 0);
    const count = entries.length / 2;
    const end = shorts([0x4b50, 0x0605, 0, 0, count, count, ...words(size), ...words(at), 0]);
    return new Blob([...parts, ...entries, end], { type: "application/octet-stream" });
  }

  async function deflated(blob) {
    if (typeof CompressionStream === "undefined") return null;
    const stream = blob.stream().pipeThrough(new CompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** A number of 32 bits as two of 16, the low one first. */
  function words(value) {
    return [value & 0xffff, value >>> 16];
  }

  /** Numbers of 16 bits, low bytes first. */
  function shorts(values) {
    const found = new Uint8Array(2 * values.length);
    values.forEach((value, i) => found.set([value & 255, value >> 8], 2 * i));
    return found;
  }

  return { npz };
})();
