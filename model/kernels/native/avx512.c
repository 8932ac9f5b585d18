/* AVX-512 with VNNI: a register holds four columns of a whole block of 16 outputs. */

#include "kernels.h"

#if defined(HAS_X86_PATHS)

#include <immintrin.h>
#include <string.h>

#include "processor.h"
#include "scale.h"

#define FEATURES "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"
#define AHEAD 2048 /* bytes that are asked for before they are needed */

TARGET(FEATURES) ALWAYS_INLINE __m512i four_codes(const int8_t *codes) {
    int32_t word;
    memcpy(&word, codes, sizeof word);
    return _mm512_set1_epi32(word);
}

/* `rows`, `blocks`, `chains` and `bits` are constants wherever what follows is called: `blocks` neighbouring blocks of
   outputs share each activation that is read; several sums (chains) of one row let products follow each other without
   waiting. */

/* Adds the products of some columns of eight-bit weights with rows of codes that lie `apart` from each other. */
TARGET(FEATURES) ALWAYS_INLINE void add_columns8(
    const uint8_t *values, const int8_t *codes, int64_t apart, int64_t columns, int64_t count, __m512i sums[][2][4],
    const int rows, const int blocks, const int chains) {
    for (int64_t k = 0; k < count; k += 8) {
        UNROLL for (int i = 0; i < 2; i++) {
            __m512i weights[2];
            UNROLL for (int b = 0; b < blocks; b++) {
                weights[b] = _mm512_loadu_si512(values + b * columns * BLOCK + i * 64);
                _mm_prefetch((const char *)values + b * columns * BLOCK + AHEAD + i * 64, _MM_HINT_T0);
            }
            UNROLL for (int r = 0; r < rows; r++) {
                __m512i four = four_codes(codes + r * apart + k + i * 4);
                UNROLL for (int b = 0; b < blocks; b++) {
                    __m512i *sum = &sums[r][b][i % chains];
                    *sum = _mm512_dpbusd_epi32(*sum, weights[b], four);
                }
            }
        }
        values += 128;
    }
}

/* Adds a group's products with one digit of the activations. */
TARGET(FEATURES) ALWAYS_INLINE void add_group(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, __m512i sums[MOST_ROWS][2][4],
    const int rows, const int blocks, const int chains, const int bits) {
    if (bits == 8) {
        add_columns8(values, codes, 2 * columns, columns, group, sums, rows, blocks, chains);
        return;
    }
    const __m512i low_half = _mm512_set1_epi8(15);
    for (int64_t k = 0; k < group; k += 16) {
        UNROLL for (int i = 0; i < 2; i++) {
            __m512i low[2], high[2];
            UNROLL for (int b = 0; b < blocks; b++) {
                const uint8_t *place = values + b * columns * (BLOCK / 2) + i * 64;
                __m512i pairs = _mm512_loadu_si512(place);
                low[b] = _mm512_and_si512(pairs, low_half);
                high[b] = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), low_half);
                _mm_prefetch((const char *)place + AHEAD, _MM_HINT_T0);
            }
            UNROLL for (int r = 0; r < rows; r++) {
                const int8_t *eight = codes + r * 2 * columns + k + i * 8;
                __m512i first = four_codes(eight), second = four_codes(eight + 4);
                UNROLL for (int b = 0; b < blocks; b++) {
                    int c = 2 * i % chains;
                    sums[r][b][c] = _mm512_dpbusd_epi32(sums[r][b][c], low[b], first);
                    c = (2 * i + 1) % chains;
                    sums[r][b][c] = _mm512_dpbusd_epi32(sums[r][b][c], high[b], second);
                }
            }
        }
        values += 128;
    }
}

TARGET(FEATURES) ALWAYS_INLINE void put(
    const Weight *w, int64_t block, int64_t row, __m512 y, Result result) {
    __mmask16 there = (__mmask16)((1u << outputs_in(w, block)) - 1);
    if (result.bias) y = _mm512_add_ps(y, _mm512_maskz_loadu_ps(there, result.bias + block * BLOCK));
    _mm512_mask_storeu_ps(result.y + row * w->outputs + block * BLOCK, there, y);
}

