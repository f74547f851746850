/* The loops of a training, for WebAssembly with vectors of four numbers of 32 bits. `layers.js` has the
   same in plain JavaScript: each sum in the same order, each step rounded, so that both give the same
   bits. Rows of layers are padded to a multiple of four numbers; what is in the padding is never used.

   Made by `python -m scripts.wasm`. */

#include <wasm_simd128.h>

typedef v128_t Four;

#define ADD wasm_f32x4_add
#define MUL wasm_f32x4_mul
#define SUB wasm_f32x4_sub
#define DIV wasm_f32x4_div
#define ALL wasm_f32x4_splat
#define LOAD(place) wasm_v128_load(place)
#define STORE(place, value) wasm_v128_store(place, value)
#define EXPORT(name) __attribute__((export_name(#name))) name

/* Sums of `count` rows, each times a factor, for 4 targets and 8 or 4 columns at a time; they begin
   with `start`. Factors of target t are factors[t * across + i * along]. */
static inline __attribute__((always_inline)) void tile(const float *factors, int across, int along, int targets,
        const float *rows, int stride, int count, const float *start, float *target, int apart, int columns) {
    for (int t = 0; t < targets; t += 4) {
        int some = targets - t < 4 ? targets - t : 4;
        for (int c = 0; c < columns; c += 8) {
            int wide = columns - c >= 8;
            Four left = start ? LOAD(start + c) : ALL(0), right = start && wide ? LOAD(start + c + 4) : ALL(0);
            const float *row = rows + c;
            if (some == 4) {
                const float *a = factors + t * across, *b = a + across, *d = b + across, *e = d + across;
                Four a0 = left, b0 = left, d0 = left, e0 = left;
                if (wide) {
                    Four a1 = right, b1 = right, d1 = right, e1 = right;
                    for (int i = 0; i < count; i++, row += stride) {
                        Four low = LOAD(row), high = LOAD(row + 4), x;
                        x = ALL(a[i * along]); a0 = ADD(a0, MUL(x, low)); a1 = ADD(a1, MUL(x, high));
                        x = ALL(b[i * along]); b0 = ADD(b0, MUL(x, low)); b1 = ADD(b1, MUL(x, high));
                        x = ALL(d[i * along]); d0 = ADD(d0, MUL(x, low)); d1 = ADD(d1, MUL(x, high));
                        x = ALL(e[i * along]); e0 = ADD(e0, MUL(x, low)); e1 = ADD(e1, MUL(x, high));
                    }
                    float *to = target + t * apart + c + 4;
                    STORE(to, a1); STORE(to + apart, b1); STORE(to + 2 * apart, d1); STORE(to + 3 * apart, e1);
                } else {
                    for (int i = 0; i < count; i++, row += stride) {
                        Four low = LOAD(row);
                        a0 = ADD(a0, MUL(ALL(a[i * along]), low));
                        b0 = ADD(b0, MUL(ALL(b[i * along]), low));
                        d0 = ADD(d0, MUL(ALL(d[i * along]), low));
                        e0 = ADD(e0, MUL(ALL(e[i * along]), low));
                    }
                }
                float *to = target + t * apart + c;
                STORE(to, a0); STORE(to + apart, b0); STORE(to + 2 * apart, d0); STORE(to + 3 * apart, e0);
            } else {
                for (int s = 0; s < some; s++) {
                    const float *a = factors + (t + s) * across;
                    Four low = left, high = right;
                    for (int i = 0; i < count; i++) {
                        Four x = ALL(a[i * along]);
                        low = ADD(low, MUL(x, LOAD(row + i * stride)));
                        if (wide) high = ADD(high, MUL(x, LOAD(row + i * stride + 4)));
                    }
                    STORE(target + (t + s) * apart + c, low);
                    if (wide) STORE(target + (t + s) * apart + c + 4, high);
                }
            }
        }
    }
}

