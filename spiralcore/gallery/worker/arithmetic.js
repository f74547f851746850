"use strict";
// Functions made of sums, products, quotients and roots alone, which IEEE 754 rounds in one way:
// those of an engine may differ in their last digits, and trainings with them.

spiral.arithmetic = (() => {
  const LN2_HIGH = 0.6931471803691238; // 33 bits, so that multiples are exact
  const LN2_LOW = 1.9082149292705877e-10;
  const QUARTER_HIGH = 1.57079632673412561417; // half of pi in three parts, the same way
  const QUARTER_MIDDLE = 6.07710050630396597660e-11;
  const QUARTER_LOW = 2.02226624879595063154e-21;

  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);

  /** 2 to a whole power from -1022 to 1023. */
  function powerOfTwo(k) {
    words[0] = 0;
    words[1] = (k + 1023) << 20;
    return number[0];
  }

  /** The exponential function, by its series around 0; 0 below -700. */
  function exp(x) {
    if (x < -700) return 0;
    if (x > 700) return Infinity;
    const k = Math.floor(x / 0.6931471805599453 + 0.5);
    const r = x - k * LN2_HIGH - k * LN2_LOW;
    let sum = 1;
    for (let i = 13; i > 0; i--) sum = 1 + (sum * r) / i;
    return sum * powerOfTwo(k);
  }

  /** The natural logarithm of a positive number that is not denormal. */
  function log(x) {
    number[0] = x;
    let k = (words[1] >>> 20) - 1023;
    words[1] = (words[1] & 0xfffff) | 0x3ff00000;
    let m = number[0];
    if (m > 1.4142135623730951) {
      m /= 2;
      k += 1;
    }
    const s = (m - 1) / (m + 1);
    const square = s * s;
    let sum = 0;
    for (let i = 23; i > 0; i -= 2) sum = sum * square + 1 / i;
    return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW);
  }

  /** The exponential function to ten digits, and quick. */
  function exp32(x) {
    if (x < -700) return 0;
    if (x > 700) return Infinity;
    const k = Math.floor(x * 1.4426950408889634 + 0.5);
    const r = x - k * LN2_HIGH - k * LN2_LOW;
    let sum = 1 / 3628800;
    sum = sum * r + 1 / 362880;
    sum = sum * r + 1 / 40320;
    sum = sum * r + 1 / 5040;
    sum = sum * r + 1 / 720;
    sum = sum * r + 1 / 120;
    sum = sum * r + 1 / 24;
    sum = sum * r + 1 / 6;
    sum = sum * r + 0.5;
    sum = sum * r + 1;
    sum = sum * r + 1;
    return sum * powerOfTwo(k);
  }

  /** The natural logarithm to ten digits, and quick. */
  function log32(x) {
    number[0] = x;
    let k = (words[1] >>> 20) - 1023;
    words[1] = (words[1] & 0xfffff) | 0x3ff00000;
    let m = number[0];
    if (m > 1.4142135623730951) {
      m /= 2;
      k += 1;
    }
    const s = (m - 1) / (m + 1);
    const square = s * s;
    let sum = 1 / 15;
    sum = sum * square + 1 / 13;
    sum = sum * square + 1 / 11;
    sum = sum * square + 1 / 9;
    sum = sum * square + 1 / 7;
    sum = sum * square + 1 / 5;
    sum = sum * square + 1 / 3;
    sum = sum * square + 1;
    return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW);
  }

  /** log(1 + u) for u from 0 to 1. */
  function log1p(u) {
    const s = u / (2 + u);
    const square = s * s;
    let sum = 0;
    for (let i = 33; i > 0; i -= 2) sum = sum * square + 1 / i;
    return 2 * s * sum;
  }

  /** Sine and cosine, by their series around 0. */
  function circle(x) {
    const k = Math.floor(x / 1.5707963267948966 + 0.5);
    const r = x - k * QUARTER_HIGH - k * QUARTER_MIDDLE - k * QUARTER_LOW;
    const square = r * r;
    let sine = 1;
    let cosine = 1;
    for (let i = 20; i > 0; i -= 2) {
      cosine = 1 - (cosine * square) / (i * (i - 1));
      sine = 1 - (sine * square) / (i * (i + 1));
    }
    sine *= r;
    const quadrant = ((k % 4) + 4) % 4;
    if (quadrant === 0) return [sine, cosine];
    if (quadrant === 1) return [cosine, -sine];
    return quadrant === 2 ? [-sine, -cosine] : [-cosine, sine];
  }

  const sin = (x) => circle(x)[0];
  const cos = (x) => circle(x)[1];

  // The distribution function of the normal distribution: below 0 it is exp(-x^2 / 2) times a
  // polynomial in 1 / (1 + 0.33 |x|), a weighted least-squares fit; the relative error is 1.2e-8.
  const NORMAL = [
    -1.5128620550752814e-8, 0.13165178147380344, 0.13163165520917636, 0.11756570810385822, 0.08660190690079941,
    0.06109071941201079, -0.026055111052451917, 0.07070089108644134, -0.14368410763675635, 0.06623228881500895,
    0.03154336335553852, -0.03616534857656358, 0.008886274004841568,
  ];

  function normal(x) {
    const size = x < 0 ? -x : x;
    const t = 1 / (1 + 0.33 * size);
    let sum = 0;
    for (let i = NORMAL.length - 1; i >= 0; i--) sum = sum * t + NORMAL[i];
    const tail = exp32(-0.5 * size * size) * sum;
    return x < 0 ? tail : 1 - tail;
  }

  const { fround } = Math;
  const MOST = fround(9.02); // from here on tanh rounds to 1 in 32 bits
  // x P(x^2) / Q(x^2): see `spiralcore/training/kernels.py`.
  const [P0, P1, P2, P3, P4] = [9.99999979e-1, 1.337971709e-1, 3.494033584e-3, 2.058346645e-5, 1.331905351e-8].map(fround);
  const [Q1, Q2, Q3, Q4] = [4.671303233e-1, 2.58710694e-2, 3.283091299e-4, 7.76201147e-7].map(fround);

  /** The hyperbolic tangent in 32 bits, each step rounded to them. */
  function tanh(value) {
    const x = value > MOST ? MOST : value < -MOST ? -MOST : value;
    const s = fround(x * x);
    let above = fround(P3 + fround(s * P4));
    above = fround(P2 + fround(s * above));
    above = fround(P1 + fround(s * above));
    above = fround(P0 + fround(s * above));
    let below = fround(Q3 + fround(s * Q4));
    below = fround(Q2 + fround(s * below));
    below = fround(Q1 + fround(s * below));
    below = fround(1 + fround(s * below));
    const found = fround(fround(x * above) / below);
    return found > 1 ? 1 : found < -1 ? -1 : found;
  }

  return { exp, log, exp32, log32, log1p, sin, cos, normal, tanh };
})();
