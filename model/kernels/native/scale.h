/* The scale of integers that stand for float32 numbers. */

#ifndef SIGHTLINE_SCALE_H
#define SIGHTLINE_SCALE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* `largest` is the largest magnitude as its bits, in which infinity and NaN are larger than all numbers; `limit` the
   largest integer. Numbers below `smallest` count as zero, so that `inverse` is finite. NaN or infinity gives a scale of
   NaN, and with it NaN in everything computed from it; then, and for zeros, `inverse` is zero. */
static inline float scale_for(uint32_t largest, float limit, float *inverse) {
    const float smallest = 1e-30f;
    float magnitude;
    *inverse = 0.0f;
    if (largest >= 0x7f800000u) return NAN;
    memcpy(&magnitude, &largest, sizeof magnitude);
    if (magnitude < smallest) return 0.0f;
    *inverse = limit / magnitude;
    return magnitude / limit;
}

#endif
