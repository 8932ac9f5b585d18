/* What this processor and its system allow, asked for while the program runs. */

#ifndef SIGHTLINE_PROCESSOR_H
#define SIGHTLINE_PROCESSOR_H

enum { AVX2_FMA = 1, AVX_VNNI = 2, AVX512_VNNI = 4, DOT_PRODUCT = 8, MATRIX_PRODUCT = 16, HALF_PRECISION = 32 };

/* Whether all of the features are there. */
int has_features(int wanted);

#endif
