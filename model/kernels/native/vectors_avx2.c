/* Sixteen lanes in two registers of AVX2, with fused multiply-adds and half precision. */

#include "layer.h"

#if defined(HAS_X86_PATHS)

#include <immintrin.h>

#include "processor.h"

#define FEATURES "avx2,fma,f16c"
#define AT_ONCE 4
#define WIDE 1
#define ask_for(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)

typedef struct {
    __m256 low, high;
} Sixteen;

#define EACH(function, a, b) (Sixteen){function((a).low, (b).low), function((a).high, (b).high)}

TARGET(FEATURES) ALWAYS_INLINE Sixteen all16(float x) { return (Sixteen){_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
TARGET(FEATURES) ALWAYS_INLINE Sixteen load16(const float *x) {
    return (Sixteen){_mm256_loadu_ps(x), _mm256_loadu_ps(x + 8)};
}
TARGET(FEATURES) ALWAYS_INLINE void store16(float *y, Sixteen a) {
    _mm256_storeu_ps(y, a.low);
    _mm256_storeu_ps(y + 8, a.high);
}
TARGET(FEATURES) ALWAYS_INLINE Sixteen from_halves(const Half *x) {
    const __m128i *eights = (const __m128i *)x;
    return (Sixteen){_mm256_cvtph_ps(_mm_loadu_si128(eights)), _mm256_cvtph_ps(_mm_loadu_si128(eights + 1))};
}
TARGET(FEATURES) ALWAYS_INLINE void to_halves(Half *y, Sixteen a) {
    _mm_storeu_si128((__m128i *)y, _mm256_cvtps_ph(a.low, _MM_FROUND_TO_NEAREST_INT));
    _mm_storeu_si128((__m128i *)y + 1, _mm256_cvtps_ph(a.high, _MM_FROUND_TO_NEAREST_INT));
}
TARGET(FEATURES) ALWAYS_INLINE Sixteen add16(Sixteen a, Sixteen b) { return EACH(_mm256_add_ps, a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen sub16(Sixteen a, Sixteen b) { return EACH(_mm256_sub_ps, a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen mul16(Sixteen a, Sixteen b) { return EACH(_mm256_mul_ps, a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen div16(Sixteen a, Sixteen b) { return EACH(_mm256_div_ps, a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen fma16(Sixteen a, Sixteen b, Sixteen c) {
    return (Sixteen){_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
TARGET(FEATURES) ALWAYS_INLINE Sixteen max16(Sixteen a, Sixteen b) { return EACH(_mm256_max_ps, a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen below16(Sixteen x, float limit, Sixteen a, Sixteen b) {
    __m256 low = _mm256_cmp_ps(x.low, _mm256_set1_ps(limit), _CMP_LT_OQ);
    __m256 high = _mm256_cmp_ps(x.high, _mm256_set1_ps(limit), _CMP_LT_OQ);
    return (Sixteen){_mm256_blendv_ps(b.low, a.low, low), _mm256_blendv_ps(b.high, a.high, high)};
}
TARGET(FEATURES) ALWAYS_INLINE __m256 two_to8(__m256 x) {
    __m256i power = _mm256_slli_epi32(_mm256_castps_si256(x), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(power, _mm256_set1_epi32(127 << 23)));
}
TARGET(FEATURES) ALWAYS_INLINE Sixteen two_to16(Sixteen x) { return (Sixteen){two_to8(x.low), two_to8(x.high)}; }

TARGET(FEATURES) ALWAYS_INLINE void add_up(const Sixteen *sums, float *y) {
    __m128 fours[4];
    UNROLL for (int i = 0; i < 4; i++) {
        __m256 eight = _mm256_add_ps(sums[i].low, sums[i].high);
        fours[i] = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    }
    __m128 first = _mm_add_ps(_mm_movelh_ps(fours[0], fours[1]), _mm_movehl_ps(fours[1], fours[0]));
    __m128 second = _mm_add_ps(_mm_movelh_ps(fours[2], fours[3]), _mm_movehl_ps(fours[3], fours[2]));
    _mm_storeu_ps(y, _mm_add_ps(_mm_shuffle_ps(first, second, 0x88), _mm_shuffle_ps(first, second, 0xdd)));
}

#include "sixteen.h"

static int runs_here(void) { return has_features(AVX2_FMA | HALF_PRECISION); }

const Vectors avx2_vectors = {"AVX2", runs_here, attend, join, keep, norm, gate};

#endif
