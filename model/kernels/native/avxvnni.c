/* AVX-VNNI: dot products of four bytes in registers of 256 bits, as client processors have them. */

#include "kernels.h"

#if defined(HAS_X86_PATHS)

#define FEATURES "avx2,fma,avxvnni"
#define OFFSET8 INT8_ZERO
#define DOT4 _mm256_dpbusd_avx_epi32
#define WITH4 _mm256_add_epi32
#define DOT8 _mm256_dpbusd_avx_epi32

#include "vectors256.h"

static int runs_here(void) { return has_features(AVX2_FMA | AVX_VNNI); }

const Path avxvnni_path = {"AVX-VNNI", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8}, {0}};

#endif