/* Scales of a block: those of the group at this place (int4), or of whole rows (int8). */
TARGET(FEATURES) ALWAYS_INLINE __m512 weight_scales(const Weight *w, int64_t place, const int bits) {
    if (bits == 8) return _mm512_loadu_ps((const float *)w->scales + place * BLOCK);
    __m256i stored = _mm256_loadu_si256((const __m256i *)((const uint16_t *)w->scales + place * BLOCK));
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(stored), 16));
}

/* Products whose activations have a scale a group: int4 and coarse int8. */
TARGET(FEATURES) ALWAYS_INLINE void grouped_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows, const int blocks,
    const int chains, const int bits) {
    int64_t groups = groups_of(w), columns = w->columns;
    const uint8_t *values = w->values + block * columns * (BLOCK * bits / 8);
    const int8_t *codes = a.codes + first * 2 * columns;
    const int32_t zero = bits == 4 ? INT4_ZERO : INT8_ZERO;
    __m512 y[MOST_ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int b = 0; b < blocks; b++) y[r][b] = _mm512_setzero_ps();
    }
    for (int64_t g = 0; g < groups; g++) {
        __m512i sums[MOST_ROWS][2][4];
        int wide = 0;
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int b = 0; b < blocks; b++) {
                UNROLL for (int c = 0; c < chains; c++) sums[r][b][c] = _mm512_setzero_si512();
            }
            wide |= a.wide[(first + r) * groups + g];
        }
        add_group(values, codes + g * w->group, columns, w->group, sums, rows, blocks, chains, bits);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int b = 0; b < blocks; b++) {
                UNROLL for (int c = 1; c < chains; c++) {
                    sums[r][b][0] = _mm512_add_epi32(sums[r][b][0], sums[r][b][c]);
                }
                sums[r][b][0] = _mm512_slli_epi32(sums[r][b][0], DIGIT_BITS);
            }
        }
        if (wide) add_group(values, codes + columns + g * w->group, columns, w->group, sums, rows, blocks, 1, bits);
        values += w->group * (BLOCK * bits / 8);
        UNROLL for (int r = 0; r < rows; r++) {
            __m512i offset = _mm512_set1_epi32(-zero * a.sums[(first + r) * groups + g]);
            __m512 scale = _mm512_set1_ps(a.scales[(first + r) * groups + g]);
            UNROLL for (int b = 0; b < blocks; b++) {
                __m512 both = scale;
                if (bits == 4) both = _mm512_mul_ps(scale, weight_scales(w, (block + b) * groups + g, bits));
                y[r][b] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_add_epi32(sums[r][b][0], offset)), both, y[r][b]);
            }
        }
    }
    UNROLL for (int b = 0; b < blocks; b++) {
        UNROLL for (int r = 0; r < rows; r++) {
            if (bits == 8) y[r][b] = _mm512_mul_ps(y[r][b], weight_scales(w, block + b, bits));
            put(w, block + b, first + r, y[r][b], result);
        }
    }
}

