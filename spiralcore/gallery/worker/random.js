"use strict";
// The random numbers of NumPy: its seeds, its generator and its distributions, so that one seed
// gives the same points and first weights here as `spiral train`.

spiral.random = (() => {
  const { exp, log } = spiral.arithmetic;
  const POOL = 4;

  /** Words of 32 bits of a whole number that is not negative. */
  function wordsOf(value) {
    const found = [];
    for (let rest = BigInt(value); rest > 0n; rest >>= 32n) found.push(Number(rest & 0xffffffffn));
    return found.length ? found : [0];
  }

  /**
   * Four words of 64 bits from some whole numbers: O'Neill 2015, "Developing a seed_seq
   * alternative", as NumPy's SeedSequence has it.
   */
  function seeded(numbers) {
    const entropy = numbers.flatMap(wordsOf);
    let constant = 0x43b0d7e5;
    const hash = (value) => {
      let mixed = (value ^ constant) >>> 0;
      constant = Math.imul(constant, 0x931e8875) >>> 0;
      mixed = Math.imul(mixed, constant) >>> 0;
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    const mix = (one, other) => {
      const found = (Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other)) >>> 0;
      return (found ^ (found >>> 16)) >>> 0;
    };
    const pool = Array.from({ length: POOL }, (_, i) => hash(entropy[i] ?? 0));
    for (let from = 0; from < POOL; from++) {
      for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
    }
    for (let from = POOL; from < entropy.length; from++) {
      for (let to = 0; to < POOL; to++) pool[to] = mix(pool[to], hash(entropy[from]));
    }
    let last = 0x8b51f9dd;
    const halves = Array.from({ length: 8 }, (_, i) => {
      let value = (pool[i % POOL] ^ last) >>> 0;
      last = Math.imul(last, 0x58f38ded) >>> 0;
      value = Math.imul(value, last) >>> 0;
      return BigInt((value ^ (value >>> 16)) >>> 0);
    });
    return [0, 2, 4, 6].map((i) => halves[i] | (halves[i + 1] << 32n));
  }

  const ALL = (1n << 128n) - 1n;
  const MULTIPLIER = 47026247687942121848144207491837523525n;

  /** PCG64, O'Neill 2014: 128 bits that are stepped on and permuted to 64. */
  class Generator {
    /** @param numbers the seed: whole numbers that are not negative */
    constructor(numbers) {
      const [high, low, more, less] = seeded(numbers);
      this.step = ((((more << 64n) | less) << 1n) | 1n) & ALL;
      this.state = (((this.step + ((high << 64n) | low)) & ALL) * MULTIPLIER + this.step) & ALL;
    }

    /** 64 random bits. */
    bits() {
      this.state = (this.state * MULTIPLIER + this.step) & ALL;
      const turn = this.state >> 122n;
      const mixed = BigInt.asUintN(64, (this.state >> 64n) ^ this.state);
      return BigInt.asUintN(64, (mixed >> turn) | (mixed << (64n - turn)));
    }

    /** Evenly between 0 and 1, 1 excluded. */
    double() {
      return Number(this.bits() >> 11n) / 9007199254740992;
    }

    uniform(lower, upper) {
      return lower + (upper - lower) * this.double();
    }

    /** From the standard normal distribution, by 256 layers: Marsaglia and Tsang 2000. */
    normal() {
      layers ??= build();
      const { x, inside, height } = layers;
      for (;;) {
        const bits = this.bits();
        const layer = Number(bits & 255n);
        const share = Number((bits >> 9n) & 0xfffffffffffffn);
        const value = (bits >> 8n) & 1n ? -share * x[layer] : share * x[layer];
        if (share < inside[layer]) return value;
        if (layer === 0) {
          for (;;) {
            const far = -log1m(this.double()) / FIRST;
            const up = -log1m(this.double());
            if (up + up > far * far) return high(bits) ? -(FIRST + far) : FIRST + far;
          }
        }
        if ((height[layer - 1] - height[layer]) * this.double() + height[layer] < exp(-0.5 * value * value)) return value;
      }
    }
  }

  /** The bit that decides on the side of a tail. */
  function high(bits) {
    return ((bits >> 17n) & 1n) === 1n;
  }

  /** log(1 - u) for u from 0 to 1, 1 excluded. */
  function log1m(u) {
    return log(1 - u);
  }

  const FIRST = 3.6541528853610087963519472518;
  const AREA = 0.0049286732339746519;
  const WHOLE = 4503599627370496; // 2^52
  let layers = null;

  /** Edges of the layers, which have the same area. */
  function build() {
    const edges = new Float64Array(256);
    edges[255] = FIRST;
    for (let i = 254; i > 0; i--) edges[i] = Math.sqrt(-2 * log(AREA / edges[i + 1] + exp(-0.5 * edges[i + 1] ** 2)));
    const x = new Float64Array(256);
    const inside = new Float64Array(256);
    const height = new Float64Array(256);
    for (let i = 1; i < 256; i++) {
      x[i] = edges[i] / WHOLE;
      inside[i] = Math.floor((edges[i - 1] / edges[i]) * WHOLE);
      height[i] = exp(-0.5 * edges[i] * edges[i]);
    }
    const base = AREA / height[255];
    x[0] = base / WHOLE;
    inside[0] = Math.floor((FIRST / base) * WHOLE);
    height[0] = 1;
    inside[1] = 0;
    return { x, inside, height };
  }

  return { Generator };
})();
