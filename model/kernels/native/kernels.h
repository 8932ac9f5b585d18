/* Products of float32 activations with weights of four or eight bits, for CPUs.

   Plain C11, no library but the C library and the system's threads. All memory is the caller's. Every path computes
   the same integer sums and the same float32 operations in the same order, so that all paths, any number of threads
   and any number of rows give the same bits. portable.c is the definition.

   Weights lie in blocks of 16 outputs, so that one lane of a vector is one output (row of the weight):

   int4  values [blocks][columns / 8][16][4] bytes: byte c of output r holds column 8 i + c in its low and 8 i + 4 + c
         in its high half, each a code -8 ... 7 stored plus 8;
         scales [blocks][groups][16] bfloat16, one for each output and group of columns.
   int8  values [blocks][columns / 4][16][4] bytes: byte c of output r is column 4 i + c, -127 ... 127 stored plus 128;
         scales [blocks][16] float32, one for each output.

   Activations become integers of two digits of base 128 first: fifteen bits, with one scale for each row (int8) or each
   row and group (int4, and int8 where it is coarse). By groups, the low digits are zeros, and are not multiplied, in a
   group whose largest number is no outlier: there eight bits lose less than 1 % of the group's power. No sum can
   overflow 32 bits:
   int4: group * 15 * (127 * 128 + 64) <= 128 * 244,800 = 31,334,400, and as much again for the offset;
   coarse int8: group * 255 * (127 * 128 + 64) <= 128 * 4,161,600 = 532,684,800, and half as much for the offset;
   int8: columns * 255 * 127 <= 65,536 * 32,385 = 2,122,383,360 < 2^31, and the offset is taken off in wrapping
         unsigned arithmetic from a sum whose true value is at most 65,536 * 128 * 127. */

#ifndef SIGHTLINE_KERNELS_H
#define SIGHTLINE_KERNELS_H

#include <stdint.h>

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#define ALWAYS_INLINE static __forceinline
#define TARGET(features)
#define UNROLL
#define ROLLED
#else
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define TARGET(features) __attribute__((target(features)))
#define UNROLL _Pragma("GCC unroll 16")
#define ROLLED _Pragma("GCC unroll 1")
#endif

enum { BLOCK = 16, MOST_ROWS = 8, PAIR_ROWS = 6, DIGIT_BITS = 7, DIGIT = 1 << DIGIT_BITS };
enum { INT4_ZERO = 8, INT8_ZERO = 128, FIFTEEN_BITS = 127 * DIGIT };

/* What a product is made of: how weights are kept, and how activations are. */
enum { INT4_PRODUCT, INT8_PRODUCT, COARSE_INT8_PRODUCT, PRODUCTS };

/* A weight [outputs, columns]. `columns` are those stored, whole groups of 32, 64 or 128 in int4, whole 64s in int8,
   whose groups, of 64, matter to coarse products only; `width` are those of an activation. */
typedef struct {
    const uint8_t *values;
    const void *scales;
    int64_t outputs;
    int64_t width;
    int64_t columns;
    int64_t group;
} Weight;

/* Activations as integers. codes [rows][2][columns], high digits first. By groups: scales [rows][groups]; sums
   [rows][groups], of the whole numbers; wide [rows][groups], whether there are low digits. By rows: scales [rows]; sums
   [rows][2], of each digit. */
typedef struct {
    int8_t *codes;
    float *scales;
    int32_t *sums;
    uint8_t *wide;
} Activations;

/* y [rows][outputs], with an optional bias [outputs]. */
typedef struct {
    float *y;
    const float *bias;
} Result;

/* One way of computing on this processor, product by product: `tile` gives `rows` <= MOST_ROWS rows of one block of
   outputs; `pair`, if it is there, PAIR_ROWS rows of this block and the next, so that each activation is read once for
   both. */
typedef struct {
    const char *name;
    int (*runs_here)(void);
    void (*pack_groups)(const Weight *w, const float *x, Activations a, int64_t row);
    void (*pack_row)(const Weight *w, const float *x, Activations a, int64_t row);
    void (*tile[PRODUCTS])(const Weight *w, Activations a, int64_t block, int64_t row, int rows, Result result);
    void (*pair[PRODUCTS])(const Weight *w, Activations a, int64_t block, int64_t row, Result result);
} Path;

extern const Path portable_path;

#if defined(__x86_64__) || defined(_M_X64)
#define HAS_X86_PATHS
extern const Path avx2_path, avxvnni_path, avx512vl_path, avx512_path;
#endif

/* Clang before 16 has these only where the whole program is for such processors, Microsoft's compiler never. */
#if defined(__aarch64__) && (!defined(__clang__) || __clang_major__ >= 16 || defined(__ARM_FEATURE_DOTPROD))
#define HAS_DOTPROD_PATH
extern const Path dotprod_path;
#endif
#if defined(__aarch64__) && (!defined(__clang__) || __clang_major__ >= 16 || defined(__ARM_FEATURE_MATMUL_INT8))
#define HAS_I8MM_PATH
extern const Path i8mm_path;
#endif

/* `task(context, first, last)` for pieces of 0 ... count - 1, by up to `threads` threads; returns when all are done. */
typedef void (*Task)(void *context, int64_t first, int64_t last);
void share(int threads, int64_t count, int64_t piece, Task task, void *context);

/* How many of a block's 16 outputs the weight has. */
static inline int outputs_in(const Weight *w, int64_t block) {
    int64_t left = w->outputs - block * BLOCK;
    return left < BLOCK ? (int)left : BLOCK;
}

/* Whether a group's largest number, which became 127, is more than four times its root mean square. */
static inline int has_outlier(int32_t squares, int64_t group) { return 16 * squares < 127 * 127 * (int32_t)group; }

static inline int64_t groups_of(const Weight *w) { return w->columns / w->group; }

#endif
