/* A few rows through one layer, called from outside; which instructions compute what is between its products. */

#include "layer.h"

#include <math.h>
#include <string.h>
#include <time.h>

int64_t sightline_workspace(const Weight *w, int64_t rows, int product);
void sightline_product(const Weight *w, int product, const float *x, int64_t rows, const float *bias, float *y,
                       uint8_t *workspace, int path, int threads);

/* Fastest first; the last one runs everywhere. */
static const Vectors *const vectors[] = {
#if defined(HAS_X86_PATHS)
    &avx512_vectors, &avx2_vectors,
#endif
#if defined(__aarch64__)
    &neon_vectors,
#endif
    &portable_vectors,
};

EXPORT int sightline_vectors(void) { return sizeof vectors / sizeof *vectors; }

EXPORT const char *sightline_vectors_name(int number) { return vectors[number]->name; }

EXPORT int sightline_vectors_run_here(int number) { return vectors[number]->runs_here(); }

static int64_t rounded_up(int64_t count, int64_t whole) { return (count + whole - 1) / whole * whole; }

/* Adds the nanoseconds since *last to one kind of work, and begins the next. */
static void tell_time(const Step *step, int kind, int64_t *last) {
    struct timespec time;
    if (!step->spent) return;
    timespec_get(&time, TIME_UTC);
    int64_t now = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    if (kind < KINDS_OF_WORK) step->spent[kind] += now - *last;
    *last = now;
}

/* One row's attention. Its query heads are kept in groups of one key head's, eight at a time. */
typedef struct {
    const Layer *layer;
    const Vectors *vectors;
    const Half *keys, *values;
    float *queries; /* [key_heads][blocks][GROUP][padded] */
    float *parts;   /* [key_heads][blocks][spans][stride] */
    float *y;
    int64_t room, tokens, blocks, spans, padded, stride;
} Attention;

static Attention attention_of(const Layer *l, int64_t tokens) {
    int64_t blocks = rounded_up(l->heads / l->key_heads, GROUP) / GROUP, padded = rounded_up(l->width, LANES);
    Attention a = {.layer = l, .tokens = tokens, .blocks = blocks, .padded = padded};
    a.spans = rounded_up(tokens, SPAN) / SPAN;
    a.stride = GROUP * (2 + padded);
    return a;
}

static int64_t floats_of_queries(const Attention *a) { return a->layer->key_heads * a->blocks * GROUP * a->padded; }

static int64_t floats_of_parts(const Attention *a) { return a->layer->key_heads * a->blocks * a->spans * a->stride; }

static void attend_spans(void *context, int64_t first, int64_t last) {
    const Attention *a = context;
    int64_t width = a->layer->width;
    for (int64_t number = first; number < last; number++) {
        int64_t block = number / a->spans, start = number % a->spans * SPAN, left = a->tokens - start;
        int64_t token = block / a->blocks * a->room + start;
        float *part = a->parts + number * a->stride;
        Span span = {
            a->queries + block * GROUP * a->padded, a->keys + token * width, a->values + token * width,
            left < SPAN ? left : SPAN, width, part, part + GROUP, part + 2 * GROUP,
        };
        a->vectors->attend(&span);
    }
}

static void join_heads(void *context, int64_t first, int64_t last) {
    const Attention *a = context;
    int64_t group = a->layer->heads / a->layer->key_heads;
    for (int64_t head = first; head < last; head++) {
        int64_t query = head % group, block = head / group * a->blocks + query / GROUP;
        const float *part = a->parts + block * a->spans * a->stride + query % GROUP;
        const float *mixed = part + 2 * GROUP + query % GROUP * (a->padded - 1);
        Parts parts = {part, part + GROUP, mixed, a->spans, a->stride, a->layer->width};
        a->vectors->join(&parts, a->y + head * a->layer->width);
    }
}

static void turn(const float *x, const float *cosine, const float *sine, int64_t width, float scale, float *y) {
    int64_t half = width / 2;
    for (int64_t i = 0; i < half; i++) y[i] = (x[i] * cosine[i] + x[half + i] * sine[i]) * scale;
    for (int64_t i = half; i < width; i++) y[i] = (x[i] * cosine[i] + x[i - half] * sine[i]) * scale;
}

/* Queries are turned, scaled and put in their places. */
static void place_queries(Attention *a, const float *qkv, const float *cosine, const float *sine) {
    const Layer *l = a->layer;
    int64_t group = l->heads / l->key_heads;
    float scale = 1.0f / sqrtf((float)l->width);
    memset(a->queries, 0, (size_t)floats_of_queries(a) * sizeof *a->queries);
    for (int64_t head = 0; head < l->heads; head++) {
        int64_t place = head / group * a->blocks * GROUP + head % group;
        turn(qkv + head * l->width, cosine, sine, l->width, scale, a->queries + place * a->padded);
    }
}

/* The row's key, turned, and its value go behind the cached ones. */
static void append(Attention *a, const Step *step, int layer, const float *qkv, const float *cosine, const float *sine) {
    const Layer *l = a->layer;
    float *key = a->parts; /* not needed yet */
    for (int64_t head = 0; head < l->key_heads; head++) {
        int64_t place = (head * step->room + a->tokens - 1) * l->width;
        turn(qkv + (l->heads + head) * l->width, cosine, sine, l->width, 1.0f, key);
        a->vectors->keep(key, l->width, step->keys[layer] + place);
        a->vectors->keep(qkv + (l->heads + l->key_heads + head) * l->width, l->width, step->values[layer] + place);
    }
}