/* Values of a layer, shape (points, from), times weights (from, to), plus biases; `bias` may be 0. */
void EXPORT(product)(const float *value, int wide, const float *weight, const float *bias, float *target, int to, int points, int from) {
    tile(value, wide, 1, points, weight, to, from, bias, target, to, to);
}

/* Gradients of the weights and biases from values (points, from) and slopes (points, to). */
void EXPORT(gather)(const float *value, int wide, const float *slope, float *weight, float *bias, int to, int points, int from) {
    for (int c = 0; c < to; c += 4) {
        Four sum = ALL(0);
        for (int n = 0; n < points; n++) sum = ADD(sum, LOAD(slope + n * to + c));
        STORE(bias + c, sum);
    }
    tile(value, 1, wide, from, slope, to, points, 0, weight, to, to);
}

/* The transposed of a matrix (from, to), rows of `wide` numbers each. */
void EXPORT(turn)(const float *matrix, int to, float *target, int wide, int from) {
    for (int i = 0; i < from; i++) for (int j = 0; j < to; j++) target[j * wide + i] = matrix[i * to + j];
}

#define LN2_HIGH 0.6931471803691238
#define LN2_LOW 1.9082149292705877e-10

static double power_of_two(int k) {
    union { unsigned long long bits; double value; } found = {(unsigned long long)(k + 1023) << 52};
    return found.value;
}

/* See `exp32` in `arithmetic.js`. */
static double exponential(double x) {
    if (x < -700) return 0;
    if (x > 700) return __builtin_inf();
    double k = __builtin_floor(x * 1.4426950408889634 + 0.5);
    double r = x - k * LN2_HIGH - k * LN2_LOW;
    double sum = 1.0 / 3628800;
    sum = sum * r + 1.0 / 362880;
    sum = sum * r + 1.0 / 40320;
    sum = sum * r + 1.0 / 5040;
    sum = sum * r + 1.0 / 720;
    sum = sum * r + 1.0 / 120;
    sum = sum * r + 1.0 / 24;
    sum = sum * r + 1.0 / 6;
    sum = sum * r + 0.5;
    sum = sum * r + 1;
    sum = sum * r + 1;
    return sum * power_of_two((int)k);
}

/* See `log32` in `arithmetic.js`. */
static double logarithm(double x) {
    union { double value; unsigned long long bits; } found = {x};
    int k = (int)(found.bits >> 52) - 1023;
    found.bits = (found.bits & 0xfffffffffffffull) | 0x3ff0000000000000ull;
    double m = found.value;
    if (m > 1.4142135623730951) {
        m /= 2;
        k += 1;
    }
    double s = (m - 1) / (m + 1), square = s * s;
    double sum = 1.0 / 15;
    sum = sum * square + 1.0 / 13;
    sum = sum * square + 1.0 / 11;
    sum = sum * square + 1.0 / 9;
    sum = sum * square + 1.0 / 7;
    sum = sum * square + 1.0 / 5;
    sum = sum * square + 1.0 / 3;
    sum = sum * square + 1;
    return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW);
}

/* log(1 + u) for u from 0 to 1, see `log1p` there. */
static double above_one(double u) {
    double s = u / (2 + u), square = s * s, sum = 0;
    for (int i = 33; i > 0; i -= 2) sum = sum * square + 1.0 / i;
    return 2 * s * sum;
}

static const double NORMAL[] = {
    -1.5128620550752814e-8, 0.13165178147380344, 0.13163165520917636, 0.11756570810385822, 0.08660190690079941,
    0.06109071941201079, -0.026055111052451917, 0.07070089108644134, -0.14368410763675635, 0.06623228881500895,
    0.03154336335553852, -0.03616534857656358, 0.008886274004841568,
};

static double normal(double x) {
    double size = x < 0 ? -x : x, t = 1 / (1 + 0.33 * size), sum = 0;
    for (int i = 12; i >= 0; i--) sum = sum * t + NORMAL[i];
    double tail = exponential(-0.5 * size * size) * sum;
    return x < 0 ? tail : 1 - tail;
}

