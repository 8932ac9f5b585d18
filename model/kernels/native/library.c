/* What is called from outside: which paths there are, and the two products; layer.c has the rest. */

#include "kernels.h"

#include <stddef.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/* Fastest first; the last one runs everywhere. */
static const Path *const paths[] = {
#if defined(HAS_X86_PATHS)
    &avx512_path, &avxvnni_path, &avx512vl_path, &avx2_path,
#endif
#if defined(HAS_I8MM_PATH)
    &i8mm_path,
#endif
#if defined(HAS_DOTPROD_PATH)
    &dotprod_path,
#endif
    &portable_path,
};

enum { PATHS = sizeof paths / sizeof *paths, PIECES_A_THREAD = 32 };

/* Raised with every change of what is called here or of how weights lie. */
EXPORT int sightline_interface(void) { return 4; }

EXPORT int sightline_paths(void) { return PATHS; }

EXPORT const char *sightline_path_name(int path) { return paths[path]->name; }

EXPORT int sightline_path_runs_here(int path) { return paths[path]->runs_here(); }

/* Asks for large pages where memory is not yet used; no matter if the system has none. */
EXPORT void sightline_advise_large_pages(void *start, int64_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    uintptr_t page = 4095, first = ((uintptr_t)start + page) & ~page, last = ((uintptr_t)start + (uintptr_t)bytes) & ~page;
    if (last > first) (void)madvise((void *)first, last - first, MADV_HUGEPAGE);
#else
    (void)start, (void)bytes;
#endif
}

typedef struct {
    const Path *path;
    const Weight *weight;
    const float *x;
    Activations activations;
    Result result;
    int64_t rows;
    int product;
} Work;

static void pack_rows(void *context, int64_t first, int64_t last) {
    const Work *work = context;
    for (int64_t row = first; row < last; row++) {
        const float *x = work->x + row * work->weight->width;
        if (work->product == INT8_PRODUCT) work->path->pack_row(work->weight, x, work->activations, row);
        else work->path->pack_groups(work->weight, x, work->activations, row);
    }
}

/* A block's weights are read once from memory and stay in the core's cache for all rows. */
static void multiply_block(const Work *work, int64_t block, int64_t row) {
    for (; row < work->rows; row += MOST_ROWS) {
        int64_t left = work->rows - row;
        int rows = left < MOST_ROWS ? (int)left : MOST_ROWS;
        work->path->tile[work->product](work->weight, work->activations, block, row, rows, work->result);
    }
}

static void multiply_pair(const Work *work, int64_t block) {
    int64_t row = 0;
    for (; row + PAIR_ROWS <= work->rows; row += PAIR_ROWS) {
        work->path->pair[work->product](work->weight, work->activations, block, row, work->result);
    }
    multiply_block(work, block, row);
    multiply_block(work, block + 1, row);
}

static void multiply_blocks(void *context, int64_t first, int64_t last) {
    const Work *work = context;
    int64_t block = first;
    if (work->rows > MOST_ROWS && work->path->pair[work->product]) {
        for (; block + 2 <= last; block += 2) multiply_pair(work, block);
    }
    for (; block < last; block++) multiply_block(work, block, 0);
}

static int64_t rounded_up(int64_t bytes) { return (bytes + 63) / 64 * 64; }

typedef struct {
    int64_t codes, scales, sums, wide;
} Layout;

static Layout layout_of(const Weight *w, int64_t rows, int product) {
    int grouped = product != INT8_PRODUCT;
    int64_t numbers = grouped ? rows * groups_of(w) : rows;
    Layout sizes = {
        rounded_up(rows * w->columns * 2),
        rounded_up(numbers * (int64_t)sizeof(float)),
        rounded_up(numbers * (grouped ? 1 : 2) * (int64_t)sizeof(int32_t)),
        rounded_up(numbers),
    };
    return sizes;
}

/* Bytes of workspace for a product of so many rows. */
EXPORT int64_t sightline_workspace(const Weight *w, int64_t rows, int product) {
    Layout sizes = layout_of(w, rows, product);
    return sizes.codes + sizes.scales + sizes.sums + sizes.wide;
}

/* y [rows, outputs] = x [rows, width] times the weight, plus a bias [outputs] unless it is NULL. */
EXPORT void sightline_product(
    const Weight *w, int product, const float *x, int64_t rows, const float *bias, float *y, uint8_t *workspace, int path,
    int threads) {
    Layout sizes = layout_of(w, rows, product);
    Activations activations = {
        (int8_t *)workspace,
        (float *)(workspace + sizes.codes),
        (int32_t *)(workspace + sizes.codes + sizes.scales),
        workspace + sizes.codes + sizes.scales + sizes.sums,
    };
    Work work = {paths[path], w, x, activations, {y, bias}, rows, product};
    int64_t blocks = (w->outputs + BLOCK - 1) / BLOCK;
    int64_t piece = blocks / ((int64_t)threads * PIECES_A_THREAD);
    if (rows > MOST_ROWS) piece += piece % 2 ? 1 : piece == 0 ? 2 : 0; /* whole pairs of blocks */
    share(threads, rows, 8, pack_rows, &work);
    share(threads, blocks, piece > 0 ? piece : 1, multiply_blocks, &work);
}
