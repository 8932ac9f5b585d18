/* Every way of computing against the portable one, bit by bit, on random weights and activations.

   exactness SEED CASES: names the ways that ran, one a line, or tells the first difference and exits with 1. */

#include "cases.h"

static uint16_t scale16(int kind) {
    float number = kind == 0 ? 0.0f : kind == 1 ? 1e-38f * normal() : kind == 2 ? 1e30f : normal();
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return (uint16_t)(bits >> 16);
}

typedef struct {
    Weight weight;
    int product, kind;
    int64_t rows;
    Buffer values, scales, x, bias, workspace, y, wanted;
} Case;

static void fill(Case *c) {
    Weight *w = &c->weight;
    int64_t blocks = (w->outputs + BLOCK - 1) / BLOCK, groups = groups_of(w);
    int64_t bytes = blocks * BLOCK * w->columns / (c->product == INT4_PRODUCT ? 2 : 1);
    c->values = buffer(bytes, between(0, 63));
    for (int64_t i = 0; i < bytes; i++) {
        ((uint8_t *)c->values.data)[i] = (uint8_t)(c->kind == EXTREMES ? (any() % 2 ? 255 : 0) : any());
    }
    int64_t count = blocks * BLOCK * (c->product == INT4_PRODUCT ? groups : 1);
    c->scales = buffer(count * (c->product == INT4_PRODUCT ? 2 : 4), 4 * between(0, 15));
    for (int64_t i = 0; i < count; i++) {
        if (c->product == INT4_PRODUCT) ((uint16_t *)c->scales.data)[i] = scale16(any() % 40);
        else ((float *)c->scales.data)[i] = any() % 40 ? normal() : 0.0f;
    }
    c->x = buffer(c->rows * w->width * 4, 4 * between(0, 15));
    for (int64_t row = 0; row < c->rows; row++) {
        int kind = c->kind == NOT_FINITE && row % 2 ? CALM : c->kind;
        for (int64_t k = 0; k < w->width; k++) ((float *)c->x.data)[row * w->width + k] = activation(kind, k);
    }
    c->bias = buffer(w->outputs * 4, 4 * between(0, 15));
    for (int64_t i = 0; i < w->outputs; i++) ((float *)c->bias.data)[i] = normal();
    w->values = c->values.data;
    w->scales = c->scales.data;
    c->workspace = buffer(sightline_workspace(w, c->rows, c->product), 0);
    c->y = buffer(c->rows * w->outputs * 4, 4 * between(0, 15));
    c->wanted = buffer(c->rows * w->outputs * 4, 0);
}

static void empty(Case *c) {
    Buffer all[] = {c->values, c->scales, c->x, c->bias, c->workspace, c->y, c->wanted};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i].all);
}

static void multiply(Case *c, float *y, int path, int threads) {
    const float *bias = c->kind % 2 ? c->bias.data : NULL;
    sightline_product(&c->weight, c->product, c->x.data, c->rows, bias, y, c->workspace.data, path, threads);
}

static Case random_case(void) {
    static const int64_t groups[] = {32, 64, 128};
    Case c = {.product = (int)(any() % PRODUCTS), .kind = (int)(any() % KINDS), .rows = between(1, 19)};
    Weight *w = &c.weight;
    w->group = c.product == INT4_PRODUCT ? groups[any() % 3] : 64;
    w->outputs = between(1, 70);
    w->width = any() % 8 ? between(1, 400) : between(1, 4) * w->group;
    w->columns = (w->width + w->group - 1) / w->group * w->group;
    fill(&c);
    return c;
}

/* As many columns as an int8 weight may have, all numbers as large as they can be: the sum is known. */
static int largest_sum(int path) {
    Case c = {.product = INT8_PRODUCT, .kind = EXTREMES, .rows = 2};
    c.weight = (Weight){.outputs = 1, .width = 65536, .columns = 65536, .group = 64};
    fill(&c);
    memset(c.values.data, 255, 65536 * BLOCK);
    for (int64_t k = 0; k < 65536; k++) ((float *)c.x.data)[k] = 2.0f, ((float *)c.x.data)[65536 + k] = -2.0f;
    for (int r = 0; r < BLOCK; r++) ((float *)c.scales.data)[r] = 1.0f;
    ((float *)c.bias.data)[0] = 0.0f;
    multiply(&c, c.y.data, path, 1);
    float *y = c.y.data;
    int right = fabsf(y[0] - 127.0f * 131072.0f) < 2.0f && y[1] == -y[0];
    empty(&c);
    return right;
}

int main(int count, char **words) {
    if (count < 3) return 2;
    int paths = sightline_paths();
    state = (uint64_t)atoll(words[1]);
    for (int number = 0; number < atoi(words[2]); number++) {
        Case c = random_case();
        multiply(&c, c.wanted.data, paths - 1, 1);
        for (int path = 0; path < paths; path++) {
            if (!sightline_path_runs_here(path)) continue;
            for (int threads = 1; threads <= 4; threads += 3) {
                memset(c.y.data, 255, (size_t)(c.rows * c.weight.outputs * 4));
                multiply(&c, c.y.data, path, threads);
                if (!same(c.y.data, c.wanted.data, c.rows * c.weight.outputs)) {
                    printf("case %d of seed %s: %s differs: product %d [%d, %d] in groups of %d, %d rows of kind %d\n", number,
                           words[1], sightline_path_name(path), c.product, (int)c.weight.outputs, (int)c.weight.width,
                           (int)c.weight.group, (int)c.rows, c.kind);
                    return 1;
                }
            }
        }
        empty(&c);
    }
    for (int path = 0; path < paths; path++) {
        if (!sightline_path_runs_here(path)) continue;
        if (!largest_sum(path)) {
            printf("%s overflows\n", sightline_path_name(path));
            return 1;
        }
        printf("%s\n", sightline_path_name(path));
    }
    return !layers_are_exact(state, atoi(words[2]) / 2);
}
