"use strict";
// Encoded pictures as an MP4 file, ISO/IEC 14496-12 (boxes) and 14496-15 (H.264 in them): all pictures
// in one chunk, what leads to them before them.

spiral.mp4 = (() => {
  const ONE = 0x10000; // in numbers of 16.16 bits
  const MATRIX = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];
  const NCLX = { bt709: 1, bt470bg: 5, smpte170m: 6, "iec61966-2-1": 13, rgb: 0 };
  const UNSPECIFIED = 2;

  function short(...values) {
    return values.flatMap((value) => [(value >> 8) & 255, value & 255]);
  }

  function long(...values) {
    return values.flatMap((value) => [...short(value >>> 16), ...short(value)]);
  }

  function letters(text) {
    return Array.from(text, (letter) => letter.charCodeAt(0));
  }

  /** A box: its size, its name, its content. */
  function box(name, ...content) {
    const inner = content.flat();
    return [...long(inner.length + 8), ...letters(name), ...inner];
  }

  /** A box with a version and flags. */
  function full(name, flags, ...content) {
    return box(name, long(flags), ...content);
  }

  /** How the pictures have to be decoded, and in which colours they are. */
  function described(width, height, { description, colorSpace }) {
    const colour = ["primaries", "transfer", "matrix"].map((part) => NCLX[colorSpace?.[part]] ?? UNSPECIFIED);
    return box("avc1",
      long(0), short(0, 1), long(0, 0, 0, 0), short(width, height), long(72 * ONE, 72 * ONE, 0), short(1),
      Array(32).fill(0), short(24, 0xffff),
      box("avcC", Array.from(new Uint8Array(description))),
      box("colr", letters("nclx"), short(...colour), [colorSpace?.fullRange ? 0x80 : 0]));
  }

  /**
   * The file: a Blob.
   *
   * @param frames {data, order: its number as they are shown, key: whether it stands by itself}, in
   *   the order in which they are decoded
   * @param rate pictures a second
   * @param decoder what the encoder says of them: {description, colorSpace}
   */
  function file(frames, { width, height, rate, decoder }) {
    const count = frames.length;
    const keys = frames.flatMap(({ key }, i) => (key ? [i + 1] : []));
    const late = frames.map(({ order }, i) => order - i);
    const tables = [
      full("stsd", 0, long(1), described(width, height, decoder)),
      full("stts", 0, long(1, count, 1)),
      ...(late.some(Boolean) ? [full("ctts", 1 << 24, long(count), late.flatMap((one) => long(1, one)))] : []),
      full("stss", 0, long(keys.length, ...keys)),
      full("stsc", 0, long(1, 1, count, 1)),
      full("stsz", 0, long(0, count), frames.flatMap(({ data }) => long(data.length))),
    ];
    const head = box("ftyp", letters("isom"), long(0x200), letters("isomiso2avc1mp41"));
    const film = (start) => box("moov",
      full("mvhd", 0, long(0, 0, rate, count, ONE), short(0x100, 0), long(0, 0, ...MATRIX, 0, 0, 0, 0, 0, 0, 2)),
      box("trak",
        full("tkhd", 3, long(0, 0, 1, 0, count, 0, 0), short(0, 0, 0, 0), long(...MATRIX, width * ONE, height * ONE)),
        box("mdia",
          full("mdhd", 0, long(0, 0, rate, count), short(0x55c4, 0)),
          full("hdlr", 0, long(0), letters("vide"), long(0, 0, 0), letters("spiralcore\0")),
          box("minf",
            full("vmhd", 1, short(0, 0, 0, 0)),
            box("dinf", full("dref", 0, long(1), full("url ", 1))),
            box("stbl", ...tables, full("stco", 0, long(1, start)))))));
    const start = head.length + film(0).length + 8;
    const size = frames.reduce((sum, { data }) => sum + data.length, 8);
    const before = Uint8Array.from([...head, ...film(start), ...long(size), ...letters("mdat")]);
    return new Blob([before, ...frames.map(({ data }) => data)], { type: "video/mp4" });
  }

  return { file };
})();
