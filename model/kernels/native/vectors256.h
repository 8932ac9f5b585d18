/* The products in registers of 256 bits, half a block of 16 outputs each. Included by each instruction set that has
   them, which defines FEATURES and

   DOT4(part, weights, codes)   adds products of weights 0 ... 15 to the sum of up to eight such
   WITH4(sum, part)             adds that to a sum of 32 bits
   DOT8(sum, weights, codes)    adds products of weights 0 ... 255 as stored, each OFFSET8 too much */

#include <immintrin.h>
#include <string.h>

#include "processor.h"
#include "scale.h"

#define AHEAD 2048 /* bytes that are asked for before they are needed */

TARGET(FEATURES) ALWAYS_INLINE __m256i four_codes(const int8_t *codes) {
    int32_t word;
    memcpy(&word, codes, sizeof word);
    return _mm256_set1_epi32(word);
}

/* All ones in the lanes of a half (0, 1) that hold outputs of the weight. */
TARGET(FEATURES) ALWAYS_INLINE __m256i lanes(const Weight *w, int64_t block, int half) {
    const __m256i number = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(outputs_in(w, block) - half * 8), number);
}

TARGET(FEATURES) ALWAYS_INLINE void put(
    const Weight *w, int64_t block, int64_t row, int half, __m256 y, Result result) {
    __m256i there = lanes(w, block, half);
    int64_t output = block * BLOCK + half * 8;
    if (result.bias) y = _mm256_add_ps(y, _mm256_maskload_ps(result.bias + output, there));
    _mm256_maskstore_ps(result.y + row * w->outputs + output, there, y);
}

/* Adds a group's products of eight-bit weights with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group8(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, __m256i sums[4][2], const int rows) {
    for (int64_t k = 0; k < group; k += 4) {
        UNROLL for (int half = 0; half < 2; half++) {
            __m256i weights = _mm256_loadu_si256((const __m256i *)(values + half * 32));
            UNROLL for (int r = 0; r < rows; r++) {
                sums[r][half] = DOT8(sums[r][half], weights, four_codes(codes + r * 2 * columns + k));
            }
        }
        values += 64;
    }
}

/* Adds a group's products with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, __m256i sums[4][2], const int rows,
    const int bits) {
    if (bits == 8) {
        add_group8(values, codes, columns, group, sums, rows);
        return;
    }
    const __m256i low_half = _mm256_set1_epi8(15);
    for (int64_t k = 0; k < group; k += 32) {
        __m256i parts[4][2];
        UNROLL for (int r = 0; r < rows; r++) parts[r][0] = parts[r][1] = _mm256_setzero_si256();
        ROLLED for (int i = 0; i < 4; i++) { /* unrolled, it would keep all codes in registers that it has not */
            __m256i low[2], high[2];
            UNROLL for (int half = 0; half < 2; half++) {
                __m256i pairs = _mm256_loadu_si256((const __m256i *)(values + half * 32));
                low[half] = _mm256_and_si256(pairs, low_half);
                high[half] = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low_half);
            }
            _mm_prefetch((const char *)values + AHEAD, _MM_HINT_T0);
            UNROLL for (int r = 0; r < rows; r++) {
                const int8_t *eight = codes + r * 2 * columns + k + i * 8;
                __m256i first = four_codes(eight), second = four_codes(eight + 4);
                UNROLL for (int half = 0; half < 2; half++) parts[r][half] = DOT4(parts[r][half], low[half], first);
                UNROLL for (int half = 0; half < 2; half++) parts[r][half] = DOT4(parts[r][half], high[half], second);
            }
            values += 64;
        }
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int half = 0; half < 2; half++) sums[r][half] = WITH4(sums[r][half], parts[r][half]);
        }
    }
}

/* Scales of eight outputs: those of the group (int4) or of the whole row (int8). */
TARGET(FEATURES) ALWAYS_INLINE __m256 weight_scales(const Weight *w, int64_t place, int half, const int bits) {
    if (bits == 8) return _mm256_loadu_ps((const float *)w->scales + place * BLOCK + half * 8);
    __m128i stored = _mm_loadu_si128((const __m128i *)((const uint16_t *)w->scales + place * BLOCK + half * 8));
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(stored), 16));
}

