"use strict";
// `.npz` archives: zip files with a `.npy` array a member, stored or deflated. Nothing in them is
// trusted; what cannot be read is an error that says so.

spiral.archive = (() => {
  const MOST_BYTES = 2 ** 31 - 1;
  const END = 0x06054b50;
  const MEMBER = 0x02014b50;
  const STORED = 0;
  const DEFLATED = 8;

  /** All arrays: an object of {shape, data} by name, without a prototype. */
  async function open(bytes) {
    const arrays = Object.create(null);
    let total = 0;
    for (const member of members(bytes)) {
      total += member.size;
      if (total > MOST_BYTES) throw new Error("The arrays unpack to more than 2 GB.");
      arrays[member.name.replace(/\.npy$/, "")] = array(await unpacked(bytes, member), member.name);
    }
    return arrays;
  }

  function view(bytes) {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  function members(bytes) {
    const data = view(bytes);
    let end = bytes.length - 22;
    while (end >= 0 && end > bytes.length - 66000 && data.getUint32(end, true) !== END) end--;
    if (end < 0 || data.getUint32(end, true) !== END) throw new Error("This is not an .npz file.");
    const found = [];
    let at = data.getUint32(end + 16, true);
    for (let left = data.getUint16(end + 10, true); left > 0; left--) {
      if (at + 46 > end || data.getUint32(at, true) !== MEMBER) {
        throw new Error("The list of arrays in the file is damaged.");
      }
      const nameLength = data.getUint16(at + 28, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      const header = data.getUint32(at + 42, true);
      if (header + 30 > bytes.length) throw new Error("The file is not all there.");
      const start = header + 30 + data.getUint16(header + 26, true) + data.getUint16(header + 28, true);
      found.push({
        name,
        method: data.getUint16(at + 10, true),
        start,
        packed: data.getUint32(at + 20, true),
        size: data.getUint32(at + 24, true),
      });
      at += 46 + nameLength + data.getUint16(at + 30, true) + data.getUint16(at + 32, true);
    }
    return found;
  }

  async function unpacked(bytes, member) {
    const packed = bytes.subarray(member.start, member.start + member.packed);
    if (packed.length < member.packed) throw new Error("The file is not all there.");
    if (member.method === STORED) return packed;
    if (member.method !== DEFLATED) throw new Error(`'${member.name}' is compressed unusually.`);
    // Not by way of a Response or a Blob's stream alone: what comes out may not exceed the size.
    const reader = new Blob([packed])
      .stream()
      .pipeThrough(new DecompressionStream("deflate-raw"))
      .getReader();
    const found = new Uint8Array(member.size);
    let at = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (at + value.length > member.size) throw new Error(`'${member.name}' is damaged.`);
      found.set(value, at);
      at += value.length;
    }
    if (at < member.size) throw new Error(`'${member.name}' is not all there.`);
    return found;
  }

  const KINDS = {
    "|u1": Uint8Array,
    "|i1": Int8Array,
    "|b1": Uint8Array,
    "<u2": Uint16Array,
    "<i2": Int16Array,
    "<u4": Uint32Array,
    "<i4": Int32Array,
    "<f4": Float32Array,
    "<f8": Float64Array,
  };

  /** A `.npy` array; half precision comes out as Float32Array, 64-bit integers as Float64Array. */
  function array(bytes, name) {
    const data = view(bytes);
    if (bytes.length < 12 || bytes[0] !== 0x93 || bytes[6] > 3) {
      throw new Error(`'${name}' is not a NumPy array.`);
    }
    const long = bytes[6] > 1;
    const length = long ? data.getUint32(8, true) : data.getUint16(8, true);
    const start = (long ? 12 : 10) + length;
    const header = new TextDecoder("latin1").decode(bytes.subarray(start - length, start));
    const kind = /'descr':\s*'([^']+)'/.exec(header)?.[1];
    const dimensions = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
    if (kind === undefined || dimensions === undefined || /'fortran_order':\s*True/.test(header)) {
      throw new Error(`'${name}' is a kind of array that this page does not read.`);
    }
    const shape = dimensions.split(",").filter((text) => text.trim()).map(Number);
    const count = shape.reduce((product, size) => product * size, 1);
    const body = bytes.slice(start);
    const width = Number(/\d+$/.exec(kind)?.[0] ?? 0) * (kind.includes("U") ? 4 : 1);
    if (!Number.isInteger(count) || body.length < count * width) {
      throw new Error(`'${name}' is not all there.`);
    }
    return { shape, data: values(kind, body.buffer, count, name) };
  }

  function values(kind, buffer, count, name) {
    if (kind in KINDS) return new KINDS[kind](buffer, 0, count);
    if (kind === "<f2") return halves(new Uint16Array(buffer, 0, count));
    if (kind === "<i8" || kind === "<u8") {
      const whole = kind === "<i8" ? BigInt64Array : BigUint64Array;
      return Float64Array.from(new whole(buffer, 0, count), Number);
    }
    if (/^<U\d+$/.test(kind)) {
      const codes = new Uint32Array(buffer, 0, Number(kind.slice(2)));
      return Array.from(codes, (code) => (code ? String.fromCodePoint(code) : "")).join("");
    }
    throw new Error(`'${name}' has the type ${kind}, which this page does not read.`);
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

  return { open, halfTable };
})();