static const float P[] = {9.99999979e-1f, 1.337971709e-1f, 3.494033584e-3f, 2.058346645e-5f, 1.331905351e-8f};
static const float Q[] = {1, 4.671303233e-1f, 2.58710694e-2f, 3.283091299e-4f, 7.76201147e-7f};

static inline Four tangent(Four value) {
    Four most = ALL(9.02f), x = wasm_f32x4_pmax(wasm_f32x4_pmin(value, most), ALL(-9.02f)), s = MUL(x, x);
    Four above = ADD(ALL(P[3]), MUL(s, ALL(P[4]))), below = ADD(ALL(Q[3]), MUL(s, ALL(Q[4])));
    for (int i = 2; i >= 0; i--) {
        above = ADD(ALL(P[i]), MUL(s, above));
        below = ADD(ALL(Q[i]), MUL(s, below));
    }
    Four found = DIV(MUL(x, above), below);
    return wasm_f32x4_pmax(wasm_f32x4_pmin(found, ALL(1)), ALL(-1));
}

static float tangent_of(float value) { return wasm_f32x4_extract_lane(tangent(ALL(value)), 0); }

enum Kind { TANH, RELU, SIGMOID, HARDTANH, LEAKY_RELU, GELU, SOFTPLUS, DISK, SPHERE };

#define LEAK 0.01f
#define LEAST 1e-6f
#define DENSITY 0.3989422804014327

static float length_of(const float *x) {
    float found = __builtin_sqrtf(x[0] * x[0] + x[1] * x[1]);
    return found < LEAST ? LEAST : found;
}

/* An activation on `count` numbers, a multiple of four. */
void EXPORT(apply)(enum Kind kind, const float *before, float *after, int count) {
    Four zero = ALL(0), one = ALL(1), half = ALL(0.5f);
    for (int i = 0; i < count; i += 4) {
        Four x = LOAD(before + i), found = x;
        switch (kind) {
        case TANH: found = tangent(x); break;
        case RELU: found = wasm_v128_and(x, wasm_f32x4_gt(x, zero)); break;
        case SIGMOID: found = MUL(half, ADD(one, tangent(MUL(half, x)))); break;
        case HARDTANH: found = wasm_f32x4_pmax(wasm_f32x4_pmin(x, one), ALL(-1)); break;
        case LEAKY_RELU: found = wasm_v128_bitselect(x, MUL(ALL(LEAK), x), wasm_f32x4_gt(x, zero)); break;
        default:
            for (int j = i; j < i + 4; j++) {
                double value = before[j];
                if (kind == GELU) after[j] = (float)(value * normal(value));
                else if (kind == SOFTPLUS) after[j] = (float)((value > 0 ? value : 0) + above_one(exponential(value > 0 ? -value : value)));
                else {
                    float norm = length_of(before + (j & ~1));
                    if (kind == SPHERE) after[j] = before[j] / norm;
                    else after[j] = before[j] * (tangent_of(norm) / norm);
                }
            }
            continue;
        }
        STORE(after + i, found);
    }
}

