/* A few threads that share one piece of work at a time.

   Pieces are taken one after the other by whoever is free, the caller included, so that a thread that finds its core
   busy only takes fewer. A thread that wakes when the work is closed has missed it, and nobody waited for it. Between
   two pieces of work a thread looks for the next one for some microseconds, then sleeps: an idle pool takes no time. */

#include <stdatomic.h>

#include "kernels.h"
#include "threads.h"

enum { MOST_THREADS = 64, LOOKS = 20000, PATIENCE = 2000 };

/* The gate: a number that grows with each piece of work, whether it is open, and how many threads are inside. */
enum { OPEN = 1 << 16, INSIDE = OPEN - 1, NUMBER = OPEN << 1 };

static struct {
    Lock busy;             /* held by the caller whose work it is */
    Lock lock;             /* of the sleepers */
    Signal work;
    int started;
    atomic_int sleepers;
    atomic_int places;     /* how many more threads may come in */
    _Atomic uint64_t gate;
    _Atomic int64_t next;
    int64_t count, piece;
    Task task;
    void *context;
    unsigned mode;
} pool = {.busy = LOCK_INIT, .lock = LOCK_INIT, .work = SIGNAL_INIT};

static void take_pieces(void) {
    for (;;) {
        int64_t first = atomic_fetch_add_explicit(&pool.next, pool.piece, memory_order_relaxed);
        if (first >= pool.count) return;
        int64_t last = first + pool.piece;
        pool.task(pool.context, first, last < pool.count ? last : pool.count);
    }
}

static int enter(uint64_t *seen) {
    uint64_t gate = atomic_load_explicit(&pool.gate, memory_order_acquire);
    while ((gate & OPEN) && gate / NUMBER != *seen) {
        if (atomic_compare_exchange_weak_explicit(
                &pool.gate, &gate, gate + 1, memory_order_acquire, memory_order_acquire)) {
            *seen = gate / NUMBER;
            return 1;
        }
    }
    return 0;
}

static int is_waiting(uint64_t seen) {
    uint64_t gate = atomic_load(&pool.gate);
    return (gate & OPEN) && gate / NUMBER != seen;
}

static void sleep_until_work(uint64_t seen) {
    lock(&pool.lock);
    atomic_fetch_add(&pool.sleepers, 1);
    while (!is_waiting(seen)) wait_for(&pool.work, &pool.lock);
    atomic_fetch_sub(&pool.sleepers, 1);
    unlock(&pool.lock);
}

THREAD_FUNCTION(worker) {
    (void)unused;
    uint64_t seen = 0;
    for (;;) {
        int looks = 0;
        while (!enter(&seen)) {
            if (++looks < LOOKS) {
                rest();
            } else {
                sleep_until_work(seen);
                looks = 0;
            }
        }
        if (atomic_fetch_sub_explicit(&pool.places, 1, memory_order_relaxed) > 0) {
            set_float_mode(pool.mode);
            take_pieces();
        }
        atomic_fetch_sub_explicit(&pool.gate, 1, memory_order_release);
    }
    return THREAD_RESULT;
}

static void open_gate(int threads) {
    atomic_store_explicit(&pool.next, 0, memory_order_relaxed);
    atomic_store_explicit(&pool.places, threads - 1, memory_order_relaxed);
    atomic_fetch_add(&pool.gate, (uint64_t)NUMBER + OPEN);
    if (atomic_load(&pool.sleepers) > 0) {
        lock(&pool.lock);
        wake_all(&pool.work);
        unlock(&pool.lock);
    }
}

static void close_gate(void) {
    atomic_fetch_sub_explicit(&pool.gate, OPEN, memory_order_acq_rel);
    for (int looks = 0; atomic_load_explicit(&pool.gate, memory_order_acquire) & INSIDE; looks++) {
        if (looks < PATIENCE) rest();
        else give_way();
    }
}

void share(int threads, int64_t count, int64_t piece, Task task, void *context) {
    threads = threads > MOST_THREADS ? MOST_THREADS : threads;
    if (threads < 2 || count <= piece || !try_lock(&pool.busy)) {
        task(context, 0, count);
        return;
    }
    while (pool.started < threads - 1 && start_thread(worker)) pool.started++;
    pool.count = count, pool.piece = piece, pool.task = task, pool.context = context, pool.mode = float_mode();
    open_gate(threads);
    take_pieces();
    close_gate();
    unlock(&pool.busy);
}
