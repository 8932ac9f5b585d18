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

/* Adds a group's products with one digit of the activations. `rows` and `chains` are constants where this is called:
   several sums of one row let products follow each other without waiting. */
TARGET(FEATURES) ALWAYS_INLINE void add_group(
    const uint8_t *values, const int8_t *codes, int64_t columns, int64_t group, __m512i sums[MOST_ROWS][4],
    const int rows, const int chains) {
    const __m512i low_half = _mm512_set1_epi8(15);
    for (int64_t k = 0; k < group; k += 16) {
        UNROLL for (int i = 0; i < 2; i++) {
            __m512i pairs = _mm512_loadu_si512(values + i * 64);
            __m512i low = _mm512_and_si512(pairs, low_half);
            __m512i high = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), low_half);
            _mm_prefetch((const char *)values + AHEAD + i * 64, _MM_HINT_T0);
            UNROLL for (int r = 0; r < rows; r++) {
                const int8_t *eight = codes + r * 2 * columns + k + i * 8;
                int c = 2 * i % chains;
                sums[r][c] = _mm512_dpbusd_epi32(sums[r][c], low, four_codes(eight));
                c = (2 * i + 1) % chains;
                sums[r][c] = _mm512_dpbusd_epi32(sums[r][c], high, four_codes(eight + 4));
            }
        }
        values += 128;
    }
}

TARGET(FEATURES) ALWAYS_INLINE void int4_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows, const int chains) {
    int64_t groups = groups_of(w), columns = w->columns;
    const uint8_t *values = w->values + block * columns * (BLOCK / 2);
    const uint16_t *scales = (const uint16_t *)w->scales + block * groups * BLOCK;
    const int8_t *codes = a.codes + first * 2 * columns;
    __m512 y[MOST_ROWS];
    UNROLL for (int r = 0; r < rows; r++) y[r] = _mm512_setzero_ps();
    for (int64_t g = 0; g < groups; g++) {
        __m512i sums[MOST_ROWS][4];
        int wide = 0;
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int c = 0; c < chains; c++) sums[r][c] = _mm512_setzero_si512();
            wide |= a.wide[(first + r) * groups + g];
        }
        add_group(values, codes + g * w->group, columns, w->group, sums, rows, chains);
        UNROLL for (int r = 0; r < rows; r++) {
            UNROLL for (int c = 1; c < chains; c++) sums[r][0] = _mm512_add_epi32(sums[r][0], sums[r][c]);
            sums[r][0] = _mm512_slli_epi32(sums[r][0], DIGIT_BITS);
        }
        if (wide) add_group(values, codes + columns + g * w->group, columns, w->group, sums, rows, 1);
        values += w->group * (BLOCK / 2);
        __m512i bits = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(scales + g * BLOCK)));
        __m512 scale = _mm512_castsi512_ps(_mm512_slli_epi32(bits, 16));
        UNROLL for (int r = 0; r < rows; r++) {
            __m512i offset = _mm512_set1_epi32(-INT4_ZERO * a.sums[(first + r) * groups + g]);
            __m512 sum = _mm512_cvtepi32_ps(_mm512_add_epi32(sums[r][0], offset));
            __m512 both = _mm512_mul_ps(_mm512_set1_ps(a.scales[(first + r) * groups + g]), scale);
            y[r] = _mm512_fmadd_ps(sum, both, y[r]);
        }
    }
    __mmask16 there = (__mmask16)((1u << outputs_in(w, block)) - 1);
    UNROLL for (int r = 0; r < rows; r++) {
        if (result.bias) y[r] = _mm512_add_ps(y[r], _mm512_maskz_loadu_ps(there, result.bias + block * BLOCK));
        _mm512_mask_storeu_ps(result.y + (first + r) * w->outputs + block * BLOCK, there, y[r]);
    }
}

TARGET(FEATURES) ALWAYS_INLINE void int8_rows(
    const Weight *w, Activations a, int64_t block, int64_t first, Result result, const int rows, const int chains) {
    int64_t columns = w->columns;
    const uint8_t *values = w->values + block * columns * BLOCK;
    const int8_t *codes = a.codes + first * 2 * columns;
    __m512i sums[MOST_ROWS][2][2];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int digit = 0; digit < 2; digit++) {
            uint32_t offset = (uint32_t)a.sums[(first + r) * 2 + digit] * (uint32_t)-INT8_ZERO;
            sums[r][digit][0] = _mm512_set1_epi32((int32_t)offset);
            UNROLL for (int c = 1; c < chains; c++) sums[r][digit][c] = _mm512_setzero_si512();
        }
    }
    for (int64_t k = 0; k < columns; k += 8) {
        UNROLL for (int i = 0; i < 2; i++) {
            __m512i weights = _mm512_loadu_si512(values + i * 64);
            _mm_prefetch((const char *)values + AHEAD + i * 64, _MM_HINT_T0);
            UNROLL for (int r = 0; r < rows; r++) {
                UNROLL for (int digit = 0; digit < 2; digit++) {
                    const int8_t *four = codes + (r * 2 + digit) * columns + k + i * 4;
                    __m512i *sum = &sums[r][digit][i % chains];
                    *sum = _mm512_dpbusd_epi32(*sum, weights, four_codes(four));
                }
            }
        }
        values += 128;
    }
    __mmask16 there = (__mmask16)((1u << outputs_in(w, block)) - 1);
    __m512 scale = _mm512_loadu_ps((const float *)w->scales + block * BLOCK);
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int digit = 0; digit < 2; digit++) {
            UNROLL for (int c = 1; c < chains; c++) {
                sums[r][digit][0] = _mm512_add_epi32(sums[r][digit][0], sums[r][digit][c]);
            }
        }
        __m512 high = _mm512_cvtepi32_ps(sums[r][0][0]), low = _mm512_cvtepi32_ps(sums[r][1][0]);
        __m512 both = _mm512_mul_ps(_mm512_set1_ps(a.scales[first + r]), scale);
        __m512 y = _mm512_mul_ps(_mm512_fmadd_ps(high, _mm512_set1_ps(DIGIT), low), both);
        if (result.bias) y = _mm512_add_ps(y, _mm512_maskz_loadu_ps(there, result.bias + block * BLOCK));
        _mm512_mask_storeu_ps(result.y + (first + r) * w->outputs + block * BLOCK, there, y);
    }
}

#define EVERY_ROW_COUNT(function, one, few, many)                        \
    switch (rows) {                                                      \
        case 1: function(w, a, block, row, result, 1, one); break;       \
        case 2: function(w, a, block, row, result, 2, one); break;       \
        case 3: function(w, a, block, row, result, 3, few); break;       \
        case 4: function(w, a, block, row, result, 4, few); break;       \
        case 5: function(w, a, block, row, result, 5, many); break;      \
        case 6: function(w, a, block, row, result, 6, many); break;      \
        case 7: function(w, a, block, row, result, 7, many); break;      \
        default: function(w, a, block, row, result, MOST_ROWS, many);    \
    }

TARGET(FEATURES) static void int4(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    EVERY_ROW_COUNT(int4_rows, 4, 2, 2)
}

TARGET(FEATURES) static void int8(
    const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result) {
    EVERY_ROW_COUNT(int8_rows, 2, 2, 1)
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

TARGET(FEATURES) static void pack4(const Weight *w, const float *x, Activations a, int64_t row) {
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

TARGET(FEATURES) static void pack8(const Weight *w, const float *x, Activations a, int64_t row) {
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

const Path avx512_path = {"AVX-512 VNNI", runs_here, pack4, pack8, int4, int8};

#endif