/* A gradient by the values becomes one by the pre-activations. */
void EXPORT(pull_back)(enum Kind kind, float *gradient, const float *before, const float *after, int count) {
    Four zero = ALL(0), one = ALL(1);
    for (int i = 0; i < count; i += 4) {
        Four g = LOAD(gradient + i), v = LOAD(after + i);
        switch (kind) {
        case TANH: g = MUL(g, SUB(one, MUL(v, v))); break;
        case RELU: g = wasm_v128_and(g, wasm_f32x4_gt(v, zero)); break;
        case SIGMOID: g = MUL(MUL(g, v), SUB(one, v)); break;
        case HARDTANH: g = wasm_v128_and(g, wasm_v128_and(wasm_f32x4_lt(v, one), wasm_f32x4_gt(v, ALL(-1)))); break;
        case LEAKY_RELU: g = wasm_v128_bitselect(g, MUL(g, ALL(LEAK)), wasm_f32x4_gt(v, zero)); break;
        case GELU:
            for (int j = i; j < i + 4; j++) {
                double x = before[j];
                gradient[j] = (float)(gradient[j] * (normal(x) + x * (exponential(-0.5 * x * x) * DENSITY)));
            }
            continue;
        case SOFTPLUS:
            for (int j = i; j < i + 4; j++) gradient[j] = (float)(gradient[j] * (1 - exponential(-(double)after[j])));
            continue;
        default:
            for (int j = i; j < i + 4; j += 2) {
                float norm = length_of(before + j), a = gradient[j], b = gradient[j + 1];
                if (kind == SPHERE) {
                    float along = a * after[j] + b * after[j + 1];
                    gradient[j] = (a - after[j] * along) / norm;
                    gradient[j + 1] = (b - after[j + 1] * along) / norm;
                } else {
                    float reached = tangent_of(norm), x = before[j] / norm, y = before[j + 1] / norm;
                    float across = reached / norm;
                    float rest = (a * x + b * y) * ((1 - reached * reached) - across);
                    gradient[j] = a * across + x * rest;
                    gradient[j + 1] = b * across + y * rest;
                }
            }
            continue;
        }
        STORE(gradient + i, g);
    }
}

/* Softmax cross-entropy: the mean; how many points are recognised goes to `correct`, the gradient of
   the logits to `slope`. */
double EXPORT(loss)(const float *logits, int wide, const int *labels, float *slope, int points, int classes, int *correct) {
    double entropy = 0;
    int right = 0;
    for (int n = 0; n < points; n++) {
        const float *own = logits + n * wide;
        float *to = slope + n * wide, total = 0;
        int best = 0;
        for (int k = 1; k < classes; k++) if (own[k] > own[best]) best = k;
        for (int k = 0; k < classes; k++) {
            double share = exponential(own[k] - own[best]);
            to[k] = share < 1e-30 ? 0 : (float)share;
            total += to[k];
        }
        int label = labels[n];
        entropy += logarithm(total) - (own[label] - own[best]);
        right += best == label;
        float share = 1 / (total * (float)points);
        for (int k = 0; k < classes; k++) to[k] *= share;
        to[label] -= 1 / (float)points;
    }
    *correct = right;
    return entropy / points;
}

/* Numbers so small that processors take many times as long for them are 0. */
static inline Four flushed(Four x) {
    return wasm_v128_andnot(x, wasm_f32x4_lt(wasm_f32x4_abs(x), ALL(1e-37f)));
}

/* One step of Adam; the first `weights` of the numbers have L2. */
void EXPORT(adam)(float *parameters, const float *gradient, float *first, float *second, int count, int weights, float rate, float correction, float l2) {
    Four keep1 = ALL(0.9f), keep2 = ALL(0.999f), new1 = ALL((float)(1 - 0.9)), new2 = ALL((float)(1 - 0.999));
    for (int i = 0; i < count; i += 4) {
        Four slope = LOAD(gradient + i), p = LOAD(parameters + i);
        if (i < weights) slope = ADD(slope, MUL(ALL(l2), p));
        Four m = flushed(ADD(MUL(keep1, LOAD(first + i)), MUL(new1, slope)));
        Four v = flushed(ADD(MUL(keep2, LOAD(second + i)), MUL(MUL(new2, slope), slope)));
        Four root = ADD(MUL(wasm_f32x4_sqrt(v), ALL(correction)), ALL(1e-8f));
        STORE(first + i, m);
        STORE(second + i, v);
        STORE(parameters + i, flushed(SUB(p, DIV(MUL(ALL(rate), m), root))));
    }
}

/* The sum of the squares, in 64 bits. */
double EXPORT(squares)(const float *values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += (double)values[i] * values[i];
    return sum;
}
