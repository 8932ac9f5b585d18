/* Arm with matrix products (i8mm): eight columns of two outputs against two rows of activations in one instruction. A
   single row is left to the dot product, which every such processor has. */

#include "kernels.h"

#if defined(HAS_I8MM_PATH)

#include "neon.h"

#if defined(__clang__)
#define FEATURES "dotprod,i8mm"
#else
#define FEATURES "arch=armv8.2-a+dotprod+i8mm"
#endif

/* Eight columns of outputs 0 and 1, and of 2 and 3, of four outputs whose columns 0 ... 3 and 4 ... 7 lie apart. */
TARGET(FEATURES) ALWAYS_INLINE int8x16_t first_two(uint8x16_t low, uint8x16_t high) {
    return vreinterpretq_s8_u32(vzip1q_u32(vreinterpretq_u32_u8(low), vreinterpretq_u32_u8(high)));
}

TARGET(FEATURES) ALWAYS_INLINE int8x16_t last_two(uint8x16_t low, uint8x16_t high) {
    return vreinterpretq_s8_u32(vzip2q_u32(vreinterpretq_u32_u8(low), vreinterpretq_u32_u8(high)));
}

TARGET(FEATURES) ALWAYS_INLINE int8x16_t two_rows(const int8_t *codes, int64_t apart) {
    return vcombine_s8(vld1_s8(codes), vld1_s8(codes + apart));
}

/* From sums [output][row] of two outputs each: four outputs of one of the two rows. */
TARGET(FEATURES) ALWAYS_INLINE int32x4_t of_row(int32x4_t first, int32x4_t last, const int row) {
    return row == 0 ? vuzp1q_s32(first, last) : vuzp2q_s32(first, last);
}

/* Adds a group's products of eight-bit weights with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group8(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, int32x4_t sums[2][QUADS][2],
    const int pairs) {
    uint8x16_t zero = vdupq_n_u8(INT8_ZERO);
    for (int64_t k = 0; k < group; k += 8) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            uint8x16_t low = veorq_u8(vld1q_u8(values + q * 16), zero);
            uint8x16_t high = veorq_u8(vld1q_u8(values + 64 + q * 16), zero);
            UNROLL for (int p = 0; p < pairs; p++) {
                int8x16_t rows = two_rows(codes + 2 * p * 2 * columns + k, 2 * columns);
                sums[p][q][0] = vmmlaq_s32(sums[p][q][0], first_two(low, high), rows);
                sums[p][q][1] = vmmlaq_s32(sums[p][q][1], last_two(low, high), rows);
            }
        }
        values += 128;
    }
}

/* Adds a group's products with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, int32x4_t sums[2][QUADS][2],
    const int pairs, const int bits) {
    if (bits == 8) {
        add_group8(values, codes, columns, group, sums, pairs);
        return;
    }
    for (int64_t k = 0; k < group; k += 8) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            uint8x16_t both = vld1q_u8(values + q * 16);
            uint8x16_t low = vandq_u8(both, vdupq_n_u8(15)), high = vshrq_n_u8(both, 4);
            UNROLL for (int p = 0; p < pairs; p++) {
                int8x16_t rows = two_rows(codes + 2 * p * 2 * columns + k, 2 * columns);
                sums[p][q][0] = vmmlaq_s32(sums[p][q][0], first_two(low, high), rows);
                sums[p][q][1] = vmmlaq_s32(sums[p][q][1], last_two(low, high), rows);
            }
        }
        values += 64;
    }
}

/* Products whose activations have a scale a group: int4 and coarse int8. */
TARGET(FEATURES) ALWAYS_INLINE void grouped_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int pairs, const int bits) {
    int64_t groups = groups_of(w), columns = w->columns;
    const uint8_t *values = w->values + block * columns * (BLOCK * bits / 8);
    const int8_t *codes = a.codes + first * 2 * columns;
    float32x4_t y[4][QUADS];
    UNROLL for (int r = 0; r < 2 * pairs; r++) UNROLL for (int q = 0; q < QUADS; q++) y[r][q] = vdupq_n_f32(0.0f);
    for (int64_t g = 0; g < groups; g++) {
        int32x4_t sums[2][QUADS][2];
        int wide = 0;
        UNROLL for (int r = 0; r < 2 * pairs; r++) wide |= a.wide[(first + r) * groups + g];
        UNROLL for (int p = 0; p < pairs; p++) {
            UNROLL for (int q = 0; q < QUADS; q++) sums[p][q][0] = sums[p][q][1] = vdupq_n_s32(0);
        }
        add_group(values, codes + g * w->group, columns, w->group, sums, pairs, bits);
        UNROLL for (int p = 0; p < pairs; p++) {
            UNROLL for (int q = 0; q < QUADS; q++) {
                sums[p][q][0] = vshlq_n_s32(sums[p][q][0], DIGIT_BITS);
                sums[p][q][1] = vshlq_n_s32(sums[p][q][1], DIGIT_BITS);
            }
        }
        if (wide) add_group(values, codes + columns + g * w->group, columns, w->group, sums, pairs, bits);
        values += w->group * (BLOCK * bits / 8);
        UNROLL for (int r = 0; r < 2 * pairs; r++) {
            UNROLL for (int q = 0; q < QUADS; q++) {
                int32x4_t sum = of_row(sums[r / 2][q][0], sums[r / 2][q][1], r % 2);
                y[r][q] = scaled(w, a, block, first + r, g, q, sum, y[r][q], bits);
            }
        }
    }
    UNROLL for (int r = 0; r < 2 * pairs; r++) {
        UNROLL for (int q = 0; q < QUADS; q++) put_grouped(w, block, first + r, q, y[r][q], result, bits);
    }
}

