/* All that is no product: against double precision, each kind of vectors against the portable one bit by bit, a few rows
   against one, and a layer against its parts. */

#include "cases.h"
#include "layer.h"

int sightline_vectors(void);
const char *sightline_vectors_name(int number);
int sightline_vectors_run_here(int number);
int64_t sightline_layer_workspace(const Layer *l, const Step *step);
void sightline_attend(const Layer *l, const Step *step, int layer, const float *qkv, float *y);
void sightline_norm(const float *x, const float *weight, float epsilon, int64_t rows, int64_t width, float *y, int number);
void sightline_gate(const float *gates_and_ups, int64_t rows, int64_t width, float *y, int number);
void sightline_layer(const Layer *l, const Step *step, int layer);

enum { LAYER = 1 }; /* the number of the layer that is computed, of two */

typedef struct {
    Layer layer;
    int kind;
    int64_t rows, length, room;
    Half *keys[2], *values[2];
    Buffer all[64];
    int buffers;
    float *x, *cosine, *sine, *qkv;
} Work;

static void *take(Work *w, int64_t bytes, int64_t offset) {
    w->all[w->buffers] = buffer(bytes + !bytes, offset);
    return w->all[w->buffers++].data;
}

static float *floats(Work *w, int64_t count, int kind) {
    float *all = take(w, count * 4, 4 * between(0, 15));
    for (int64_t i = 0; i < count; i++) all[i] = activation(kind, i);
    return all;
}

static void empty(Work *w) {
    while (w->buffers > 0) free(w->all[--w->buffers].all);
}

static double exact(Half half) {
    int power = half >> 10 & 31, rest = half & 1023;
    double number = power == 31 ? (rest ? NAN : INFINITY) : power ? ldexp(1024 + rest, power - 25) : ldexp(rest, -24);
    return half & 0x8000 ? -number : number;
}

static int64_t heads_of(const Layer *l) { return l->heads + 2 * l->key_heads; }

static int64_t halves_in(const Work *w) { return w->layer.key_heads * w->room * w->layer.width; }

/* Cached tokens are numbers, the room behind them is not. */
static void fill_cache(Work *w, Half *cache) {
    for (int64_t i = 0; i < halves_in(w); i++) {
        int cached = i / w->layer.width % w->room < w->length;
        cache[i] = (Half)(cached ? (any() % 2 << 15 | any() % (15 << 10)) : 0x7eee);
        if (cached && any() % 2) cache[i] = (Half)(any() % 2 << 15 | (13 + any() % 4) << 10 | any() % 1024);
    }
}

static Factor random_factor(Work *w, int64_t outputs, int64_t width) {
    Factor p = {.weight = {.outputs = outputs, .width = width, .columns = (width + 63) / 64 * 64, .group = 64}};
    p.product = (int)(any() % PRODUCTS);
    int64_t blocks = (outputs + BLOCK - 1) / BLOCK, bytes = blocks * BLOCK * p.weight.columns / (p.product == INT4_PRODUCT ? 2 : 1);
    uint8_t *values = take(w, bytes, between(0, 63));
    for (int64_t i = 0; i < bytes; i++) values[i] = (uint8_t)(any() % 255 + 1);
    int64_t scales = blocks * BLOCK * (p.product == INT4_PRODUCT ? groups_of(&p.weight) : 1);
    uint16_t *scale = take(w, scales * 4, 0);
    for (int64_t i = 0; i < scales; i++) {
        if (p.product == INT4_PRODUCT) scale[i] = 0x3c00; /* 2^-7 */
        else ((float *)scale)[i] = 0.001f;
    }
    p.weight.values = values, p.weight.scales = scale;
    p.bias = any() % 2 ? floats(w, outputs, CALM) : NULL;
    return p;
}

