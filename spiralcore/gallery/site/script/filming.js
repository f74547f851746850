"use strict";
// The view as a film (.webm), where the browser encodes one: from the first epoch to the last, as it
// plays.

spiral.filming = (() => {
  const RATE = 30;
  const KEYS = 60; // pictures from one that stands by itself to the next
  const CODECS = [["vp09.00.41.08", "V_VP9"], ["vp8", "V_VP8"]];
  const BITS = 0.12; // a pixel of each picture
  let stopped = false;

  /** What encodes pictures of a size; null where the browser has nothing for it. */
  async function codecFor(width, height) {
    if (typeof VideoEncoder === "undefined") return null;
    const bitrate = Math.round(BITS * width * height * RATE);
    for (const [codec, name] of CODECS) {
      const settings = { codec, width, height, bitrate, framerate: RATE };
      const { supported } = await VideoEncoder.isConfigSupported(settings).catch(() => ({ supported: false }));
      if (supported) return { settings, name };
    }
    return null;
  }

  /**
   * Film the view: a promise of a Blob; null where the browser cannot, or where it was stopped.
   *
   * @param picture() gives a canvas of what is seen, always of one size
   * @param told(share) is called with how far it is
   */
  async function film(picture, told) {
    const { clock } = spiral;
    const { second, from, to, playing, speed } = clock.state;
    stopped = false;
    clock.pause();
    clock.seek(from);
    const first = picture();
    const [width, height] = [first.width, first.height].map((value) => value - (value % 2));
    const known = await codecFor(width, height);
    if (!known) return null;
    const frames = [];
    let failure = null;
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
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
    return spiral.webm.file(frames, { width, height, codec: known.name, duration: ((count + 1) * 1000) / RATE });
  }

  return { film, stop: () => (stopped = true) };
})();
