/* The same as AVX-VNNI in the encoding of AVX-512. Never the fastest; it lets processors without AVX-VNNI test that
   path's code, of which only the instruction's encoding differs. */

#include "kernels.h"

#if defined(HAS_X86_PATHS)

#define FEATURES "avx2,fma,avx512f,avx512vl,avx512vnni"
#define OFFSET8 INT8_ZERO
#define DOT4 _mm256_dpbusd_epi32
#define WITH4 _mm256_add_epi32
#define DOT8 _mm256_dpbusd_epi32

#include "vectors256.h"

static int runs_here(void) { return has_features(AVX2_FMA | AVX512_VNNI); }

const Path avx512vl_path = {"AVX-512 VNNI in 256 bits", runs_here, pack_groups, pack_row, {int4, int8, coarse_int8}, {0}};

#endif