/* Products whose activations have a scale a group: int4 and coarse int8. */
TARGET(FEATURES) ALWAYS_INLINE void grouped_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows, const int bits) {
    int64_t groups = groups_of(w), columns = w->columns;
    const uint8_t *values = w->values + block * columns * (BLOCK * bits / 8);
    const int32_t zero = bits == 4 ? INT4_ZERO : OFFSET8;
    const int8_t *codes = a.codes + first * 2 * columns;
    __m256 y[4][2];
    UNROLL for (int r = 0; r < rows; r++) y[r][0] = y[r][1] = _mm256_setzero_ps();
    for (int64_t g = 0; g < groups; g++) {
        __m256i sums[4][2];
        int wide = 0;
        UNROLL for (int r = 0; r < rows; r++) {
            sums[r][0] = sums[r][1] = _mm256_setzero_si256();
            wide |= a.wide[(first + r) * groups + g];
        }
        add_group(values, codes + g * w->group, columns, w->group, sums, rows, bits);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int half = 0; half < 2; half++) sums[r][half] = _mm256_slli_epi32(sums[r][half], DIGIT_BITS);
        }
        if (wide) add_group(values, codes + columns + g * w->group, columns, w->group, sums, rows, bits);
        values += w->group * (BLOCK * bits / 8);
        UNROLL for (int half = 0; half < 2; half++) {
            UNROLL for (int r = 0; r < rows; r++) {
                __m256 scale = _mm256_set1_ps(a.scales[(first + r) * groups + g]);
                if (bits == 4) scale = _mm256_mul_ps(scale, weight_scales(w, block * groups + g, half, bits));
                __m256i offset = _mm256_set1_epi32(-zero * a.sums[(first + r) * groups + g]);
                __m256 sum = _mm256_cvtepi32_ps(_mm256_add_epi32(sums[r][half], offset));
                y[r][half] = _mm256_fmadd_ps(sum, scale, y[r][half]);
            }
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int half = 0; half < 2; half++) {
            if (bits == 8) y[r][half] = _mm256_mul_ps(y[r][half], weight_scales(w, block, half, bits));
            put(w, block, first + r, half, y[r][half], result);
        }
    }
}

TARGET(FEATURES) ALWAYS_INLINE void int8_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows) {
    int64_t columns = w->columns;
    const uint8_t *values = w->values + block * columns * BLOCK;
    const int8_t *codes = a.codes + first * 2 * columns;
    __m256i sums[2][2][2];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int digit = 0; digit < 2; digit++) {
            uint32_t offset = (uint32_t)a.sums[(first + r) * 2 + digit] * (uint32_t)-OFFSET8;
            sums[r][digit][0] = sums[r][digit][1] = _mm256_set1_epi32((int32_t)offset);
        }
    }
    for (int64_t k = 0; k < columns; k += 4) {
        UNROLL for (int half = 0; half < 2; half++) {
            __m256i weights = _mm256_loadu_si256((const __m256i *)(values + half * 32));
            UNROLL for (int r = 0; r < rows; r++) {
                UNROLL for (int digit = 0; digit < 2; digit++) {
                    __m256i *sum = &sums[r][digit][half];
                    *sum = DOT8(*sum, weights, four_codes(codes + (r * 2 + digit) * columns + k));
                }
            }
        }
        _mm_prefetch((const char *)values + AHEAD, _MM_HINT_T0);
        values += 64;
    }
    UNROLL for (int half = 0; half < 2; half++) {
        __m256 scale = _mm256_loadu_ps((const float *)w->scales + block * BLOCK + half * 8);
        UNROLL for (int r = 0; r < rows; r++) {
            __m256 high = _mm256_cvtepi32_ps(sums[r][0][half]), low = _mm256_cvtepi32_ps(sums[r][1][half]);
            __m256 both = _mm256_mul_ps(_mm256_set1_ps(a.scales[first + r]), scale);
            __m256 y = _mm256_mul_ps(_mm256_fmadd_ps(high, _mm256_set1_ps(DIGIT), low), both);
            put(w, block, first + r, half, y, result);
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

TARGET(FEATURES) ALWAYS_INLINE int32_t total(__m256i x) {
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

TARGET(FEATURES) ALWAYS_INLINE int32_t largest_in(__m256i x) {
    __m128i four = _mm_max_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
    four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_max_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

/* Eight numbers from column k on; zeros behind the last. */
TARGET(FEATURES) ALWAYS_INLINE __m256 eight(const Weight *w, const float *x, int64_t k) {
    int64_t left = w->width - k;
    if (left >= 8) return _mm256_loadu_ps(x + k);
    if (left <= 0) return _mm256_setzero_ps();
    const __m256i number = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_ps(x + k, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)left), number));
}

TARGET(FEATURES) ALWAYS_INLINE uint32_t largest_bits(const Weight *w, const float *x, int64_t start, int64_t end) {
    const __m256i magnitude = _mm256_set1_epi32(0x7fffffff);
    __m256i largest = _mm256_setzero_si256();
    for (int64_t k = start; k < end; k += 8) {
        __m256i bits = _mm256_and_si256(_mm256_castps_si256(eight(w, x, k)), magnitude);
        largest = _mm256_max_epi32(largest, bits);
    }
    return (uint32_t)largest_in(largest);
}

TARGET(FEATURES) ALWAYS_INLINE __m256i rounded(const Weight *w, const float *x, int64_t k, float inverse) {
    if (inverse == 0.0f) return _mm256_setzero_si256();
    return _mm256_cvtps_epi32(_mm256_mul_ps(eight(w, x, k), _mm256_set1_ps(inverse)));
}

/* 32 numbers of at most eight bits, in their order. */
TARGET(FEATURES) ALWAYS_INLINE void put_codes(int8_t *codes, const __m256i numbers[4]) {
    __m256i first = _mm256_packs_epi32(numbers[0], numbers[1]), second = _mm256_packs_epi32(numbers[2], numbers[3]);
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    __m256i bytes = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(first, second), order);
    _mm256_storeu_si256((__m256i *)codes, bytes);
}

