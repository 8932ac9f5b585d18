/* Arm with dot products of four bytes (Armv8.2 and later): a lane is an output. */

#include "kernels.h"

#if defined(HAS_DOTPROD_PATH)

#include "neon.h"

#if defined(__clang__)
#define FEATURES "dotprod"
#else
#define FEATURES "arch=armv8.2-a+dotprod"
#endif

/* Adds a group's products of eight-bit weights with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group8(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, int32x4_t sums[4][QUADS],
    const int rows) {
    for (int64_t k = 0; k < group; k += 8) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            int8x16_t one = eight_bits(values + q * 16), two = eight_bits(values + 64 + q * 16);
            UNROLL for (int r = 0; r < rows; r++) {
                int8x8_t eight = vld1_s8(codes + r * 2 * columns + k);
                sums[r][q] = vdotq_lane_s32(sums[r][q], one, eight, 0);
                sums[r][q] = vdotq_lane_s32(sums[r][q], two, eight, 1);
            }
        }
        values += 128;
    }
}

/* Adds a group's products with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, int32x4_t sums[4][QUADS],
    const int rows, const int bits) {
    if (bits == 8) {
        add_group8(values, codes, columns, group, sums, rows);
        return;
    }
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

/* Products whose activations have a scale a group: int4 and coarse int8. */
TARGET(FEATURES) ALWAYS_INLINE void grouped_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows, const int bits) {
    int64_t groups = groups_of(w), columns = w->columns;
    const uint8_t *values = w->values + block * columns * (BLOCK * bits / 8);
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
        add_group(values, codes + g * w->group, columns, w->group, sums, rows, bits);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int q = 0; q < QUADS; q++) sums[r][q] = vshlq_n_s32(sums[r][q], DIGIT_BITS);
        }
        if (wide) add_group(values, codes + columns + g * w->group, columns, w->group, sums, rows, bits);
        values += w->group * (BLOCK * bits / 8);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int q = 0; q < QUADS; q++) {
                y[r][q] = scaled(w, a, block, first + r, g, q, sums[r][q], y[r][q], bits);
            }
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int q = 0; q < QUADS; q++) put_grouped(w, block, first + r, q, y[r][q], result, bits);
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
            int8x16_t one = eight_bits(values + q * 16), two = eight_bits(values + 64 + q * 16);
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

TARGET(FEATURES) ALWAYS_INLINE void grouped(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result, const int bits) {
    for (; rows >= 4; rows -= 4, row += 4) grouped_rows(w, a, block, row, result, 4, bits);
    if (rows == 3) grouped_rows(w, a, block, row, result, 3, bits);
    if (rows == 2) grouped_rows(w, a, block, row, result, 2, bits);
    if (rows == 1) grouped_rows(w, a, block, row, result, 1, bits);
}

TARGET(FEATURES) static void int4(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    grouped(w, a, block, row, rows, result, 4);
}

TARGET(FEATURES) static void coarse_int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    grouped(w, a, block, row, rows, result, 8);
}

TARGET(FEATURES) static void int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    for (; rows >= 2; rows -= 2, row += 2) int8_rows(w, a, block, row, result, 2);
    if (rows == 1) int8_rows(w, a, block, row, result, 1);
}

static int runs_here(void) { return has_features(DOT_PRODUCT); }

const Path dotprod_path = {"Arm dot product", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8}, {0}};

#endif
