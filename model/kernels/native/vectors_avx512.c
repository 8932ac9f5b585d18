/* Sixteen lanes in a register of AVX-512. */

#include "layer.h"

#if defined(HAS_X86_PATHS)

#include <immintrin.h>

#include "processor.h"

#define FEATURES "avx512f,avx512bw,avx512vl,avx512dq"
#define AT_ONCE 8
#define WIDE 2
#define ask_for(address) _mm_prefetch((const char *)(address), _MM_HINT_T0)

typedef __m512 Sixteen;

TARGET(FEATURES) ALWAYS_INLINE Sixteen all16(float x) { return _mm512_set1_ps(x); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen load16(const float *x) { return _mm512_loadu_ps(x); }
TARGET(FEATURES) ALWAYS_INLINE void store16(float *y, Sixteen a) { _mm512_storeu_ps(y, a); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen from_halves(const Half *x) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)x));
}
TARGET(FEATURES) ALWAYS_INLINE void to_halves(Half *y, Sixteen a) {
    _mm256_storeu_si256((__m256i *)y, _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
}
TARGET(FEATURES) ALWAYS_INLINE Sixteen add16(Sixteen a, Sixteen b) { return _mm512_add_ps(a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen sub16(Sixteen a, Sixteen b) { return _mm512_sub_ps(a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen mul16(Sixteen a, Sixteen b) { return _mm512_mul_ps(a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen div16(Sixteen a, Sixteen b) { return _mm512_div_ps(a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen fma16(Sixteen a, Sixteen b, Sixteen c) { return _mm512_fmadd_ps(a, b, c); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen max16(Sixteen a, Sixteen b) { return _mm512_max_ps(a, b); }
TARGET(FEATURES) ALWAYS_INLINE Sixteen below16(Sixteen x, float limit, Sixteen a, Sixteen b) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, _mm512_set1_ps(limit), _CMP_LT_OQ), b, a);
}
TARGET(FEATURES) ALWAYS_INLINE Sixteen two_to16(Sixteen x) {
    __m512i power = _mm512_slli_epi32(_mm512_castps_si512(x), 23);
    return _mm512_castsi512_ps(_mm512_add_epi32(power, _mm512_set1_epi32(127 << 23)));
}

TARGET(FEATURES) ALWAYS_INLINE void add_up(const Sixteen *sums, float *y) {
    __m512 eights[4], fours[2];
    UNROLL for (int i = 0; i < 4; i++) {
        __m512 a = sums[2 * i], b = sums[2 * i + 1];
        eights[i] = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
    }
    UNROLL for (int i = 0; i < 2; i++) {
        __m512 a = eights[2 * i], b = eights[2 * i + 1];
        fours[i] = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
    }
    __m512 a = fours[0], b = fours[1];
    __m512 twos = _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xee));
    __m512 ones = _mm512_add_ps(twos, _mm512_permute_ps(twos, 0xb1)); /* 4 i: of sixteen i, 4 i + 2: of sixteen 4 + i */
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 2, 6, 10, 14, 0, 0, 0, 0, 0, 0, 0, 0);
    _mm256_storeu_ps(y, _mm512_castps512_ps256(_mm512_permutexvar_ps(order, ones)));
}

#include "sixteen.h"

static int runs_here(void) { return has_features(AVX512_VNNI); }

const Vectors avx512_vectors = {"AVX-512", runs_here, attend, join, keep, norm, gate};

#endif
