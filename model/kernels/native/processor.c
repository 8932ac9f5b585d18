/* The processor's own answer about its instructions, and the system's whether it keeps their registers. */

#include "processor.h"

#include <stdint.h>

#if defined(__x86_64__) || defined(_M_X64)

#if defined(_MSC_VER)
#include <intrin.h>
#else
#include <cpuid.h>
#endif

typedef struct {
    uint32_t a, b, c, d;
} Answer;

static Answer ask(uint32_t leaf, uint32_t part) {
    Answer answer = {0, 0, 0, 0};
#if defined(_MSC_VER)
    int words[4];
    __cpuidex(words, (int)leaf, (int)part);
    answer.a = (uint32_t)words[0], answer.b = (uint32_t)words[1];
    answer.c = (uint32_t)words[2], answer.d = (uint32_t)words[3];
#else
    __cpuid_count(leaf, part, answer.a, answer.b, answer.c, answer.d);
#endif
    return answer;
}

/* Which registers the system saves (XCR0): bits 1 and 2 are those of AVX, 5 to 7 those of AVX-512. */
static uint32_t saved_registers(void) {
#if defined(_MSC_VER)
    return (uint32_t)_xgetbv(0);
#else
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
#endif
}

#define BIT(word, number) (((word) >> (number)) & 1u)

static int found(void) {
    if (ask(0, 0).a < 7) return 0;
    Answer basic = ask(1, 0), more = ask(7, 0);
    if (!BIT(basic.c, 27) || (saved_registers() & 0x06) != 0x06) return 0; /* OSXSAVE */
    int features = 0;
    if (BIT(basic.c, 12) && BIT(more.b, 5)) features |= AVX2_FMA;
    if (features && more.a >= 1 && BIT(ask(7, 1).a, 4)) features |= AVX_VNNI;
    int foundation = BIT(more.b, 16) && BIT(more.b, 17) && BIT(more.b, 30) && BIT(more.b, 31); /* F, DQ, BW, VL */
    if (features && foundation && BIT(more.c, 11) && (saved_registers() & 0xe0) == 0xe0) features |= AVX512_VNNI;
    if (BIT(basic.c, 29)) features |= HALF_PRECISION;
    return features;
}

#elif defined(__aarch64__) || defined(_M_ARM64)

#if defined(__APPLE__)
#include <sys/sysctl.h>

static int knows(const char *name) {
    int answer = 0;
    size_t size = sizeof answer;
    return sysctlbyname(name, &answer, &size, 0, 0) == 0 && answer;
}

static int found(void) {
    return (knows("hw.optional.arm.FEAT_DotProd") ? DOT_PRODUCT : 0) |
           (knows("hw.optional.arm.FEAT_I8MM") ? MATRIX_PRODUCT : 0);
}
#elif defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

static int found(void) {
    return IsProcessorFeaturePresent(43) ? DOT_PRODUCT : 0; /* PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE */
}
#else
#include <sys/auxv.h>

static int found(void) {
    return (getauxval(AT_HWCAP) & (1ul << 20) ? DOT_PRODUCT : 0) |    /* HWCAP_ASIMDDP */
           (getauxval(AT_HWCAP2) & (1ul << 13) ? MATRIX_PRODUCT : 0); /* HWCAP2_I8MM */
}
#endif

#else

static int found(void) { return 0; }

#endif

int has_features(int wanted) { return (found() & wanted) == wanted; }