static void attend_row(const Layer *l, const Step *step, int layer, int64_t row, const float *qkv, float *y) {
    const float *cosine = step->cosine + row * l->width, *sine = step->sine + row * l->width;
    Attention a = attention_of(l, step->length + row + 1);
    a.vectors = vectors[step->vectors];
    a.keys = step->keys[layer], a.values = step->values[layer], a.room = step->room, a.y = y;
    a.queries = (float *)step->workspace;
    a.parts = a.queries + floats_of_queries(&a);
    append(&a, step, layer, qkv, cosine, sine);
    place_queries(&a, qkv, cosine, sine);
    share(step->threads, l->key_heads * a.blocks * a.spans, 1, attend_spans, &a);
    share(step->threads, l->heads, a.spans < GROUP ? l->heads : 1, join_heads, &a);
}

/* y [rows][heads * width] of qkv [rows][(heads + 2 key_heads) * width], whose keys and values are cached. */
EXPORT void sightline_attend(const Layer *l, const Step *step, int layer, const float *qkv, float *y) {
    for (int64_t row = 0; row < step->rows; row++) {
        attend_row(l, step, layer, row, qkv + row * (l->heads + 2 * l->key_heads) * l->width, y + row * l->heads * l->width);
    }
}

/* y [rows][width] = x / sqrt(mean(x^2) + epsilon) * weight */
EXPORT void sightline_norm(
    const float *x, const float *weight, float epsilon, int64_t rows, int64_t width, float *y, int number) {
    for (int64_t row = 0; row < rows; row++) {
        vectors[number]->norm(x + row * width, weight, epsilon, width, y + row * width);
    }
}

/* y [rows][width] = silu(gate) * up of [rows][2 width] */
EXPORT void sightline_gate(const float *gates_and_ups, int64_t rows, int64_t width, float *y, int number) {
    for (int64_t row = 0; row < rows; row++) {
        vectors[number]->gate(gates_and_ups + row * 2 * width, width, y + row * width);
    }
}

/* Where things lie in the workspace, in bytes from its start: attention's own things come first. */
typedef struct {
    int64_t narrow, wide, product, all;
} Places;

static int64_t largest(int64_t a, int64_t b) { return a > b ? a : b; }

static Places places_in(const Layer *l, const Step *step) {
    const Factor *factors[] = {&l->qkv, &l->out, &l->gate_up, &l->down};
    Attention a = attention_of(l, step->length + step->rows);
    int64_t size = sizeof(float), product = 0;
    int64_t hidden = l->qkv.weight.width, narrow = largest(hidden, largest(l->out.weight.width, l->down.weight.width));
    int64_t wide = largest(hidden, largest(l->qkv.weight.outputs, l->gate_up.weight.outputs));
    Places p;
    for (int i = 0; i < 4; i++) {
        product = largest(product, sightline_workspace(&factors[i]->weight, step->rows, factors[i]->product));
    }
    p.narrow = rounded_up((floats_of_queries(&a) + largest(floats_of_parts(&a), l->width)) * size, 64);
    p.wide = p.narrow + rounded_up(narrow * step->rows * size, 64);
    p.product = p.wide + rounded_up(wide * step->rows * size, 64);
    p.all = p.product + product;
    return p;
}

/* Bytes of workspace for a step through such a layer. */
EXPORT int64_t sightline_layer_workspace(const Layer *l, const Step *step) { return places_in(l, step).all; }

static void multiply(const Factor *f, const Step *step, uint8_t *workspace, const float *x, float *y) {
    sightline_product(&f->weight, f->product, x, step->rows, f->bias, y, workspace, f->path, step->threads);
}

static void add(float *x, const float *y, int64_t count) {
    for (int64_t i = 0; i < count; i++) x[i] += y[i];
}

/* x [rows][hidden] goes through layer number `layer` in place; its keys and values are put behind the cached ones. */
EXPORT void sightline_layer(const Layer *l, const Step *step, int layer) {
    Places p = places_in(l, step);
    int64_t rows = step->rows, hidden = l->qkv.weight.width, inner = l->down.weight.width, last = 0;
    float *narrow = (float *)(step->workspace + p.narrow), *wide = (float *)(step->workspace + p.wide);
    uint8_t *product = step->workspace + p.product;
    tell_time(step, KINDS_OF_WORK, &last);
    sightline_norm(step->x, l->attention_norm, l->epsilon, rows, hidden, narrow, step->vectors);
    tell_time(step, TIME_OF_NORMS, &last);
    multiply(&l->qkv, step, product, narrow, wide);
    tell_time(step, TIME_OF_PRODUCTS, &last);
    sightline_attend(l, step, layer, wide, narrow);
    tell_time(step, TIME_OF_ATTENTION, &last);
    multiply(&l->out, step, product, narrow, wide);
    tell_time(step, TIME_OF_PRODUCTS, &last);
    add(step->x, wide, rows * hidden);
    sightline_norm(step->x, l->mlp_norm, l->epsilon, rows, hidden, narrow, step->vectors);
    tell_time(step, TIME_OF_NORMS, &last);
    multiply(&l->gate_up, step, product, narrow, wide);
    tell_time(step, TIME_OF_PRODUCTS, &last);
    sightline_gate(wide, rows, inner, narrow, step->vectors);
    tell_time(step, TIME_OF_ACTIVATION, &last);
    multiply(&l->down, step, product, narrow, wide);
    tell_time(step, TIME_OF_PRODUCTS, &last);
    add(step->x, wide, rows * hidden);
    tell_time(step, TIME_OF_NORMS, &last);
}
