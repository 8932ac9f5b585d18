/* The definition of all that is no product: sixteen lanes in plain C. Slow; the others must give its bits. */

#include "layer.h"

#include <math.h>
#include <string.h>

#undef TARGET
#undef ALWAYS_INLINE
#define ALWAYS_INLINE static inline /* or sanitizers take minutes to compile it */
#define TARGET(features)
#define FEATURES ""
#define AT_ONCE 1
#define WIDE 1
#define ask_for(address) (void)(address)

typedef struct {
    float lane[LANES];
} Sixteen;

#define EACH(expression)                                         \
    Sixteen y;                                                   \
    for (int i = 0; i < LANES; i++) y.lane[i] = expression;      \
    return y;

static float from_half(Half half) {
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, rest = half & 0x7fffu, bits;
    float number = (float)rest * 5.9604644775390625e-8f; /* 2^-24: of numbers too small for a leading one */
    memcpy(&bits, &number, sizeof bits);
    if (rest >= 0x7c00u) bits = 0x7f800000u | (rest & 0x3ffu) << 13;
    else if (rest >= 0x400u) bits = (rest << 13) + (112u << 23);
    bits |= sign;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* To the nearest, ties to even. */
static Half to_half(float number) {
    uint32_t bits, sign;
    memcpy(&bits, &number, sizeof bits);
    sign = bits >> 16 & 0x8000u;
    bits &= 0x7fffffffu;
    if (bits > 0x7f800000u) return (Half)(sign | 0x7e00u);
    if (bits >= 0x477ff000u) return (Half)(sign | 0x7c00u);
    if (bits < 0x38800000u) return (Half)(sign | (uint32_t)lrintf(fabsf(number) * 16777216.0f));
    bits += 0xfffu + (bits >> 13 & 1u);
    return (Half)(sign | (bits - (112u << 23)) >> 13);
}

static float two_to(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits << 23) + (127u << 23);
    memcpy(&x, &bits, sizeof x);
    return x;
}

ALWAYS_INLINE Sixteen all16(float x) { EACH(x) }
ALWAYS_INLINE Sixteen load16(const float *x) { EACH(x[i]) }
ALWAYS_INLINE void store16(float *y, Sixteen a) { memcpy(y, a.lane, sizeof a.lane); }
ALWAYS_INLINE Sixteen from_halves(const Half *x) { EACH(from_half(x[i])) }
ALWAYS_INLINE void to_halves(Half *y, Sixteen a) {
    for (int i = 0; i < LANES; i++) y[i] = to_half(a.lane[i]);
}
ALWAYS_INLINE Sixteen add16(Sixteen a, Sixteen b) { EACH(a.lane[i] + b.lane[i]) }
ALWAYS_INLINE Sixteen sub16(Sixteen a, Sixteen b) { EACH(a.lane[i] - b.lane[i]) }
ALWAYS_INLINE Sixteen mul16(Sixteen a, Sixteen b) { EACH(a.lane[i] * b.lane[i]) }
ALWAYS_INLINE Sixteen div16(Sixteen a, Sixteen b) { EACH(a.lane[i] / b.lane[i]) }
ALWAYS_INLINE Sixteen fma16(Sixteen a, Sixteen b, Sixteen c) { EACH(fmaf(a.lane[i], b.lane[i], c.lane[i])) }
ALWAYS_INLINE Sixteen max16(Sixteen a, Sixteen b) { EACH(a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]) }
ALWAYS_INLINE Sixteen below16(Sixteen x, float limit, Sixteen a, Sixteen b) {
    EACH(x.lane[i] < limit ? a.lane[i] : b.lane[i])
}
ALWAYS_INLINE Sixteen two_to16(Sixteen x) { EACH(two_to(x.lane[i])) }

ALWAYS_INLINE void add_up(const Sixteen *sums, float *y) {
    Sixteen sum = *sums;
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) sum.lane[i] += sum.lane[i + half];
    }
    *y = sum.lane[0];
}

#include "sixteen.h"

static int runs_here(void) { return 1; }

const Vectors portable_vectors = {"portable", runs_here, attend, join, keep, norm, gate};
