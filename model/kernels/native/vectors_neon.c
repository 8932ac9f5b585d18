/* Sixteen lanes in four registers of Arm's 64-bit processors, all of which have these instructions. */

#include "layer.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#undef TARGET
#define TARGET(features)
#define FEATURES ""
#define AT_ONCE 4
#define WIDE 1
#define ask_for(address) __builtin_prefetch(address)

typedef struct {
    float32x4_t q[4];
} Sixteen;

#define EACH(expression)                                 \
    Sixteen y;                                           \
    UNROLL for (int i = 0; i < 4; i++) y.q[i] = expression; \
    return y;

ALWAYS_INLINE Sixteen all16(float x) { EACH(vdupq_n_f32(x)) }
ALWAYS_INLINE Sixteen load16(const float *x) { EACH(vld1q_f32(x + 4 * i)) }
ALWAYS_INLINE void store16(float *y, Sixteen a) {
    UNROLL for (int i = 0; i < 4; i++) vst1q_f32(y + 4 * i, a.q[i]);
}
ALWAYS_INLINE Sixteen from_halves(const Half *x) { EACH(vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(x + 4 * i)))) }
ALWAYS_INLINE void to_halves(Half *y, Sixteen a) {
    UNROLL for (int i = 0; i < 4; i++) vst1_u16(y + 4 * i, vreinterpret_u16_f16(vcvt_f16_f32(a.q[i])));
}
ALWAYS_INLINE Sixteen add16(Sixteen a, Sixteen b) { EACH(vaddq_f32(a.q[i], b.q[i])) }
ALWAYS_INLINE Sixteen sub16(Sixteen a, Sixteen b) { EACH(vsubq_f32(a.q[i], b.q[i])) }
ALWAYS_INLINE Sixteen mul16(Sixteen a, Sixteen b) { EACH(vmulq_f32(a.q[i], b.q[i])) }
ALWAYS_INLINE Sixteen div16(Sixteen a, Sixteen b) { EACH(vdivq_f32(a.q[i], b.q[i])) }
ALWAYS_INLINE Sixteen fma16(Sixteen a, Sixteen b, Sixteen c) { EACH(vfmaq_f32(c.q[i], a.q[i], b.q[i])) }
ALWAYS_INLINE Sixteen max16(Sixteen a, Sixteen b) { EACH(vbslq_f32(vcgtq_f32(a.q[i], b.q[i]), a.q[i], b.q[i])) }
ALWAYS_INLINE Sixteen below16(Sixteen x, float limit, Sixteen a, Sixteen b) {
    EACH(vbslq_f32(vcltq_f32(x.q[i], vdupq_n_f32(limit)), a.q[i], b.q[i]))
}
ALWAYS_INLINE Sixteen two_to16(Sixteen x) {
    EACH(vreinterpretq_f32_u32(vaddq_u32(vshlq_n_u32(vreinterpretq_u32_f32(x.q[i]), 23), vdupq_n_u32(127u << 23))))
}

ALWAYS_INLINE float32x4_t four_sums(Sixteen a) {
    return vaddq_f32(vaddq_f32(a.q[0], a.q[2]), vaddq_f32(a.q[1], a.q[3]));
}

ALWAYS_INLINE float32x4_t two_sums_each(Sixteen first, Sixteen second) {
    float32x4_t a = four_sums(first), b = four_sums(second);
    float32x4_t left = vcombine_f32(vget_low_f32(a), vget_low_f32(b));
    return vaddq_f32(left, vcombine_f32(vget_high_f32(a), vget_high_f32(b)));
}

ALWAYS_INLINE void add_up(const Sixteen *sums, float *y) {
    vst1q_f32(y, vpaddq_f32(two_sums_each(sums[0], sums[1]), two_sums_each(sums[2], sums[3])));
}

#include "sixteen.h"

static int runs_here(void) { return 1; }

const Vectors neon_vectors = {"Arm NEON", runs_here, attend, join, keep, norm, gate};

#endif
