"use strict";
// Encoded pictures as a WebM file: see the container's guidelines (webmproject.org) and RFC 8794.

spiral.webm = (() => {
  const CLUSTER = 4000; // milliseconds

  /** The bytes of a number, the highest first, as few as it takes or so many. */
  function whole(value, length = Math.max(Math.ceil(value.toString(16).length / 2), 1)) {
    const found = new Uint8Array(length);
    for (let i = length - 1, left = value; i >= 0; i--, left = Math.floor(left / 256)) found[i] = left % 256;
    return found;
  }

  function float(value) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return new Uint8Array(view.buffer);
  }

  function letters(text) {
    return new TextEncoder().encode(text);
  }

  /** An element: its id, its size in eight bytes, its content. */
  function element(id, ...content) {
    const parts = content.flat();
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const length = whole(size, 8);
    length[0] = 1;
    return [whole(id), length, ...parts];
  }

  /**
   * The file: a Blob.
   *
   * @param frames {data, time in milliseconds, key: whether it stands by itself}
   * @param codec V_VP8 or V_VP9
   */
  function file(frames, { width, height, codec, duration }) {
    const head = element(0x1a45dfa3,
      element(0x4286, whole(1)), element(0x42f7, whole(1)), element(0x42f2, whole(4)), element(0x42f3, whole(8)),
      element(0x4282, letters("webm")), element(0x4287, whole(4)), element(0x4285, whole(2)));
    const info = element(0x1549a966,
      element(0x2ad7b1, whole(1e6)), element(0x4489, float(duration)), element(0x4d80, letters("spiralcore")), element(0x5741, letters("spiralcore")));
    const track = element(0x1654ae6b, element(0xae,
      element(0xd7, whole(1)), element(0x73c5, whole(1)), element(0x83, whole(1)), element(0x86, letters(codec)),
      element(0xe0, element(0xb0, whole(width)), element(0xba, whole(height)))));
    const clusters = [];
    let open = null;
    for (const { data, time, key } of frames) {
      if (!open || (key && time - open.start >= CLUSTER)) clusters.push((open = { start: time, blocks: [] }));
      const mark = Uint8Array.from([0x81, ...whole(time - open.start, 2), key ? 0x80 : 0]);
      open.blocks.push(element(0xa3, mark, data));
    }
    const written = clusters.flatMap(({ start, blocks }) => element(0x1f43b675, element(0xe7, whole(start)), ...blocks));
    return new Blob([...head, ...element(0x18538067, info, track, written)], { type: "video/webm" });
  }

  return { file };
})();