TARGET(FEATURES) ALWAYS_INLINE void int8_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows, const int blocks,
    const int chains) {
    int64_t columns = w->columns;
    const uint8_t *values = w->values + block * columns * BLOCK;
    const int8_t *codes = a.codes + first * 2 * columns;
    __m512i sums[2 * MOST_ROWS][2][4];
    UNROLL for (int d = 0; d < 2 * rows; d++) {
        __m512i offset = _mm512_set1_epi32((int32_t)((uint32_t)a.sums[first * 2 + d] * (uint32_t)-INT8_ZERO));
        UNROLL for (int b = 0; b < blocks; b++) {
            sums[d][b][0] = offset;
            UNROLL for (int c = 1; c < chains; c++) sums[d][b][c] = _mm512_setzero_si512();
        }
    }
    add_columns8(values, codes, columns, columns, columns, sums, 2 * rows, blocks, chains); /* both digits are rows */
    UNROLL for (int b = 0; b < blocks; b++) {
        __m512 scale = weight_scales(w, block + b, 8);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int d = 2 * r; d < 2 * r + 2; d++) {
                UNROLL for (int c = 1; c < chains; c++) sums[d][b][0] = _mm512_add_epi32(sums[d][b][0], sums[d][b][c]);
            }
            __m512 high = _mm512_cvtepi32_ps(sums[2 * r][b][0]), low = _mm512_cvtepi32_ps(sums[2 * r + 1][b][0]);
            __m512 both = _mm512_mul_ps(_mm512_set1_ps(a.scales[first + r]), scale);
            __m512 y = _mm512_mul_ps(_mm512_fmadd_ps(high, _mm512_set1_ps(DIGIT), low), both);
            put(w, block + b, first + r, y, result);
        }
    }
}

#define EVERY_ROW_COUNT(function, one, few, many, ...)                             \
    switch (rows) {                                                                \
        case 1: function(w, a, block, row, result, 1, 1, one __VA_ARGS__); break;  \
        case 2: function(w, a, block, row, result, 2, 1, one __VA_ARGS__); break;  \
        case 3: function(w, a, block, row, result, 3, 1, few __VA_ARGS__); break;  \
        case 4: function(w, a, block, row, result, 4, 1, few __VA_ARGS__); break;  \
        case 5: function(w, a, block, row, result, 5, 1, many __VA_ARGS__); break; \
        case 6: function(w, a, block, row, result, 6, 1, many __VA_ARGS__); break; \
        case 7: function(w, a, block, row, result, 7, 1, many __VA_ARGS__); break; \
        default: function(w, a, block, row, result, MOST_ROWS, 1, many __VA_ARGS__); \
    }

TARGET(FEATURES) static void int4(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    EVERY_ROW_COUNT(grouped_rows, 4, 2, 2, , 4)
}

TARGET(FEATURES) static void coarse_int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    EVERY_ROW_COUNT(grouped_rows, 2, 2, 2, , 8)
}

TARGET(FEATURES) static void int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    EVERY_ROW_COUNT(int8_rows, 2, 2, 1)
}

TARGET(FEATURES) static void int4_pair(const Weight *w, Activations a, int64_t block, int64_t row, Result result) {
    grouped_rows(w, a, block, row, result, PAIR_ROWS, 2, 1, 4);
}

TARGET(FEATURES) static void coarse_int8_pair(
    const Weight *w, Activations a, int64_t block, int64_t row, Result result) {
    grouped_rows(w, a, block, row, result, PAIR_ROWS, 2, 1, 8);
}

TARGET(FEATURES) static void int8_pair(const Weight *w, Activations a, int64_t block, int64_t row, Result result) {
    int8_rows(w, a, block, row, result, PAIR_ROWS / 2, 2, 1);
    int8_rows(w, a, block, row + PAIR_ROWS / 2, result, PAIR_ROWS / 2, 2, 1);
}

/* Sixteen numbers from column k on; zeros behind the last. */
TARGET(FEATURES) ALWAYS_INLINE __m512 sixteen(const Weight *w, const float *x, int64_t k) {
    int64_t left = w->width - k;
    if (left >= 16) return _mm512_loadu_ps(x + k);
    return _mm512_maskz_loadu_ps(left <= 0 ? 0 : (__mmask16)((1u << left) - 1), x + k);
}

TARGET(FEATURES) ALWAYS_INLINE __m512i largest_of(__m512i largest, __m512 x) {
    __m512i bits = _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff));
    return _mm512_max_epi32(largest, bits);
}

/* NaN times zero is not zero, but becomes the same number as zero: the product's smallest integer is masked out. */
TARGET(FEATURES) ALWAYS_INLINE __m512i rounded(__m512 x, float inverse) {
    __mmask16 counts = inverse == 0.0f ? 0 : 0xffff;
    return _mm512_maskz_cvtps_epi32(counts, _mm512_mul_ps(x, _mm512_set1_ps(inverse)));
}

