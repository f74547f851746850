"use strict";
// `.npz` archives: zip files with a `.npy` array a member, stored or deflated. Nothing in them is
// trusted; what cannot be read is an error that says so. The same limits as `spiralcore/system/archive.py`.

spiral.archive = (() => {
  const { Refusal, count, quoted } = spiral.refusal;
  const { text } = spiral.words;
  const MOST_BYTES = 2 ** 31;
  const SMALL = 64_000_000;
  const RATIO = 20;
  const DIRECTORY_BYTES = 200_000;
  const HEAD = 10_100; // bytes of a member that hold any header
  const [END, MEMBER, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
  const [STORED, DEFLATED] = [0, 8];

  /** All arrays of a part of the page: an object of {shape, data} by name, without a prototype. */
  async function open(bytes) {
    const archive = new Archive(bytes);
    const arrays = Object.create(null);
    for (const name of archive.members.keys()) arrays[name] = await archive.array(name);
    return arrays;
  }

  class Archive {
    /** @throws Refusal about the archive, or an Error about its bytes */
    constructor(bytes) {
      this.bytes = bytes;
      this.members = membersOf(bytes);
      this.headers = new Map();
    }

    /** Shape and type of an array, without reading it. */
    async header(name) {
      if (!this.headers.has(name)) {
        const member = this.members.get(name);
        const head = await unpacked(this.bytes, member, Math.min(HEAD, member.size), false);
        this.headers.set(name, spiral.header.read(name, head, member.size));
      }
      return this.headers.get(name);
    }

    /**
     * An array: {shape, type, data}.
     *
     * @param checked whether its checksum is compared
     */
    async array(name, checked = false) {
      const header = await this.header(name);
      const member = this.members.get(name);
      const all = await unpacked(this.bytes, member, member.size, checked);
      const body = all.subarray(header.start, header.start + header.declared);
      if (body.length < header.declared) {
        throw new Refusal(
          text("the array '{name}' ends after {n} of {m} bytes.", { name, n: count(body.length), m: count(header.declared) }),
          text("an array that is all there."),
        );
      }
      return { shape: header.shape, type: header.type, data: spiral.header.values(name, header, body) };
    }
  }

  function membersOf(bytes) {
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let end = bytes.length - 22;
    while (end >= 0 && end > bytes.length - 66000 && data.getUint32(end, true) !== END) end--;
    if (end < 0 || data.getUint32(end, true) !== END) throw new Error(text("File is not a zip file"));
    const length = data.getUint32(end + 12, true);
    if (length > DIRECTORY_BYTES) {
      throw new Refusal(text("its list of members takes {n} bytes.", { n: count(length) }), text("at most {n} bytes.", { n: count(DIRECTORY_BYTES) }));
    }
    // Something may stand before the archive.
    const before = end - length - data.getUint32(end + 16, true);
    if (before < 0) throw new Error(text("its list of members is damaged"));
    const found = new Map();
    let total = 0;
    for (let at = end - length; at < end; ) {
      if (at + 46 > end || data.getUint32(at, true) !== MEMBER) throw new Error(text("its list of members is damaged"));
      const [nameLength, extra, comment] = [28, 30, 32].map((place) => data.getUint16(at + place, true));
      const raw = bytes.subarray(at + 46, at + 46 + nameLength);
      const name = new TextDecoder().decode(raw).replace(/\.npy$/, "");
      const member = memberAt(data, at, before, raw, name);
      if (found.has(name)) throw new Refusal(text("the array {name} is there twice.", { name: quoted(name.slice(0, 80)) }), text("each once."));
      found.set(name, member);
      total += member.size;
      at += 46 + nameLength + extra + comment;
    }
    checkSize(total, bytes.length);
    return found;
  }

  function memberAt(data, at, before, raw, name) {
    const method = data.getUint16(at + 10, true);
    if (method !== STORED && method !== DEFLATED) {
      throw new Refusal(
        text("the array {name} is compressed in an unusual way.", { name: quoted(name.slice(0, 80)) }),
        text("an archive that numpy.savez or numpy.savez_compressed has written."),
      );
    }
    const header = before + data.getUint32(at + 42, true);
    return {
      name,
      raw,
      method,
      header,
      locked: Boolean(data.getUint16(at + 8, true) & 1),
      sum: data.getUint32(at + 16, true),
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
    };
  }

  function checkSize(total, size) {
    if (total > MOST_BYTES) throw new Refusal(text("the arrays unpack to {n} bytes.", { n: count(total) }), text("at most {n} bytes.", { n: count(MOST_BYTES) }));
    if (total > Math.max(SMALL, RATIO * size)) {
      throw new Refusal(
        text("the arrays unpack to {n} bytes, {m} times the size of the file.", { n: count(total), m: count(Math.floor(total / size)) }),
        text("at most {n} bytes or {m} times its size.", { n: count(SMALL), m: RATIO }),
      );
    }
  }

  /** Where the bytes of a member begin; its own header says so, and has to name it, too. */
  function startOf(bytes, member) {
    const at = member.header;
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (at + 30 > bytes.length || data.getUint32(at, true) !== LOCAL) throw new Error(text("'{name}' is not where it should be", member));
    const [nameLength, extra] = [data.getUint16(at + 26, true), data.getUint16(at + 28, true)];
    const name = bytes.subarray(at + 30, at + 30 + nameLength);
    if (String(name) !== String(member.raw)) throw new Error(text("'{name}' has two names", member));
    if (member.locked) throw new Error(text("'{name}' is encrypted", member));
    return at + 30 + nameLength + extra;
  }

  /** The first bytes of a member, at most `most` of them. */
  async function unpacked(bytes, member, most, checked) {
    const start = startOf(bytes, member);
    const packed = bytes.subarray(start, start + member.packed);
    if (packed.length < member.packed) throw new Error(text("it is not all there"));
    const found = member.method === STORED ? packed.subarray(0, most) : await inflated(packed, member, most);
    if (checked && sumOf(found) !== member.sum) throw new Error(text("Bad CRC-32 for file '{name}.npy'", member));
    return found;
  }

  async function inflated(packed, member, most) {
    // Not by way of a Response or a Blob's stream alone: what comes out may not exceed the size.
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const found = new Uint8Array(most);
    let at = 0;
    try {
      while (at < most) {
        const { done, value } = await reader.read();
        if (done) break;
        const piece = value.subarray(0, most - at);
        found.set(piece, at);
        at += piece.length;
      }
    } catch {
      throw new Error(text("'{name}' cannot be unpacked", member));
    }
    reader.cancel().catch(() => {});
    return found.subarray(0, at);
  }

  let sums = null;

  /** CRC-32 as in zip files. */
  function sumOf(bytes) {
    sums ??= Uint32Array.from({ length: 256 }, (_, i) => {
      let value = i;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
      return value;
    });
    let sum = ~0;
    for (let i = 0; i < bytes.length; i++) sum = (sum >>> 8) ^ sums[(sum ^ bytes[i]) & 255];
    return ~sum >>> 0;
  }

  return { open, Archive, sumOf };
})();
