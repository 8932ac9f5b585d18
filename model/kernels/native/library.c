/* What is called from outside: which paths there are, and the two products. */

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
EXPORT int sightline_interface(void) { return 2; }

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
    int bits;
} Work;

static void pack_rows(void *context, int64_t first, int64_t last) {
    const Work *work = context;
    for (int64_t row = first; row < last; row++) {
        const float *x = work->x + row * work->weight->width;
        if (work->bits == 4) work->path->pack4(work->weight, x, work->activations, row);
        else work->path->pack8(work->weight, x, work->activations, row);
    }
}

/* A block's weights are read once from memory and stay in the core's cache for all rows. */
static void multiply_blocks(void *context, int64_t first, int64_t last) {
    const Work *work = context;
    for (int64_t block = first; block < last; block++) {
        for (int64_t row = 0; row < work->rows; row += MOST_ROWS) {
            int64_t left = work->rows - row;
            int rows = left < MOST_ROWS ? (int)left : MOST_ROWS;
            if (work->bits == 4) work->path->int4(work->weight, work->activations, block, row, rows, work->result);
            else work->path->int8(work->weight, work->activations, block, row, rows, work->result);
        }
    }
}

static int64_t rounded_up(int64_t bytes) { return (bytes + 63) / 64 * 64; }

typedef struct {
    int64_t codes, scales, sums, wide;
} Layout;

static Layout layout_of(const Weight *w, int64_t rows, int bits) {
    int64_t numbers = bits == 4 ? rows * groups_of(w) : rows;
    Layout sizes = {
        rounded_up(rows * w->columns * 2),
        rounded_up(numbers * (int64_t)sizeof(float)),
        rounded_up(numbers * (bits == 4 ? 1 : 2) * (int64_t)sizeof(int32_t)),
        rounded_up(numbers),
    };
    return sizes;
}

/* Bytes of workspace for a product of so many rows. */
EXPORT int64_t sightline_workspace(const Weight *w, int64_t rows, int bits) {
    Layout sizes = layout_of(w, rows, bits);
    return sizes.codes + sizes.scales + sizes.sums + sizes.wide;
}

/* y [rows, outputs] = x [rows, width] times the weight, plus a bias [outputs] unless it is NULL. */
EXPORT void sightline_product(
    const Weight *w, int bits, const float *x, int64_t rows, const float *bias, float *y, uint8_t *workspace, int path,
    int threads) {
    Layout sizes = layout_of(w, rows, bits);
    Activations activations = {
        (int8_t *)workspace,
        (float *)(workspace + sizes.codes),
        (int32_t *)(workspace + sizes.codes + sizes.scales),
        workspace + sizes.codes + sizes.scales + sizes.sums,
    };
    Work work = {paths[path], w, x, activations, {y, bias}, rows, bits};
    int64_t blocks = (w->outputs + BLOCK - 1) / BLOCK;
    int64_t piece = blocks / ((int64_t)threads * PIECES_A_THREAD);
    share(threads, rows, 8, pack_rows, &work);
    share(threads, blocks, piece > 0 ? piece : 1, multiply_blocks, &work);
}
