/* The definition of every product, in plain C. Slow; other paths must give its bits. */

#include <math.h>
#include <string.h>

#include "kernels.h"
#include "scale.h"

static float bfloat16(uint16_t bits) {
    uint32_t wide = (uint32_t)bits << 16;
    float number;
    memcpy(&number, &wide, sizeof number);
    return number;
}

/* The largest magnitude of x, as its bits: infinity and NaN are larger than all numbers. */
static uint32_t largest_bits(const float *x, int64_t count) {
    uint32_t largest = 0;
    for (int64_t k = 0; k < count; k++) {
        uint32_t bits;
        memcpy(&bits, x + k, sizeof bits);
        bits &= 0x7fffffffu;
        largest = bits > largest ? bits : largest;
    }
    return largest;
}

/* Columns `start` ... `end` in two digits; the sum of the whole numbers. */
static int32_t digits(const float *x, int64_t start, int64_t end, float inverse, int8_t *high, int8_t *low) {
    int32_t sum = 0;
    for (int64_t k = start; k < end; k++) {
        int32_t number = (int32_t)lrintf(x[k] * inverse);
        high[k] = (int8_t)((number + DIGIT / 2) >> DIGIT_BITS);
        low[k] = (int8_t)(number - high[k] * DIGIT);
        sum += number;
    }
    return sum;
}

static void pack_groups(const Weight *w, const float *x, Activations a, int64_t row) {
    int64_t groups = groups_of(w);
    int8_t *high = a.codes + row * 2 * w->columns, *low = high + w->columns;
    memset(high, 0, (size_t)(2 * w->columns));
    for (int64_t g = 0; g < groups; g++) {
        int64_t start = g * w->group, end = start + w->group < w->width ? start + w->group : w->width;
        float inverse;
        uint32_t largest = end > start ? largest_bits(x + start, end - start) : 0;
        int32_t sum = 0, squares = 0;
        a.scales[row * groups + g] = scale_for(largest, FIFTEEN_BITS, &inverse);
        for (int64_t k = start; inverse != 0.0f && k < end; k++) {
            high[k] = (int8_t)lrintf(x[k] * (inverse / DIGIT));
            squares += high[k] * high[k];
            sum += high[k] * DIGIT;
        }
        a.wide[row * groups + g] = squares > 0 && has_outlier(squares, w->group);
        if (a.wide[row * groups + g]) sum = digits(x, start, end, inverse, high, low);
        a.sums[row * groups + g] = sum;
    }
}

static void pack_row(const Weight *w, const float *x, Activations a, int64_t row) {
    int8_t *high = a.codes + row * 2 * w->columns, *low = high + w->columns;
    float inverse;
    int32_t sums[2] = {0, 0};
    a.scales[row] = scale_for(largest_bits(x, w->width), FIFTEEN_BITS, &inverse);
    memset(high, 0, (size_t)(2 * w->columns));
    if (inverse != 0.0f) digits(x, 0, w->width, inverse, high, low);
    for (int64_t k = 0; k < w->width; k++) {
        sums[0] += high[k];
        sums[1] += low[k];
    }
    a.sums[row * 2] = sums[0];
    a.sums[row * 2 + 1] = sums[1];
}

static void int4(const Weight *w, Activations a, int64_t block, int64_t first, int rows, Result result) {
    int64_t groups = groups_of(w), steps = w->group / 8;
    const uint16_t *scales = (const uint16_t *)w->scales + block * groups * BLOCK;
    for (int64_t row = first; row < first + rows; row++) {
        for (int r = 0; r < outputs_in(w, block); r++) {
            int64_t output = block * BLOCK + r;
            float y = 0.0f;
            for (int64_t g = 0; g < groups; g++) {
                const uint8_t *values = w->values + ((block * groups + g) * steps * BLOCK + r) * 4;
                const int8_t *high = a.codes + row * 2 * w->columns + g * w->group, *low = high + w->columns;
                int32_t sum = -INT4_ZERO * a.sums[row * groups + g];
                for (int64_t i = 0; i < steps; i++) {
                    for (int64_t c = 0; c < 4; c++) {
                        uint8_t pair = values[i * BLOCK * 4 + c];
                        int64_t k = 8 * i + c;
                        sum += (pair & 15) * (high[k] * DIGIT + low[k]);
                        sum += (pair >> 4) * (high[k + 4] * DIGIT + low[k + 4]);
                    }
                }
                y = fmaf((float)sum, a.scales[row * groups + g] * bfloat16(scales[g * BLOCK + r]), y);
            }
            result.y[row * w->outputs + output] = result.bias ? y + result.bias[output] : y;
        }
    }
}

static void coarse_int8(const Weight *w, Activations a, int64_t block, int64_t first, int rows, Result result) {
    int64_t groups = groups_of(w);
    const float *scales = (const float *)w->scales + block * BLOCK;
    for (int64_t row = first; row < first + rows; row++) {
        for (int r = 0; r < outputs_in(w, block); r++) {
            int64_t output = block * BLOCK + r;
            const uint8_t *values = w->values + (block * w->columns / 4 * BLOCK + r) * 4;
            const int8_t *high = a.codes + row * 2 * w->columns, *low = high + w->columns;
            float y = 0.0f;
            for (int64_t g = 0; g < groups; g++) {
                int32_t sum = 0;
                for (int64_t k = g * w->group; k < (g + 1) * w->group; k++) {
                    sum += (values[k / 4 * BLOCK * 4 + k % 4] - INT8_ZERO) * (high[k] * DIGIT + low[k]);
                }
                y = fmaf((float)sum, a.scales[row * groups + g], y);
            }
            y *= scales[r];
            result.y[row * w->outputs + output] = result.bias ? y + result.bias[output] : y;
        }
    }
}

static void int8(const Weight *w, Activations a, int64_t block, int64_t first, int rows, Result result) {
    const float *scales = (const float *)w->scales + block * BLOCK;
    for (int64_t row = first; row < first + rows; row++) {
        for (int r = 0; r < outputs_in(w, block); r++) {
            int64_t output = block * BLOCK + r;
            const uint8_t *values = w->values + (block * w->columns / 4 * BLOCK + r) * 4;
            int32_t sums[2];
            for (int digit = 0; digit < 2; digit++) {
                const int8_t *codes = a.codes + (row * 2 + digit) * w->columns;
                uint32_t sum = 0;
                for (int64_t k = 0; k < w->columns; k++) {
                    sum += (uint32_t)((values[k / 4 * BLOCK * 4 + k % 4] - INT8_ZERO) * codes[k]);
                }
                sums[digit] = (int32_t)sum;
            }
            float y = fmaf((float)sums[0], DIGIT, (float)sums[1]) * (a.scales[row] * scales[r]);
            result.y[row * w->outputs + output] = result.bias ? y + result.bias[output] : y;
        }
    }
}

static int runs_here(void) { return 1; }

const Path portable_path = {"portable", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8}, {0}};
