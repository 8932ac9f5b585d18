/* Arm with dot products of four bytes (Armv8.2 and later): a lane is an output. */

#include "kernels.h"

#if defined(HAS_DOTPROD_PATH)

#include "neon.h"

#if defined(__clang__)
#define FEATURES "dotprod"
#else
#define FEATURES "arch=armv8.2-a+dotprod"
#endif

/* Adds a group's products with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, int32x4_t sums[4][QUADS],
    const int rows) {
    for (int64_t k = 0; k < group; k += 8) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            uint8x16_t pairs = vld1q_u8(values + q * 16);
            int8x16_t low = vreinterpretq_s8_u8(vandq_u8(pairs, vdupq_n_u8(15)));
            int8x16_t high = vreinterpretq_s8_u8(vshrq_n_u8(pairs, 4));
            UNROLL for (int r = 0; r < rows; r++) {
                int8x8_t eight = vld1_s8(codes + r * 2 * columns + k);
                sums[r][q] = vdotq_lane_s32(sums[r][q], low, eight, 0);
                sums[r][q] = vdotq_lane_s32(sums[r][q], high, eight, 1);
            }
        }
        values += 64;
    }
}

TARGET(FEATURES) ALWAYS_INLINE void int4_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows) {
    int64_t groups = groups_of(w), columns = w->columns;
    const uint8_t *values = w->values + block * columns * (BLOCK / 2);
    const int8_t *codes = a.codes + first * 2 * columns;
    float32x4_t y[4][QUADS];
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int q = 0; q < QUADS; q++) y[r][q] = vdupq_n_f32(0.0f);
    for (int64_t g = 0; g < groups; g++) {
        int32x4_t sums[4][QUADS];
        int wide = 0;
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int q = 0; q < QUADS; q++) sums[r][q] = vdupq_n_s32(0);
            wide |= a.wide[(first + r) * groups + g];
        }
        add_group(values, codes + g * w->group, columns, w->group, sums, rows);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int q = 0; q < QUADS; q++) sums[r][q] = vshlq_n_s32(sums[r][q], DIGIT_BITS);
        }
        if (wide) add_group(values, codes + columns + g * w->group, columns, w->group, sums, rows);
        values += w->group * (BLOCK / 2);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int q = 0; q < QUADS; q++) {
                y[r][q] = scaled4(w, a, block, first + r, g, q, sums[r][q], y[r][q]);
            }
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int q = 0; q < QUADS; q++) put(w, block, first + r, q, y[r][q], result);
    }
}

TARGET(FEATURES) ALWAYS_INLINE void int8_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows) {
    int64_t columns = w->columns;
    const uint8_t *values = w->values + block * columns * BLOCK;
    const int8_t *codes = a.codes + first * 2 * columns;
    int32x4_t sums[2][2][QUADS];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int q = 0; q < QUADS; q++) sums[r][0][q] = sums[r][1][q] = vdupq_n_s32(0);
    }
    for (int64_t k = 0; k < columns; k += 8) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            uint8x16_t zero = vdupq_n_u8(INT8_ZERO);
            int8x16_t one = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(values + q * 16), zero));
            int8x16_t two = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(values + 64 + q * 16), zero));
            UNROLL for (int r = 0; r < rows; r++) {
                UNROLL for (int digit = 0; digit < 2; digit++) {
                    int8x8_t eight = vld1_s8(codes + (r * 2 + digit) * columns + k);
                    sums[r][digit][q] = vdotq_lane_s32(sums[r][digit][q], one, eight, 0);
                    sums[r][digit][q] = vdotq_lane_s32(sums[r][digit][q], two, eight, 1);
                }
            }
        }
        values += 128;
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            put8(w, a, block, first + r, q, sums[r][0][q], sums[r][1][q], result);
        }
    }
}

TARGET(FEATURES) static void int4(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    for (; rows >= 4; rows -= 4, row += 4) int4_rows(w, a, block, row, result, 4);
    if (rows == 3) int4_rows(w, a, block, row, result, 3);
    if (rows == 2) int4_rows(w, a, block, row, result, 2);
    if (rows == 1) int4_rows(w, a, block, row, result, 1);
}

TARGET(FEATURES) static void int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    for (; rows >= 2; rows -= 2, row += 2) int8_rows(w, a, block, row, result, 2);
    if (rows == 1) int8_rows(w, a, block, row, result, 1);
}

static int runs_here(void) { return has_features(DOT_PRODUCT); }

const Path dotprod_path = {"Arm dot product", runs_here, pack4, pack8, int4, int8};

#endif
