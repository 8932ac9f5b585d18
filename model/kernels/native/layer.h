/* A few rows through a whole layer of the decoder: norms, products, rotary embedding, attention over the cached keys and
   values, silu(gate) * up. Between the products all is float32; keys and values are kept in half precision.

   Everything that adds up does so in sixteen lanes, lane i taking elements i, i + 16, ..., by fused multiply-adds, then
   lane i + 8 is added to lane i, i + 4, i + 2, i + 1. Attention is computed for spans of tokens and up to eight query heads,
   whose results are joined in order; a row never sees how many rows come with it. So each kind of vectors, any number of
   threads and any number of rows give the same bits. vectors_portable.c is the definition. */

#ifndef SIGHTLINE_LAYER_H
#define SIGHTLINE_LAYER_H

#include "kernels.h"

enum { LANES = 16, GROUP = 8, SPAN = 256 };

typedef uint16_t Half;

/* Some tokens of one key head, for eight query heads. What comes of them: the greatest score, the sum of the exponentials
   of all scores less that, and the values weighed by these exponentials. */
typedef struct {
    const float *queries;      /* [GROUP][padded], scaled; zeros where there is nothing */
    const Half *keys, *values; /* [tokens][width] */
    int64_t tokens, width;
    float *greatest, *sums, *mixed; /* [GROUP], [GROUP], [GROUP][padded] */
} Span;

/* The results of `count` spans for one query head; those of the next span are `stride` floats further. */
typedef struct {
    const float *greatest, *sums, *mixed;
    int64_t count, stride, width;
} Parts;

/* One set of instructions' way of all that is no product. */
typedef struct {
    const char *name;
    int (*runs_here)(void);
    void (*attend)(const Span *span);
    void (*join)(const Parts *parts, float *y);
    void (*keep)(const float *x, int64_t count, Half *y);
    void (*norm)(const float *x, const float *weight, float epsilon, int64_t width, float *y);
    void (*gate)(const float *gates_and_ups, int64_t width, float *y);
} Vectors;

extern const Vectors portable_vectors;
#if defined(HAS_X86_PATHS)
extern const Vectors avx2_vectors, avx512_vectors;
#endif
#if defined(__aarch64__)
extern const Vectors neon_vectors;
#endif

/* What a product multiplies with: a weight, its bias or NULL, the kind of product and the path that computes it. */
typedef struct {
    Weight weight;
    const float *bias;
    int32_t product, path;
} Factor;

/* qkv gives queries, keys and values, gate_up gates and ups, one behind the other. */
typedef struct {
    Factor qkv, out, gate_up, down;
    const float *attention_norm, *mlp_norm;
    int64_t heads, key_heads, width;
    float epsilon;
} Layer;

enum { TIME_OF_PRODUCTS, TIME_OF_ATTENTION, TIME_OF_NORMS, TIME_OF_ACTIVATION, KINDS_OF_WORK };

/* Rows on their way through all layers. The left half of each sine is negative: halves of a head are the two coordinates,
   and the left one becomes left * cosine + right * sine, the right one right * cosine + left * sine. */
typedef struct {
    float *x;                   /* [rows][hidden] */
    const float *cosine, *sine; /* [rows][width] */
    Half *const *keys, *const *values; /* of each layer [key_heads][room][width] */
    uint8_t *workspace;
    int64_t *spent; /* NULL, or nanoseconds of each kind of work, which are added to */
    int64_t rows, length, room; /* `length` tokens are cached already */
    int32_t vectors, threads;
} Step;

#endif