static void random_work(Work *w) {
    static const int64_t lengths[] = {0, 1, 7, 254, 255, 256, 257, 511, 513, 600}, widths[] = {64, 128, 16, 80};
    Layer *l = &w->layer;
    int64_t hidden = between(1, 70), inner = between(1, 90);
    w->kind = (int)(any() % KINDS), w->buffers = 0;
    l->key_heads = between(1, 3), l->heads = l->key_heads * between(1, any() % 3 ? 9 : 16);
    l->width = any() % 2 ? widths[any() % 4] : 2 * between(1, 70);
    l->epsilon = 1e-6f;
    w->length = any() % 4 ? between(0, 40) : lengths[any() % 10];
    w->rows = any() % 2 ? 1 : between(2, w->length > 40 ? 3 : 9);
    w->room = w->length + w->rows + between(0, 3);
    for (int i = 0; i < 2; i++) {
        w->keys[i] = take(w, halves_in(w) * 2, 2 * between(0, 31));
        w->values[i] = take(w, halves_in(w) * 2, 2 * between(0, 31));
        fill_cache(w, w->keys[i]);
        fill_cache(w, w->values[i]);
    }
    l->qkv = random_factor(w, heads_of(l) * l->width, hidden), l->out = random_factor(w, hidden, l->heads * l->width);
    l->gate_up = random_factor(w, 2 * inner, hidden), l->down = random_factor(w, hidden, inner);
    l->attention_norm = floats(w, hidden, CALM), l->mlp_norm = floats(w, hidden, CALM);
    w->x = floats(w, w->rows * hidden, w->kind);
    w->qkv = floats(w, w->rows * heads_of(l) * l->width, w->kind);
    w->cosine = floats(w, w->rows * l->width, CALM), w->sine = floats(w, w->rows * l->width, CALM);
    for (int64_t i = 0; i < w->rows * l->width; i++) {
        float angle = 3.0f * w->cosine[i];
        w->cosine[i] = cosf(angle), w->sine[i] = sinf(angle);
    }
}

static Step step_of(Work *w, int vectors, int threads) {
    Step s = {
        .cosine = w->cosine, .sine = w->sine, .keys = w->keys, .values = w->values, .rows = w->rows,
        .length = w->length, .room = w->room, .vectors = vectors, .threads = threads,
    };
    s.workspace = take(w, sightline_layer_workspace(&w->layer, &s), 0);
    return s;
}

static void let_go(Work *w) { free(w->all[--w->buffers].all); }

/* One row's attention in double precision, over keys and values as they are kept. */
static int attention_is_right(const Work *w, int64_t row, const float *y) {
    const Layer *l = &w->layer;
    int64_t half = l->width / 2, tokens = w->length + row + 1;
    const float *qkv = w->qkv + row * heads_of(l) * l->width, *cosine = w->cosine + row * l->width;
    const float *sine = w->sine + row * l->width;
    double *shares = malloc((size_t)tokens * sizeof *shares);
    int right = 1;
    for (int64_t head = 0; head < l->heads; head++) {
        const float *query = qkv + head * l->width;
        const Half *keys = w->keys[LAYER] + head / (l->heads / l->key_heads) * w->room * l->width;
        const Half *values = w->values[LAYER] + (keys - w->keys[LAYER]);
        double greatest = -INFINITY, sum = 0, size = 0;
        for (int64_t t = 0; t < tokens; t++) {
            shares[t] = 0;
            for (int64_t i = 0; i < l->width; i++) {
                double other = query[i < half ? i + half : i - half];
                double turned = (double)query[i] * cosine[i] + other * sine[i];
                shares[t] += turned * exact(keys[t * l->width + i]) / sqrt((double)l->width);
                size = fmax(size, fabs(turned * exact(keys[t * l->width + i])));
            }
            greatest = fmax(greatest, shares[t]);
        }
        for (int64_t t = 0; t < tokens; t++) sum += shares[t] = exp(shares[t] - greatest);
        for (int64_t i = 0; i < l->width; i++) {
            double mixed = 0, most = 0;
            for (int64_t t = 0; t < tokens; t++) {
                double value = exact(values[t * l->width + i]);
                mixed += shares[t] * value / sum, most = fmax(most, fabs(value));
            }
            float found = y[head * l->width + i];
            if (isnan(mixed) || isnan(greatest)) right &= isnan(found);
            else right &= isinf(mixed) ? !isfinite(found) : fabs(mixed - found) <= 1e-6 * most * (2 + size);
        }
    }
    free(shares);
    return right;
}

/* What was appended is the turned key and the value to eleven bits; all else is as before. */
static int cache_is_right(const Work *w, Half *const before[2]) {
    const Layer *l = &w->layer;
    int64_t half = l->width / 2;
    for (int64_t place = 0; place < halves_in(w); place++) {
        int64_t i = place % l->width, row = place / l->width % w->room - w->length, head = place / l->width / w->room;
        if (row < 0 || row >= w->rows) {
            if (w->keys[LAYER][place] != before[0][place] || w->values[LAYER][place] != before[1][place]) return 0;
            continue;
        }
        const float *key = w->qkv + (row * heads_of(l) + l->heads + head) * l->width;
        double cosine = w->cosine[row * l->width + i], sine = w->sine[row * l->width + i];
        double other = key[i < half ? i + half : i - half];
        double wanted[2] = {key[i] * cosine + other * sine, key[l->key_heads * l->width + i]};
        double sizes[2] = {fabs(key[i]) + fabs(other), 0};
        double found[2] = {exact(w->keys[LAYER][place]), exact(w->values[LAYER][place])};
        for (int k = 0; k < 2; k++) {
            double wrong = fabs(found[k] - wanted[k]);
            if (isnan(wanted[k]) ? !isnan(found[k]) : fabs(wanted[k]) > 65536 ? !isinf(found[k]) && !isnan(found[k])
                : fabs(wanted[k]) < 65000 && !(wrong <= fabs(wanted[k]) / 2047 + 3e-8 + 1e-6 * sizes[k])) return 0;
        }
    }
    return 1;
}

