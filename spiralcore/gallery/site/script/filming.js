"use strict";
// The view as a film, where the browser encodes one: from the first epoch to the last, as it plays.

spiral.filming = (() => {
  const RATE = 30;
  const KEYS = 60; // pictures from one that stands by itself to the next
  // What a kind of film may be encoded with, the best first; H.264 up to 4096 x 2304.
  const CODECS = {
    webm: [{ codec: "vp09.00.41.08", name: "V_VP9" }, { codec: "vp8", name: "V_VP8" }],
    mp4: ["640033", "4d0033", "420033"].map((profile) => ({ codec: `avc1.${profile}`, name: "avc1", avc: { format: "avc" } })),
  };
  const BITS = 0.12; // a pixel of each picture
  let stopped = false;

  /** What encodes pictures of a size for a kind of film; null where the browser has nothing for it. */
  async function codecFor(kind, width, height) {
    if (typeof VideoEncoder === "undefined") return null;
    const bitrate = Math.round(BITS * width * height * RATE);
    for (const { name, ...own } of CODECS[kind]) {
      const settings = { ...own, width, height, bitrate, framerate: RATE };
      const { supported } = await VideoEncoder.isConfigSupported(settings).catch(() => ({ supported: false }));
      if (supported) return { settings, name };
    }
    return null;
  }

  /**
   * Film the view: a promise of a Blob; null where the browser cannot, or where it was stopped.
   *
   * @param kind webm or mp4
   * @param picture() gives a canvas of what is seen, always of one size
   * @param told(share) is called with how far it is
   */
  async function film(kind, picture, told) {
    const { clock } = spiral;
    const { second, from, to, playing, speed } = clock.state;
    stopped = false;
    clock.pause();
    clock.seek(from);
    const first = picture();
    const [width, height] = [first.width, first.height].map((value) => value - (value % 2));
    const known = await codecFor(kind, width, height);
    if (!known) return null;
    const frames = [];
    let failure = null;
    let decoder = null;
    const encoder = new VideoEncoder({
      output: (chunk, about) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        decoder = about?.decoderConfig ?? decoder;
        frames.push({ data, time: Math.round(chunk.timestamp / 1000), key: chunk.type === "key" });
      },
      error: (error) => (failure = error),
    });
    encoder.configure(known.settings);
    const count = Math.max(Math.ceil(((to - from) / speed) * RATE), 1);
    for (let i = 0; i <= count && !stopped && !failure; i++) {
      clock.seek(Math.min(from + (i * speed) / RATE, to));
      const frame = new VideoFrame(picture(), { timestamp: Math.round((i * 1e6) / RATE), visibleRect: { x: 0, y: 0, width, height } });
      encoder.encode(frame, { keyFrame: i % KEYS === 0 });
      frame.close();
      told(i / count);
      // The page stays alive, and pictures do not pile up.
      await new Promise((done) => setTimeout(done));
      while (encoder.encodeQueueSize > 8 && !failure) await new Promise((done) => setTimeout(done, 5));
    }
    if (!failure) await encoder.flush();
    encoder.close();
    clock.seek(second);
    if (playing) clock.play();
    if (failure) throw failure;
    if (stopped) return null;
    if (kind === "webm") return spiral.webm.file(frames, { width, height, codec: known.name, duration: ((count + 1) * 1000) / RATE });
    const ordered = frames.map(({ time, ...frame }) => ({ ...frame, order: Math.round((time * RATE) / 1000) }));
    return spiral.mp4.file(ordered, { width, height, rate: RATE, decoder });
  }

  return { film, stop: () => (stopped = true) };
})();
