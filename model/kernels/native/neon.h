/* What the Arm paths share: packing of activations, and the end of a product. A register holds four columns of four
   outputs, a block is four registers. */

#ifndef SIGHTLINE_NEON_H
#define SIGHTLINE_NEON_H

#include <arm_neon.h>
#include <string.h>

#include "kernels.h"
#include "processor.h"
#include "scale.h"

enum { QUADS = BLOCK / 4 };

/* Four numbers from column k on; zeros behind the last. */
ALWAYS_INLINE float32x4_t four(const Weight *w, const float *x, int64_t k) {
    int64_t left = w->width - k;
    if (left >= 4) return vld1q_f32(x + k);
    float padded[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    if (left > 0) memcpy(padded, x + k, (size_t)left * sizeof(float));
    return vld1q_f32(padded);
}

ALWAYS_INLINE uint32_t largest_bits(const Weight *w, const float *x, int64_t start, int64_t end) {
    uint32x4_t largest = vdupq_n_u32(0), magnitude = vdupq_n_u32(0x7fffffffu);
    for (int64_t k = start; k < end; k += 4) {
        largest = vmaxq_u32(largest, vandq_u32(vreinterpretq_u32_f32(four(w, x, k)), magnitude));
    }
    return vmaxvq_u32(largest);
}

ALWAYS_INLINE int32x4_t rounded(const Weight *w, const float *x, int64_t k, float inverse) {
    if (inverse == 0.0f) return vdupq_n_s32(0);
    return vcvtnq_s32_f32(vmulq_n_f32(four(w, x, k), inverse));
}

/* 16 numbers of at most eight bits. */
ALWAYS_INLINE void put_codes(int8_t *codes, const int32x4_t numbers[4]) {
    int16x8_t first = vcombine_s16(vmovn_s32(numbers[0]), vmovn_s32(numbers[1]));
    int16x8_t second = vcombine_s16(vmovn_s32(numbers[2]), vmovn_s32(numbers[3]));
    vst1q_s8(codes, vcombine_s8(vmovn_s16(first), vmovn_s16(second)));
}

/* 16 whole numbers from column k on as digits, whose sums are kept apart. */
ALWAYS_INLINE void put_digits(
    const Weight *w, const float *x, int64_t k, float inverse, int8_t *high_codes, int8_t *low_codes, int32x4_t sums[2]) {
    int32x4_t highs[4], lows[4];
    UNROLL for (int i = 0; i < 4; i++) {
        int32x4_t number = rounded(w, x, k + i * 4, inverse);
        highs[i] = vshrq_n_s32(vaddq_s32(number, vdupq_n_s32(DIGIT / 2)), DIGIT_BITS);
        lows[i] = vsubq_s32(number, vshlq_n_s32(highs[i], DIGIT_BITS));
        sums[0] = vaddq_s32(sums[0], highs[i]);
        sums[1] = vaddq_s32(sums[1], lows[i]);
    }
    put_codes(high_codes + k, highs);
    put_codes(low_codes + k, lows);
}

static void pack_groups(const Weight *w, const float *x, Activations a, int64_t row) {
    int64_t groups = groups_of(w);
    int8_t *high = a.codes + row * 2 * w->columns, *low = high + w->columns;
    for (int64_t g = 0; g < groups; g++) {
        int64_t start = g * w->group, end = start + w->group;
        const int32x4_t zero = vdupq_n_s32(0);
        int32x4_t squares = zero, sums[2] = {zero, zero}, numbers[4];
        float inverse;
        a.scales[row * groups + g] = scale_for(largest_bits(w, x, start, end), FIFTEEN_BITS, &inverse);
        for (int64_t k = start; k < end; k += 16) {
            UNROLL for (int i = 0; i < 4; i++) {
                numbers[i] = rounded(w, x, k + i * 4, inverse / DIGIT);
                sums[0] = vaddq_s32(sums[0], numbers[i]);
                squares = vmlaq_s32(squares, numbers[i], numbers[i]);
            }
            put_codes(high + k, numbers);
            vst1q_s8(low + k, vdupq_n_s8(0));
        }
        int32_t power = vaddvq_s32(squares);
        a.wide[row * groups + g] = power > 0 && has_outlier(power, w->group);
        if (a.wide[row * groups + g]) {
            sums[0] = sums[1] = zero;
            for (int64_t k = start; k < end; k += 16) put_digits(w, x, k, inverse, high, low, sums);
        }
        a.sums[row * groups + g] = vaddvq_s32(sums[0]) * DIGIT + vaddvq_s32(sums[1]);
    }
}

static void pack_row(const Weight *w, const float *x, Activations a, int64_t row) {
    int8_t *high_codes = a.codes + row * 2 * w->columns, *low_codes = high_codes + w->columns;
    int32x4_t sums[2] = {vdupq_n_s32(0), vdupq_n_s32(0)};
    float inverse;
    a.scales[row] = scale_for(largest_bits(w, x, 0, w->columns), FIFTEEN_BITS, &inverse);
    for (int64_t k = 0; k < w->columns; k += 16) put_digits(w, x, k, inverse, high_codes, low_codes, sums);
    a.sums[row * 2] = vaddvq_s32(sums[0]);
    a.sums[row * 2 + 1] = vaddvq_s32(sums[1]);
}

/* Four outputs of one row. */
ALWAYS_INLINE void put(const Weight *w, int64_t block, int64_t row, int quad, float32x4_t y, Result result) {
    int64_t output = block * BLOCK + quad * 4, left = w->outputs - output;
    float *place = result.y + row * w->outputs + output;
    if (left >= 4) {
        vst1q_f32(place, result.bias ? vaddq_f32(y, vld1q_f32(result.bias + output)) : y);
        return;
    }
    float padded[4];
    vst1q_f32(padded, y);
    for (int64_t r = 0; r < left; r++) place[r] = result.bias ? padded[r] + result.bias[output + r] : padded[r];
}

/* Four columns of four outputs, eight bits each. */
ALWAYS_INLINE int8x16_t eight_bits(const uint8_t *values) {
    return vreinterpretq_s8_u8(veorq_u8(vld1q_u8(values), vdupq_n_u8(INT8_ZERO)));
}

/* A group's integer sums of one row and four outputs, brought to zero, scaled and added to y. */
ALWAYS_INLINE float32x4_t scaled(
    const Weight *w, Activations a, int64_t block, int64_t row, int64_t g, int quad, int32x4_t sum, float32x4_t y,
    const int bits) {
    int64_t groups = groups_of(w);
    if (bits == 8) return vfmaq_n_f32(y, vcvtq_f32_s32(sum), a.scales[row * groups + g]);
    const uint16_t *scales = (const uint16_t *)w->scales + (block * groups + g) * BLOCK + quad * 4;
    float32x4_t scale = vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(scales), 16));
    int32x4_t exact = vsubq_s32(sum, vdupq_n_s32(INT4_ZERO * a.sums[row * groups + g]));
    return vfmaq_f32(y, vcvtq_f32_s32(exact), vmulq_n_f32(scale, a.scales[row * groups + g]));
}

/* Four outputs of one row whose groups were scaled: eight-bit weights have a scale for the whole of it. */
ALWAYS_INLINE void put_grouped(
    const Weight *w, int64_t block, int64_t row, int quad, float32x4_t y, Result result, const int bits) {
    if (bits == 8) y = vmulq_f32(y, vld1q_f32((const float *)w->scales + block * BLOCK + quad * 4));
    put(w, block, row, quad, y, result);
}

ALWAYS_INLINE void put8(
    const Weight *w, Activations a, int64_t block, int64_t row, int quad, int32x4_t high, int32x4_t low, Result result) {
    float32x4_t scale = vld1q_f32((const float *)w->scales + block * BLOCK + quad * 4);
    float32x4_t sum = vfmaq_n_f32(vcvtq_f32_s32(low), vcvtq_f32_s32(high), DIGIT);
    put(w, block, row, quad, vmulq_f32(sum, vmulq_n_f32(scale, a.scales[row])), result);
}

#endif