static int numbers_are_right(Work *w, int vectors) {
    int64_t width = w->layer.qkv.weight.width, inner = w->layer.down.weight.width;
    float *y = take(w, width * 4, 4), *x = floats(w, 2 * inner, w->kind == HUGE_NUMBERS ? OUTLIERS : w->kind), *z;
    double squares = 0;
    int right = 1;
    z = take(w, inner * 4, 4);
    sightline_norm(w->x, w->layer.mlp_norm, 1e-6f, 1, width, y, vectors);
    sightline_gate(x, 1, inner, z, vectors);
    for (int64_t i = 0; i < width; i++) squares += (double)w->x[i] * w->x[i];
    for (int64_t i = 0; i < width; i++) {
        double wanted = w->x[i] / sqrt(squares / (double)width + 1e-6) * w->layer.mlp_norm[i];
        right &= isnan(wanted) ? isnan(y[i]) : squares > 1e38 || fabs(wanted - y[i]) <= 1e-5 * fabs(wanted) + 1e-37;
    }
    for (int64_t i = 0; i < inner; i++) {
        double wanted = x[i] / (1 + exp(-(double)x[i])) * x[inner + i];
        right &= isnan(wanted) ? isnan(z[i]) : isinf(wanted) ? !isfinite(z[i])
            : fabs(wanted - z[i]) <= 1e-6 * fabs(wanted) + 1e-33;
    }
    let_go(w), let_go(w), let_go(w);
    return right;
}

static int same_halves(const Half *a, const Half *b, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        if (a[i] != b[i] && !(isnan(exact(a[i])) && isnan(exact(b[i])))) return 0;
    }
    return 1;
}

/* What a call makes: its rows, and the layer's keys and values. */
typedef struct {
    float *y;
    Half *keys, *values;
} Outcome;

static Outcome outcome_of(Work *w, int64_t count) {
    Outcome o = {take(w, count * 4, 0), take(w, halves_in(w) * 2, 0), take(w, halves_in(w) * 2, 0)};
    return o;
}

static void note(const Work *w, Outcome o) {
    memcpy(o.keys, w->keys[LAYER], (size_t)halves_in(w) * 2);
    memcpy(o.values, w->values[LAYER], (size_t)halves_in(w) * 2);
}

static void restore(const Work *w, Outcome before) {
    memcpy(w->keys[LAYER], before.keys, (size_t)halves_in(w) * 2);
    memcpy(w->values[LAYER], before.values, (size_t)halves_in(w) * 2);
}

static int equals(const Work *w, Outcome wanted, const float *y, int64_t count) {
    return same(y, wanted.y, count) && same_halves(w->keys[LAYER], wanted.keys, halves_in(w)) &&
           same_halves(w->values[LAYER], wanted.values, halves_in(w));
}

static const char *attention_differs(Work *w) {
    const Layer *l = &w->layer;
    int64_t width = l->heads * l->width, count = w->rows * width;
    Outcome before = outcome_of(w, 0), wanted = outcome_of(w, count);
    float *y = take(w, count * 4, 4 * between(0, 15));
    note(w, before);
    for (int number = sightline_vectors() - 1; number >= 0; number--) {
        int first = number == sightline_vectors() - 1;
        if (!sightline_vectors_run_here(number)) continue;
        for (int threads = 1; threads <= 4; threads += 3) {
            Step step = step_of(w, number, threads);
            restore(w, before);
            memset(y, 255, (size_t)count * 4);
            sightline_attend(l, &step, LAYER, w->qkv, y);
            let_go(w);
            if (first && threads == 1) {
                memcpy(wanted.y, y, (size_t)count * 4);
                note(w, wanted);
                Half *kept[2] = {before.keys, before.values};
                if (!cache_is_right(w, kept)) return "its keys and values are wrong";
            }
            if (!equals(w, wanted, y, count)) return "attention differs";
        }
        if (!numbers_are_right(w, number)) return "norm or activation is wrong";
        for (int64_t row = 0; w->rows > 1 && row < w->rows; row++) {
            Work alone = *w;
            alone.length += row, alone.rows = 1, alone.cosine += row * l->width, alone.sine += row * l->width;
            Step step = step_of(&alone, number, 1);
            sightline_attend(l, &step, LAYER, w->qkv + row * heads_of(l) * l->width, y + row * width);
            let_go(&alone);
        }
        if (!equals(w, wanted, y, count)) return "a row alone differs";
    }
    for (int64_t row = 0; w->kind != HUGE_NUMBERS && row < w->rows; row++) {
        if (!attention_is_right(w, row, wanted.y + row * width)) return "attention is wrong";
    }
    restore(w, before);
    return NULL;
}

