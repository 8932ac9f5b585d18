/* Random numbers, buffers and comparisons that the tests of the library share. */

#ifndef CASES_H
#define CASES_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

int sightline_paths(void);
const char *sightline_path_name(int path);
int sightline_path_runs_here(int path);
int64_t sightline_workspace(const Weight *w, int64_t rows, int product);
void sightline_product(const Weight *w, int product, const float *x, int64_t rows, const float *bias, float *y,
                       uint8_t *workspace, int path, int threads);

/* Whether all that is no product is right; tells the first difference. */
int layers_are_exact(uint64_t seed, int cases);

static uint64_t state;

static inline uint32_t any(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static inline int64_t between(int64_t first, int64_t last) { return first + any() % (last - first + 1); }

static inline float normal(void) {
    float sum = 0.0f;
    for (int i = 0; i < 12; i++) sum += (float)any() / 2147483648.0f;
    return sum - 6.0f;
}

/* A buffer of its own for each tensor, so that a sanitizer sees what lies outside; it begins `offset` bytes late. */
typedef struct {
    void *all, *data;
} Buffer;

static inline Buffer buffer(int64_t bytes, int64_t offset) {
    Buffer b;
    b.all = malloc((size_t)(bytes + offset));
    if (!b.all) exit(3);
    b.data = (char *)b.all + offset;
    return b;
}

enum { CALM, OUTLIERS, HUGE_NUMBERS, TINY, DENORMAL, ZEROS, EXTREMES, NOT_FINITE, KINDS };

static inline float activation(int kind, int64_t k) {
    switch (kind) {
        case OUTLIERS: return k % 37 == 5 ? 1000.0f * normal() : normal();
        case HUGE_NUMBERS: return 1e37f * normal();
        case TINY: return 1e-29f * normal();
        case DENORMAL: return 1e-39f * normal();
        case ZEROS: return k / 32 % 2 ? 0.0f : normal();
        case EXTREMES: return any() % 2 ? 1.0f : -1.0f;
        case NOT_FINITE: return k % 41 == 7 ? (any() % 2 ? NAN : -INFINITY) : normal();
        default: return normal();
    }
}

static inline int same(const float *a, const float *b, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        if (memcmp(a + i, b + i, sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i]))) return 0;
    }
    return 1;
}

#endif
