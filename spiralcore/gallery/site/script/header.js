"use strict";
// The head of a `.npy` array, a dictionary of three entries as Python writes them, and its numbers:
// the same rules as in `spiralcore/system/archive.py`.

spiral.header = (() => {
  const { Refusal, count, quoted } = spiral.refusal;
  const { text } = spiral.words;
  const LONGEST = 10000;
  const ENTRY =
    /\s*(['"])(\w+)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\((\s*|(?:\s*\d{1,20}L?\s*,)+(?:\s*\d{1,20}L?\s*)?)\))\s*(?:,|(?=\}))/y;
  const TYPE = /^([<>=|]?)([?biufcSUVOmM])(\d{0,9})$/;
  const NAMES = { b: "int", i: "int", u: "uint", f: "float", c: "complex" };
  const WIDTHS = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8, 16], c: [8, 16, 32] };
  const VIEWS = {
    b1: "Uint8", i1: "Int8", i2: "Int16", i4: "Int32", i8: "BigInt64",
    u1: "Uint8", u2: "Uint16", u4: "Uint32", u8: "BigUint64", f4: "Float32", f8: "Float64",
  };

  function unreadable(name, head) {
    return new Refusal(
      text("the array '{name}' has a header that cannot be read: {v}.", { name, v: quoted(head.slice(0, 80)) }),
      text("a type, an order and a shape of plain numbers or text, as numpy.save writes them."),
    );
  }

  /** A type: {kind, width, swapped, name}, where the name is NumPy's; null if it is none. */
  function typeOf(text) {
    const [, order, letter, digits] = TYPE.exec(text) ?? [];
    if (!letter) return null;
    if (letter === "?" || (letter === "b" && digits === "1")) return { kind: "b", code: "b1", width: 1, swapped: false, name: "bool" };
    if (letter === "O") return { kind: "O", width: 8, swapped: false, name: "object" };
    const size = Number(digits);
    if (!size) return null;
    if (letter === "m" || letter === "M") return { kind: letter, width: 8, swapped: false, name: letter === "m" ? "timedelta64" : "datetime64" };
    if ("SUV".includes(letter)) {
      const mark = letter === "U" ? (order === ">" ? ">" : "<") : "|";
      return { kind: letter, width: letter === "U" ? 4 * size : size, swapped: order === ">", name: `${mark}${letter}${size}` };
    }
    if (!WIDTHS[letter].includes(size)) return null;
    const swapped = order === ">" && size > 1;
    return { kind: letter, code: letter + size, width: size, swapped, name: swapped ? `>${letter}${size}` : `${NAMES[letter]}${8 * size}` };
  }

  /**
   * Where the numbers of an array begin and what they are, before any of them is read.
   *
   * @param bytes the first ones of the member, more than a header has
   * @param size of the whole member
   */
  function read(name, bytes, size) {
    if (bytes.length < 10 || bytes[0] !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY") {
      throw new Refusal(text("the array '{name}' is no array of NumPy.", { name }), text("an array as numpy.save writes it."));
    }
    if (!(bytes[6] === 1 || bytes[6] === 2) || bytes[7] !== 0) {
      throw new Refusal(text("the array '{name}' is in .npy version ({n}, {m}).", { name, n: bytes[6], m: bytes[7] }), text("version 1.0 or 2.0."));
    }
    const start = bytes[6] === 1 ? 10 : 12;
    let length = 0;
    for (let i = start - 1; i >= 8; i--) length = 256 * length + bytes[i];
    if (length > LONGEST) {
      throw new Refusal(text("the array '{name}' has a header of {n} bytes.", { name, n: count(length) }), text("at most {n} bytes.", { n: count(LONGEST) }));
    }
    const found = entries(name, new TextDecoder("latin1").decode(bytes.subarray(start, start + length)).trim());
    if (found.type.kind === "O") throw new Refusal(text("the array '{name}' holds Python objects.", { name }), text("plain numbers or text."));
    const declared = found.shape.reduce((product, one) => product * one, found.type.width);
    if (declared > size) {
      throw new Refusal(
        text("the array '{name}' declares {n} bytes and has {m}.", { name, n: count(declared), m: count(size) }),
        text("an array that is all there."),
      );
    }
    return { ...found, start: start + length, declared };
  }

  function entries(name, head) {
    const known = {};
    const last = head.length - 1;
    let place = 1;
    while (head.startsWith("{")) {
      ENTRY.lastIndex = place;
      const entry = ENTRY.exec(head);
      if (!entry) break;
      known[entry[2]] = { text: entry[4], truth: entry[5], sizes: entry[6] };
      place = ENTRY.lastIndex;
    }
    const whole = place <= last && head[last] === "}" && !head.slice(place, last).trim();
    const { descr, fortran_order: order, shape: sizes } = known;
    if (!whole || Object.keys(known).length !== 3 || !descr || !order?.truth || sizes?.sizes === undefined) {
      throw unreadable(name, head);
    }
    const type = typeOf(descr.text ?? "");
    if (!type) throw unreadable(name, head);
    const shape = sizes.sizes.split(",").filter((size) => size.trim()).map((size) => parseInt(size, 10));
    return { type, shape, byColumns: order.truth === "True" };
  }

  /**
   * The numbers of an array by rows, whatever the order of its bytes and columns.
   *
   * @returns a typed array; half precision as Float32Array; 64-bit integers as Float64Array, unless
   *   one is too large for that; of texts the bytes
   */
  function values(name, header, body) {
    const { type, shape } = header;
    const numbers = shape.reduce((product, one) => product * one, 1);
    const bytes = type.swapped ? reversed(body, type.kind === "U" ? 4 : type.width) : body.slice();
    if (!type.code) return bytes;
    let found;
    if (type.code === "f2") found = halves(new Uint16Array(bytes.buffer, 0, numbers));
    else if (VIEWS[type.code]) found = new globalThis[`${VIEWS[type.code]}Array`](bytes.buffer, 0, numbers);
    else throw new Refusal(text("the array '{name}' has the type {v}, which browsers cannot read.", { name, v: type.name }), text("numbers of at most 64 bits."));
    if (type.width === 8 && type.kind !== "f") {
      const most = BigInt(Number.MAX_SAFE_INTEGER);
      if (found.every((value) => value <= most && value >= -most)) found = Float64Array.from(found, Number);
    }
    return header.byColumns && shape.length > 1 ? byRows(found, shape) : found;
  }

  function reversed(body, width) {
    const found = new Uint8Array(body.length);
    for (let i = 0; i < body.length; i += width) {
      for (let j = 0; j < width; j++) found[i + j] = body[i + width - 1 - j];
    }
    return found;
  }

  function byRows(values, shape) {
    const found = new values.constructor(values.length);
    const steps = [];
    shape.reduce((step, size, axis) => ((steps[axis] = step), step * size), 1);
    const place = shape.map(() => 0);
    let from = 0;
    for (let to = 0; to < found.length; to++) {
      found[to] = values[from];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += steps[axis];
        if (++place[axis] < shape[axis]) break;
        from -= shape[axis] * steps[axis];
        place[axis] = 0;
      }
    }
    return found;
  }

  let table = null;

  /** All numbers of half precision by their bits. */
  function halfTable() {
    if (table) return table;
    table = new Float32Array(65536);
    for (let bits = 0; bits < 65536; bits++) {
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      let value = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
      if (exponent === 31) value = fraction ? NaN : Infinity;
      table[bits] = bits & 0x8000 ? -value : value;
    }
    return table;
  }

  function halves(bits) {
    const known = halfTable();
    const found = new Float32Array(bits.length);
    for (let i = 0; i < bits.length; i++) found[i] = known[bits[i]];
    return found;
  }

  return { read, values, halfTable };
})();