static void multiply(Work *w, const Factor *p, const float *x, float *y) {
    uint8_t *workspace = take(w, sightline_workspace(&p->weight, w->rows, p->product), 0);
    sightline_product(&p->weight, p->product, x, w->rows, p->bias, y, workspace, p->path, 1);
    let_go(w);
}

/* A layer from its parts, which are tested by themselves. */
static void compose(Work *w, float *x) {
    const Layer *l = &w->layer;
    int64_t hidden = l->qkv.weight.width, inner = l->down.weight.width, last = sightline_vectors() - 1, rows = w->rows;
    float *narrow = take(w, rows * (hidden + inner + l->heads * l->width) * 4, 0);
    float *wide = take(w, rows * (hidden + 2 * inner + heads_of(l) * l->width) * 4, 0);
    Step step = step_of(w, (int)last, 1);
    sightline_norm(x, l->attention_norm, l->epsilon, rows, hidden, narrow, (int)last);
    multiply(w, &l->qkv, narrow, wide);
    sightline_attend(l, &step, LAYER, wide, narrow);
    multiply(w, &l->out, narrow, wide);
    for (int64_t i = 0; i < rows * hidden; i++) x[i] += wide[i];
    sightline_norm(x, l->mlp_norm, l->epsilon, rows, hidden, narrow, (int)last);
    multiply(w, &l->gate_up, narrow, wide);
    sightline_gate(wide, rows, inner, narrow, (int)last);
    multiply(w, &l->down, narrow, wide);
    for (int64_t i = 0; i < rows * hidden; i++) x[i] += wide[i];
    let_go(w), let_go(w), let_go(w);
}

static const char *layer_differs(Work *w) {
    int64_t count = w->rows * w->layer.qkv.weight.width, spent[KINDS_OF_WORK] = {0};
    Outcome before = outcome_of(w, 0), wanted = outcome_of(w, count);
    Factor *factors[] = {&w->layer.qkv, &w->layer.out, &w->layer.gate_up, &w->layer.down};
    float *x = take(w, count * 4, 4 * between(0, 15));
    int fastest = 0;
    while (!sightline_path_runs_here(fastest)) fastest++;
    for (int i = 0; i < 4; i++) factors[i]->path = fastest;
    note(w, before);
    memcpy(wanted.y, w->x, (size_t)count * 4);
    compose(w, wanted.y);
    note(w, wanted);
    for (int number = 0; number < sightline_vectors(); number++) {
        for (int threads = 1; sightline_vectors_run_here(number) && threads <= 4; threads += 3) {
            Step step = step_of(w, number, threads);
            step.x = x, step.spent = threads == 1 ? spent : NULL;
            restore(w, before);
            memcpy(x, w->x, (size_t)count * 4);
            sightline_layer(&w->layer, &step, LAYER);
            let_go(w);
            if (!equals(w, wanted, x, count)) return "a layer is not its parts";
        }
    }
    restore(w, before);
    return NULL;
}

int layers_are_exact(uint64_t seed, int cases) {
    state = seed;
    for (int number = 0; number < cases; number++) {
        Work w;
        random_work(&w);
        const char *wrong = attention_differs(&w);
        if (!wrong) wrong = layer_differs(&w);
        if (wrong) {
            printf("case %d: %s: %d heads of %d, %d wide, %d rows of kind %d behind %d tokens\n", number, wrong,
                   (int)w.layer.heads, (int)w.layer.key_heads, (int)w.layer.width, (int)w.rows, w.kind, (int)w.length);
            return 0;
        }
        empty(&w);
    }
    for (int number = 0; number < sightline_vectors(); number++) {
        if (sightline_vectors_run_here(number)) printf("layers: %s\n", sightline_vectors_name(number));
    }
    return 1;
}
