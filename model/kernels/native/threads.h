/* The few things that differ between the systems' threads. */

#ifndef SIGHTLINE_THREADS_H
#define SIGHTLINE_THREADS_H

#if defined(_WIN32)

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

typedef SRWLOCK Lock;
typedef CONDITION_VARIABLE Signal;
#define LOCK_INIT SRWLOCK_INIT
#define SIGNAL_INIT CONDITION_VARIABLE_INIT

static inline void lock(Lock *l) { AcquireSRWLockExclusive(l); }
static inline int try_lock(Lock *l) { return TryAcquireSRWLockExclusive(l); }
static inline void unlock(Lock *l) { ReleaseSRWLockExclusive(l); }
static inline void wait_for(Signal *s, Lock *l) { SleepConditionVariableSRW(s, l, INFINITE, 0); }
static inline void wake_all(Signal *s) { WakeAllConditionVariable(s); }
static inline void give_way(void) { SwitchToThread(); }

typedef LPTHREAD_START_ROUTINE Start;
#define THREAD_FUNCTION(name) static DWORD WINAPI name(LPVOID unused)
#define THREAD_RESULT 0

static inline int start_thread(Start start) {
    HANDLE thread = CreateThread(NULL, 0, start, NULL, 0, NULL);
    if (thread == NULL) return 0;
    CloseHandle(thread);
    return 1;
}

#else

#include <pthread.h>
#include <sched.h>
#include <signal.h>

typedef pthread_mutex_t Lock;
typedef pthread_cond_t Signal;
#define LOCK_INIT PTHREAD_MUTEX_INITIALIZER
#define SIGNAL_INIT PTHREAD_COND_INITIALIZER

static inline void lock(Lock *l) { pthread_mutex_lock(l); }
static inline int try_lock(Lock *l) { return pthread_mutex_trylock(l) == 0; }
static inline void unlock(Lock *l) { pthread_mutex_unlock(l); }
static inline void wait_for(Signal *s, Lock *l) { pthread_cond_wait(s, l); }
static inline void wake_all(Signal *s) { pthread_cond_broadcast(s); }
static inline void give_way(void) { sched_yield(); }

typedef void *(*Start)(void *);
#define THREAD_FUNCTION(name) static void *name(void *unused)
#define THREAD_RESULT NULL

/* Signals are the program's: none is delivered to a thread of ours. */
static inline int start_thread(Start start) {
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread, NULL, start, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed) pthread_detach(thread);
    return !failed;
}

#endif

/* Rests the processor for some cycles within a short wait. */
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
static inline void rest(void) { _mm_pause(); }
static inline unsigned float_mode(void) { return _mm_getcsr() & ~0x3fu; }
static inline void set_float_mode(unsigned mode) { _mm_setcsr(mode); }
#elif defined(__aarch64__) && !defined(_MSC_VER)
static inline void rest(void) { __asm__ volatile("yield"); }
static inline unsigned float_mode(void) {
    unsigned long mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return (unsigned)mode;
}
static inline void set_float_mode(unsigned mode) { __asm__ volatile("msr fpcr, %0" : : "r"((unsigned long)mode)); }
#else
static inline void rest(void) {}
static inline unsigned float_mode(void) { return 0; }
static inline void set_float_mode(unsigned mode) { (void)mode; }
#endif

#endif