TARGET(FEATURES) static void int8_two_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result) {
    int64_t columns = w->columns;
    const uint8_t *values = w->values + block * columns * BLOCK;
    const int8_t *codes = a.codes + first * 2 * columns;
    int32x4_t sums[2][QUADS][2];
    UNROLL for (int q = 0; q < QUADS; q++) {
        sums[0][q][0] = sums[0][q][1] = sums[1][q][0] = sums[1][q][1] = vdupq_n_s32(0);
    }
    for (int64_t k = 0; k < columns; k += 8) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            uint8x16_t zero = vdupq_n_u8(INT8_ZERO);
            uint8x16_t low = veorq_u8(vld1q_u8(values + q * 16), zero);
            uint8x16_t high = veorq_u8(vld1q_u8(values + 64 + q * 16), zero);
            UNROLL for (int digit = 0; digit < 2; digit++) {
                int8x16_t rows = two_rows(codes + digit * columns + k, 2 * columns);
                sums[digit][q][0] = vmmlaq_s32(sums[digit][q][0], first_two(low, high), rows);
                sums[digit][q][1] = vmmlaq_s32(sums[digit][q][1], last_two(low, high), rows);
            }
        }
        values += 128;
    }
    UNROLL for (int r = 0; r < 2; r++) {
        UNROLL for (int q = 0; q < QUADS; q++) {
            int32x4_t high = of_row(sums[0][q][0], sums[0][q][1], r), low = of_row(sums[1][q][0], sums[1][q][1], r);
            put8(w, a, block, first + r, q, high, low, result);
        }
    }
}

TARGET(FEATURES) static void int4(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    for (; rows >= 4; rows -= 4, row += 4) grouped_rows(w, a, block, row, result, 2, 4);
    for (; rows >= 2; rows -= 2, row += 2) grouped_rows(w, a, block, row, result, 1, 4);
    if (rows == 1) dotprod_path.tile[INT4_PRODUCT](w, a, block, row, 1, result);
}

TARGET(FEATURES) static void coarse_int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    for (; rows >= 4; rows -= 4, row += 4) grouped_rows(w, a, block, row, result, 2, 8);
    for (; rows >= 2; rows -= 2, row += 2) grouped_rows(w, a, block, row, result, 1, 8);
    if (rows == 1) dotprod_path.tile[COARSE_INT8_PRODUCT](w, a, block, row, 1, result);
}

TARGET(FEATURES) static void int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    for (; rows >= 2; rows -= 2, row += 2) int8_two_rows(w, a, block, row, result);
    if (rows == 1) dotprod_path.tile[INT8_PRODUCT](w, a, block, row, 1, result);
}

static int runs_here(void) { return has_features(DOT_PRODUCT | MATRIX_PRODUCT); }

const Path i8mm_path = {"Arm matrix product", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8}, {0}};

#endif
