/* SPDX-License-Identifier: MIT */
/* Linked into programs that the drivers build with -fvssemu-fine. Their objects are compiled as for
 * ThreadSanitizer, which calls one of these functions at each access to memory; instead of looking
 * for races they let another thread of the world have its turn. Nothing of ThreadSanitizer is
 * linked. With `vssemu run --fine` alone; else an access costs one look at vssemu_n_fine.
 *
 * The names and forms are those that gcc 12 and clang 14 call. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern unsigned vssemu_n_fine;
void vssemu_fine_point(void);

#define PUBLIC __attribute__((visibility("hidden"), used))

/* What lies in the frames of the running functions is the thread's own, nearly always. */
#define NEAR 4096

static inline void point(const volatile void *at)
{
    if (__builtin_expect(vssemu_n_fine == 0, 1))
        return;
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    uintptr_t distance = (uintptr_t)at - (frame - NEAR);

    if (distance > (uintptr_t)2 * NEAR)
        vssemu_fine_point();
}

/* ---- plain accesses ---- */

#define ACCESS(name)            \
    PUBLIC void name(void *at); \
    PUBLIC void name(void *at)  \
    {                           \
        point(at);              \
    }
#define ACCESSES(n)                           \
    ACCESS(__tsan_read##n)                    \
    ACCESS(__tsan_write##n)                   \
    ACCESS(__tsan_read_write##n)              \
    ACCESS(__tsan_volatile_read##n)           \
    ACCESS(__tsan_volatile_write##n)          \
    ACCESS(__tsan_unaligned_read##n)          \
    ACCESS(__tsan_unaligned_write##n)         \
    ACCESS(__tsan_unaligned_read_write##n)    \
    ACCESS(__tsan_unaligned_volatile_read##n) \
    ACCESS(__tsan_unaligned_volatile_write##n)
ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
ACCESS(__tsan_vptr_read)

PUBLIC void __tsan_vptr_update(void **at, void *value);
PUBLIC void __tsan_vptr_update(void **at, void *value)
{
    (void)value;
    point(at);
}

#define RANGE(name)                              \
    PUBLIC void name(void *at, unsigned long n); \
    PUBLIC void name(void *at, unsigned long n)  \
    {                                            \
        (void)n;                                 \
        point(at);                               \
    }
RANGE(__tsan_read_range)
RANGE(__tsan_write_range)

#define NOTHING(name, parameters) \
    PUBLIC void name parameters;  \
    PUBLIC void name parameters   \
    {                             \
    }
NOTHING(__tsan_init, (void))
NOTHING(__tsan_func_entry, (void *caller __attribute__((unused))))
NOTHING(__tsan_func_exit, (void))
NOTHING(__tsan_ignore_thread_begin, (void))
NOTHING(__tsan_ignore_thread_end, (void))

PUBLIC void *__tsan_memcpy(void *to, const void *from, size_t n);
PUBLIC void *__tsan_memcpy(void *to, const void *from, size_t n)
{
    point(to);
    return memcpy(to, from, n);
}
PUBLIC void *__tsan_memmove(void *to, const void *from, size_t n);
PUBLIC void *__tsan_memmove(void *to, const void *from, size_t n)
{
    point(to);
    return memmove(to, from, n);
}
PUBLIC void *__tsan_memset(void *to, int value, size_t n);
PUBLIC void *__tsan_memset(void *to, int value, size_t n)
{
    point(to);
    return memset(to, value, n);
}

/* ---- atomic ones: before and behind, with the strongest order, which is never wrong ---- */

#define ORDER __ATOMIC_SEQ_CST

#define FETCH(type, bits, operation)                                                           \
    PUBLIC type __tsan_atomic##bits##_fetch_##operation(volatile type *at, type v, int order); \
    PUBLIC type __tsan_atomic##bits##_fetch_##operation(volatile type *at, type v, int order)  \
    {                                                                                          \
        (void)order;                                                                           \
        point(at);                                                                             \
        type old = __atomic_fetch_##operation(at, v, ORDER);                                   \
        point(at);                                                                             \
        return old;                                                                            \
    }
#define COMPARE(type, bits, strength)                                                    \
    PUBLIC int __tsan_atomic##bits##_compare_exchange_##strength(                        \
        volatile type *at, type *expected, type v, int order, int failing);              \
    PUBLIC int __tsan_atomic##bits##_compare_exchange_##strength(                        \
        volatile type *at, type *expected, type v, int order, int failing)               \
    {                                                                                    \
        (void)order;                                                                     \
        (void)failing;                                                                   \
        point(at);                                                                       \
        int is_done = __atomic_compare_exchange_n(at, expected, v, false, ORDER, ORDER); \
        point(at);                                                                       \
        return is_done;                                                                  \
    }
#define ATOMICS(type, bits)                                                                  \
    PUBLIC type __tsan_atomic##bits##_load(const volatile type *at, int order);              \
    PUBLIC type __tsan_atomic##bits##_load(const volatile type *at, int order)               \
    {                                                                                        \
        (void)order;                                                                         \
        point(at);                                                                           \
        type value = __atomic_load_n(at, ORDER);                                             \
        point(at);                                                                           \
        return value;                                                                        \
    }                                                                                        \
    PUBLIC void __tsan_atomic##bits##_store(volatile type *at, type value, int order);       \
    PUBLIC void __tsan_atomic##bits##_store(volatile type *at, type value, int order)        \
    {                                                                                        \
        (void)order;                                                                         \
        point(at);                                                                           \
        __atomic_store_n(at, value, ORDER);                                                  \
        point(at);                                                                           \
    }                                                                                        \
    PUBLIC type __tsan_atomic##bits##_exchange(volatile type *at, type value, int order);    \
    PUBLIC type __tsan_atomic##bits##_exchange(volatile type *at, type value, int order)     \
    {                                                                                        \
        (void)order;                                                                         \
        point(at);                                                                           \
        type old = __atomic_exchange_n(at, value, ORDER);                                    \
        point(at);                                                                           \
        return old;                                                                          \
    }                                                                                        \
    PUBLIC type __tsan_atomic##bits##_compare_exchange_val(volatile type *at, type expected, \
                                                           type v, int order, int failing);  \
    PUBLIC type __tsan_atomic##bits##_compare_exchange_val(volatile type *at, type expected, \
                                                           type v, int order, int failing)   \
    {                                                                                        \
        (void)order;                                                                         \
        (void)failing;                                                                       \
        point(at);                                                                           \
        __atomic_compare_exchange_n(at, &expected, v, false, ORDER, ORDER);                  \
        point(at);                                                                           \
        return expected;                                                                     \
    }                                                                                        \
    COMPARE(type, bits, strong)                                                              \
    COMPARE(type, bits, weak)                                                                \
    FETCH(type, bits, add)                                                                   \
    FETCH(type, bits, sub)                                                                   \
    FETCH(type, bits, and)                                                                   \
    FETCH(type, bits, or)                                                                    \
    FETCH(type, bits, xor)                                                                   \
    FETCH(type, bits, nand)
ATOMICS(uint8_t, 8)
ATOMICS(uint16_t, 16)
ATOMICS(uint32_t, 32)
ATOMICS(uint64_t, 64)

PUBLIC void __tsan_atomic_thread_fence(int order);
PUBLIC void __tsan_atomic_thread_fence(int order)
{
    (void)order;
    __atomic_thread_fence(ORDER);
}
NOTHING(__tsan_atomic_signal_fence, (int order __attribute__((unused))))
