/* All that is no product, written once for sixteen lanes. Each set of instructions defines the type Sixteen, FEATURES, how many
   queries (AT_ONCE) and sixteens of values (WIDE) its registers hold, ask_for(address), and

   all16(x)  load16(x)  store16(y, a)  from_halves(x)  to_halves(y, a)
   add16, sub16, mul16, div16(a, b)  fma16(a, b, c) = a b + c, rounded once
   max16(a, b)            b where either is NaN
   below16(x, l, a, b)    a where x < l, else b
   two_to16(x)            2 to the power that the low bits of x hold, as `exponential` makes them
   add_up(sums, y)        the sum of each of AT_ONCE sixteens' lanes

   and includes this file. */

#include <float.h>
#include <math.h>
#include <string.h>

/* The first `count` of sixteen numbers, zeros behind them. */
TARGET(FEATURES) ALWAYS_INLINE Sixteen some16(const float *x, int64_t count) {
    float padded[LANES] = {0.0f};
    if (count >= LANES) return load16(x);
    memcpy(padded, x, (size_t)count * sizeof *x);
    return load16(padded);
}

TARGET(FEATURES) ALWAYS_INLINE Sixteen some_halves(const Half *x, int64_t count) {
    Half padded[LANES] = {0};
    if (count >= LANES) return from_halves(x);
    memcpy(padded, x, (size_t)count * sizeof *x);
    return from_halves(padded);
}

TARGET(FEATURES) ALWAYS_INLINE void put16(float *y, Sixteen a, int64_t count) {
    float padded[LANES];
    if (count >= LANES) {
        store16(y, a);
        return;
    }
    store16(padded, a);
    memcpy(y, padded, (size_t)count * sizeof *y);
}

/* Natural exponential of x <= 0, within two units in the last place; zero below -87. Cephes' polynomial. */
TARGET(FEATURES) ALWAYS_INLINE Sixteen exponential(Sixteen x) {
    Sixteen clipped = max16(all16(-87.0f), x);
    Sixteen shifted = fma16(clipped, all16(1.44269504f), all16(12582912.0f)); /* its low bits are the rounded number */
    Sixteen whole = sub16(shifted, all16(12582912.0f));
    Sixteen rest = fma16(whole, all16(2.12194440e-4f), fma16(whole, all16(-0.693359375f), clipped));
    Sixteen y = fma16(all16(1.9875691500e-4f), rest, all16(1.3981999507e-3f));
    y = fma16(y, rest, all16(8.3334519073e-3f));
    y = fma16(y, rest, all16(4.1665795894e-2f));
    y = fma16(y, rest, all16(1.6666665459e-1f));
    y = fma16(y, rest, all16(5.0000001201e-1f));
    y = add16(fma16(y, mul16(rest, rest), rest), all16(1.0f));
    return below16(x, -87.0f, all16(0.0f), mul16(y, two_to16(shifted)));
}

/* scores [tokens][GROUP] of the queries with the keys; asks for the values of the same tokens meanwhile. */
TARGET(FEATURES) ALWAYS_INLINE void score(const Span *s, const int64_t width, float *scores) {
    const int64_t padded = (width + LANES - 1) / LANES * LANES, ahead = 24;
    for (int first = 0; first < GROUP; first += AT_ONCE) {
        const float *queries = s->queries + first * padded;
        for (int64_t token = 0; token < s->tokens; token++) {
            const Half *key = s->keys + token * width;
            Sixteen sums[AT_ONCE];
            UNROLL for (int g = 0; g < AT_ONCE; g++) sums[g] = all16(0.0f);
            for (int64_t d = 0; d < width; d += LANES) {
                Sixteen numbers = some_halves(key + d, width - d);
                UNROLL for (int g = 0; g < AT_ONCE; g++) {
                    sums[g] = fma16(load16(queries + g * padded + d), numbers, sums[g]);
                }
            }
            for (int64_t d = 0; first == 0 && d < width; d += 32) {
                ask_for(key + ahead * width + d);
                ask_for(s->values + token * width + d);
            }
            add_up(sums, scores + token * GROUP + first);
        }
    }
}

/* Scores become their exponentials, less the greatest of their query, in place. Scores of minus infinity count nothing beside
   others, in other spans too: the greatest is a number. */
TARGET(FEATURES) ALWAYS_INLINE void weigh(const Span *s, float *scores) {
    Sixteen greatest = all16(-FLT_MAX), sums = all16(0.0f);
    float lanes[LANES];
    int64_t count = s->tokens * GROUP, padded = (count + LANES - 1) / LANES * LANES;
    for (int64_t i = count; i < padded; i++) scores[i] = -INFINITY;
    for (int64_t i = 0; i < padded; i += LANES) greatest = max16(greatest, load16(scores + i));
    store16(lanes, greatest);
    for (int g = 0; g < GROUP; g++) lanes[g] = lanes[g] > lanes[g + GROUP] ? lanes[g] : lanes[g + GROUP];
    memcpy(lanes + GROUP, lanes, GROUP * sizeof *lanes);
    memcpy(s->greatest, lanes, GROUP * sizeof *lanes);
    greatest = load16(lanes);
    for (int64_t i = 0; i < padded; i += LANES) {
        Sixteen share = exponential(sub16(load16(scores + i), greatest));
        store16(scores + i, share);
        sums = add16(sums, share);
    }
    store16(lanes, sums);
    for (int g = 0; g < GROUP; g++) s->sums[g] = lanes[g] + lanes[g + GROUP];
}

