/* AVX2 alone: products of bytes in pairs of 16 bits, which cannot saturate: with four bits 2 * 15 * 127 = 3,810, so that
   eight of them, 30,480, are added up in 16 bits; with eight 2 * 127 * 127 = 32,258, whose sign moves to the activation
   first. */

#include "kernels.h"

#if defined(HAS_X86_PATHS)

#include <immintrin.h>

#define FEATURES "avx2,fma"
#define OFFSET8 0
#define DOT4 pairwise4
#define WITH4 widened
#define DOT8 pairwise8

TARGET(FEATURES) ALWAYS_INLINE __m256i pairwise4(__m256i part, __m256i weights, __m256i codes) {
    return _mm256_add_epi16(part, _mm256_maddubs_epi16(weights, codes));
}

TARGET(FEATURES) ALWAYS_INLINE __m256i widened(__m256i sum, __m256i part) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(part, _mm256_set1_epi16(1)));
}

TARGET(FEATURES) ALWAYS_INLINE __m256i pairwise8(__m256i sum, __m256i stored, __m256i codes) {
    __m256i weights = _mm256_xor_si256(stored, _mm256_set1_epi8(-128));
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(weights), _mm256_sign_epi8(codes, weights));
    return widened(sum, pairs);
}

#include "vectors256.h"

static int runs_here(void) { return has_features(AVX2_FMA); }

const Path avx2_path = {"AVX2", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8}, {0}};

#endif