/* Sixteen whole numbers as digits, whose sums are kept apart. */
TARGET(FEATURES) ALWAYS_INLINE void put_digits(__m512i number, int8_t *high_codes, int8_t *low_codes, __m512i sums[2]) {
    __m512i high = _mm512_srai_epi32(_mm512_add_epi32(number, _mm512_set1_epi32(DIGIT / 2)), DIGIT_BITS);
    __m512i low = _mm512_sub_epi32(number, _mm512_slli_epi32(high, DIGIT_BITS));
    sums[0] = _mm512_add_epi32(sums[0], high);
    sums[1] = _mm512_add_epi32(sums[1], low);
    _mm_storeu_si128((__m128i *)high_codes, _mm512_cvtepi32_epi8(high));
    _mm_storeu_si128((__m128i *)low_codes, _mm512_cvtepi32_epi8(low));
}

TARGET(FEATURES) static void pack_groups(const Weight *w, const float *x, Activations a, int64_t row) {
    int64_t groups = groups_of(w);
    int8_t *high = a.codes + row * 2 * w->columns, *low = high + w->columns;
    for (int64_t g = 0; g < groups; g++) {
        int64_t start = g * w->group, end = start + w->group;
        const __m512i zero = _mm512_setzero_si512();
        __m512i largest = zero, squares = zero, sums[2] = {zero, zero};
        float inverse;
        for (int64_t k = start; k < end; k += 16) largest = largest_of(largest, sixteen(w, x, k));
        a.scales[row * groups + g] = scale_for((uint32_t)_mm512_reduce_max_epi32(largest), FIFTEEN_BITS, &inverse);
        for (int64_t k = start; k < end; k += 16) {
            __m512i number = rounded(sixteen(w, x, k), inverse / DIGIT);
            sums[0] = _mm512_add_epi32(sums[0], number);
            squares = _mm512_add_epi32(squares, _mm512_mullo_epi32(number, number));
            _mm_storeu_si128((__m128i *)(high + k), _mm512_cvtepi32_epi8(number));
            _mm_storeu_si128((__m128i *)(low + k), _mm_setzero_si128());
        }
        int32_t power = _mm512_reduce_add_epi32(squares);
        a.wide[row * groups + g] = power > 0 && has_outlier(power, w->group);
        if (a.wide[row * groups + g]) {
            sums[0] = sums[1] = zero;
            for (int64_t k = start; k < end; k += 16) {
                put_digits(rounded(sixteen(w, x, k), inverse), high + k, low + k, sums);
            }
        }
        a.sums[row * groups + g] = _mm512_reduce_add_epi32(sums[0]) * DIGIT + _mm512_reduce_add_epi32(sums[1]);
    }
}

TARGET(FEATURES) static void pack_row(const Weight *w, const float *x, Activations a, int64_t row) {
    int8_t *high_codes = a.codes + row * 2 * w->columns, *low_codes = high_codes + w->columns;
    __m512i largest = _mm512_setzero_si512(), sums[2] = {largest, largest};
    float inverse;
    for (int64_t k = 0; k < w->columns; k += 16) largest = largest_of(largest, sixteen(w, x, k));
    a.scales[row] = scale_for((uint32_t)_mm512_reduce_max_epi32(largest), FIFTEEN_BITS, &inverse);
    for (int64_t k = 0; k < w->columns; k += 16) {
        put_digits(rounded(sixteen(w, x, k), inverse), high_codes + k, low_codes + k, sums);
    }
    a.sums[row * 2] = _mm512_reduce_add_epi32(sums[0]);
    a.sums[row * 2 + 1] = _mm512_reduce_add_epi32(sums[1]);
}

static int runs_here(void) { return has_features(AVX512_VNNI); }

const Path avx512_path = {
    "AVX-512 VNNI", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8},
    {int4_pair, int8_pair, coarse_int8_pair},
};

#endif