/* Columns from d on of `wide` sixteens: the values weighed by the shares [tokens][GROUP]. */
TARGET(FEATURES) ALWAYS_INLINE void mix_columns(
    const Span *s, const float *shares, const int64_t width, int64_t d, const int wide) {
    const int64_t padded = (width + LANES - 1) / LANES * LANES;
    for (int first = 0; first < GROUP; first += AT_ONCE) {
        Sixteen sums[AT_ONCE][WIDE];
        UNROLL for (int g = 0; g < AT_ONCE; g++) UNROLL for (int i = 0; i < wide; i++) sums[g][i] = all16(0.0f);
        for (int64_t token = 0; token < s->tokens; token++) {
            const float *share = shares + token * GROUP + first;
            UNROLL for (int i = 0; i < wide; i++) {
                int64_t column = d + i * LANES;
                Sixteen numbers = some_halves(s->values + token * width + column, width - column);
                UNROLL for (int g = 0; g < AT_ONCE; g++) sums[g][i] = fma16(all16(share[g]), numbers, sums[g][i]);
            }
        }
        UNROLL for (int g = 0; g < AT_ONCE; g++) {
            UNROLL for (int i = 0; i < wide; i++) store16(s->mixed + (first + g) * padded + d + i * LANES, sums[g][i]);
        }
    }
}

TARGET(FEATURES) ALWAYS_INLINE void attend_width(const Span *s, const int64_t width) {
    float scores[SPAN * GROUP + LANES];
    int64_t d = 0;
    score(s, width, scores);
    weigh(s, scores);
    for (; d + WIDE * LANES <= width; d += WIDE * LANES) mix_columns(s, scores, width, d, WIDE);
    for (; d < width; d += LANES) mix_columns(s, scores, width, d, 1);
}

/* The published widths as constants. */
TARGET(FEATURES) static void attend(const Span *s) {
    if (s->width == 128) attend_width(s, 128);
    else if (s->width == 64) attend_width(s, 64);
    else attend_width(s, s->width);
}

TARGET(FEATURES) static void join(const Parts *p, float *y) {
    float greatest = -FLT_MAX;
    for (int64_t part = 0; part < p->count; part++) {
        float other = p->greatest[part * p->stride];
        greatest = other > greatest ? other : greatest;
    }
    for (int64_t d = 0; d < p->width; d += LANES) {
        Sixteen mixed = all16(0.0f), sum = all16(0.0f);
        for (int64_t part = 0; part < p->count; part++) {
            int64_t at = part * p->stride;
            Sixteen share = exponential(all16(p->greatest[at] - greatest));
            sum = fma16(all16(p->sums[at]), share, sum);
            mixed = fma16(load16(p->mixed + at + d), share, mixed);
        }
        put16(y + d, div16(mixed, sum), p->width - d);
    }
}

TARGET(FEATURES) static void keep(const float *x, int64_t count, Half *y) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) to_halves(y + i, load16(x + i));
    if (i < count) {
        Half padded[LANES];
        to_halves(padded, some16(x + i, count - i));
        memcpy(y + i, padded, (size_t)(count - i) * sizeof *y);
    }
}

TARGET(FEATURES) static void norm(const float *x, const float *weight, float epsilon, int64_t width, float *y) {
    Sixteen squares = all16(0.0f);
    float lanes[LANES];
    for (int64_t i = 0; i < width; i += LANES) {
        Sixteen numbers = some16(x + i, width - i);
        squares = fma16(numbers, numbers, squares);
    }
    store16(lanes, squares);
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    }
    Sixteen scale = all16(1.0f / sqrtf(lanes[0] / (float)width + epsilon));
    for (int64_t i = 0; i < width; i += LANES) {
        Sixteen numbers = mul16(some16(x + i, width - i), scale);
        put16(y + i, mul16(numbers, some16(weight + i, width - i)), width - i);
    }
}

/* silu(gate) * up; the exponential is that of -|gate|, which cannot overflow. */
TARGET(FEATURES) static void gate(const float *gates_and_ups, int64_t width, float *y) {
    const Sixteen zero = all16(0.0f), one = all16(1.0f);
    for (int64_t i = 0; i < width; i += LANES) {
        Sixteen g = some16(gates_and_ups + i, width - i), up = some16(gates_and_ups + width + i, width - i);
        Sixteen small = exponential(sub16(zero, max16(sub16(zero, g), g)));
        Sixteen open = div16(below16(g, 0.0f, small, one), add16(one, small));
        put16(y + i, mul16(mul16(g, open), up), width - i);
    }
}