/* 32 whole numbers from column k on as digits, whose sums are kept apart. */
TARGET(FEATURES) ALWAYS_INLINE void put_digits(
    const Weight *w, const float *x, int64_t k, float inverse, int8_t *high_codes, int8_t *low_codes, __m256i sums[2]) {
    __m256i highs[4], lows[4];
    UNROLL for (int i = 0; i < 4; i++) {
        __m256i number = rounded(w, x, k + i * 8, inverse);
        highs[i] = _mm256_srai_epi32(_mm256_add_epi32(number, _mm256_set1_epi32(DIGIT / 2)), DIGIT_BITS);
        lows[i] = _mm256_sub_epi32(number, _mm256_slli_epi32(highs[i], DIGIT_BITS));
        sums[0] = _mm256_add_epi32(sums[0], highs[i]);
        sums[1] = _mm256_add_epi32(sums[1], lows[i]);
    }
    put_codes(high_codes + k, highs);
    put_codes(low_codes + k, lows);
}

TARGET(FEATURES) static void pack_groups(const Weight *w, const float *x, Activations a, int64_t row) {
    int64_t groups = groups_of(w);
    int8_t *high = a.codes + row * 2 * w->columns, *low = high + w->columns;
    for (int64_t g = 0; g < groups; g++) {
        int64_t start = g * w->group, end = start + w->group;
        const __m256i zero = _mm256_setzero_si256();
        __m256i squares = zero, sums[2] = {zero, zero}, numbers[4];
        float inverse;
        a.scales[row * groups + g] = scale_for(largest_bits(w, x, start, end), FIFTEEN_BITS, &inverse);
        for (int64_t k = start; k < end; k += 32) {
            UNROLL for (int i = 0; i < 4; i++) {
                numbers[i] = rounded(w, x, k + i * 8, inverse / DIGIT);
                sums[0] = _mm256_add_epi32(sums[0], numbers[i]);
                squares = _mm256_add_epi32(squares, _mm256_mullo_epi32(numbers[i], numbers[i]));
            }
            put_codes(high + k, numbers);
            _mm256_storeu_si256((__m256i *)(low + k), zero);
        }
        int32_t power = total(squares);
        a.wide[row * groups + g] = power > 0 && has_outlier(power, w->group);
        if (a.wide[row * groups + g]) {
            sums[0] = sums[1] = zero;
            for (int64_t k = start; k < end; k += 32) put_digits(w, x, k, inverse, high, low, sums);
        }
        a.sums[row * groups + g] = total(sums[0]) * DIGIT + total(sums[1]);
    }
}

TARGET(FEATURES) static void pack_row(const Weight *w, const float *x, Activations a, int64_t row) {
    int8_t *high_codes = a.codes + row * 2 * w->columns, *low_codes = high_codes + w->columns;
    __m256i sums[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    float inverse;
    a.scales[row] = scale_for(largest_bits(w, x, 0, w->columns), FIFTEEN_BITS, &inverse);
    for (int64_t k = 0; k < w->columns; k += 32) put_digits(w, x, k, inverse, high_codes, low_codes, sums);
    a.sums[row * 2] = total(sums[0]);
    a.sums[row * 2 + 1] = total(sums[1]);
}
