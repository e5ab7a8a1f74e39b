/* SPDX-License-Identifier: MIT */
/* The Interlocked functions (Learn: "Interlocked Variable Access"). On a virtual clock each is a
 * switch point before and after; else it costs one look at vssemu_n_turns. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
/* Of libvssapi: how many worlds on a virtual clock have threads, and the call that lets another
 * thread have its turn. */
extern unsigned vssemu_n_turns;
void vssemu_switch_point(void);
#ifdef __cplusplus
}
#endif

static inline void vssemu_may_switch(void)
{
    if (__builtin_expect(vssemu_n_turns != 0, 0))
        vssemu_switch_point();
}

#define VSSEMU_BETWEEN(type, operation) \
    ({                                  \
        vssemu_may_switch();            \
        type result_ = (operation);     \
        vssemu_may_switch();            \
        result_;                        \
    })
#define VSSEMU_INTERLOCKED(type, name, operation)                                       \
    static inline type name(type volatile *to, type value)                              \
    {                                                                                   \
        return VSSEMU_BETWEEN(type, __atomic_##operation(to, value, __ATOMIC_SEQ_CST)); \
    }
#define VSSEMU_ONE(type, name, operation)                                           \
    static inline type name(type volatile *to)                                      \
    {                                                                               \
        return VSSEMU_BETWEEN(type, __atomic_##operation(to, 1, __ATOMIC_SEQ_CST)); \
    }
#define VSSEMU_COMPARE(type, name)                                                      \
    static inline type name(type volatile *to, type value, type comparand)              \
    {                                                                                   \
        return VSSEMU_BETWEEN(type, __sync_val_compare_and_swap(to, comparand, value)); \
    }

VSSEMU_INTERLOCKED(LONG, InterlockedAdd, add_fetch)
VSSEMU_INTERLOCKED(LONGLONG, InterlockedAdd64, add_fetch)
VSSEMU_INTERLOCKED(LONG, InterlockedExchangeAdd, fetch_add)
VSSEMU_INTERLOCKED(LONGLONG, InterlockedExchangeAdd64, fetch_add)
VSSEMU_INTERLOCKED(ULONG, InterlockedExchangeSubtract, fetch_sub)
VSSEMU_INTERLOCKED(CHAR, InterlockedAnd8, fetch_and)
VSSEMU_INTERLOCKED(SHORT, InterlockedAnd16, fetch_and)
VSSEMU_INTERLOCKED(LONG, InterlockedAnd, fetch_and)
VSSEMU_INTERLOCKED(LONGLONG, InterlockedAnd64, fetch_and)
VSSEMU_INTERLOCKED(CHAR, InterlockedOr8, fetch_or)
VSSEMU_INTERLOCKED(SHORT, InterlockedOr16, fetch_or)
VSSEMU_INTERLOCKED(LONG, InterlockedOr, fetch_or)
VSSEMU_INTERLOCKED(LONGLONG, InterlockedOr64, fetch_or)
VSSEMU_INTERLOCKED(CHAR, InterlockedXor8, fetch_xor)
VSSEMU_INTERLOCKED(SHORT, InterlockedXor16, fetch_xor)
VSSEMU_INTERLOCKED(LONG, InterlockedXor, fetch_xor)
VSSEMU_INTERLOCKED(LONGLONG, InterlockedXor64, fetch_xor)
VSSEMU_INTERLOCKED(CHAR, InterlockedExchange8, exchange_n)
VSSEMU_INTERLOCKED(SHORT, InterlockedExchange16, exchange_n)
VSSEMU_INTERLOCKED(LONG, InterlockedExchange, exchange_n)
VSSEMU_INTERLOCKED(LONGLONG, InterlockedExchange64, exchange_n)
VSSEMU_ONE(SHORT, InterlockedIncrement16, add_fetch)
VSSEMU_ONE(LONG, InterlockedIncrement, add_fetch)
VSSEMU_ONE(LONGLONG, InterlockedIncrement64, add_fetch)
VSSEMU_ONE(SHORT, InterlockedDecrement16, sub_fetch)
VSSEMU_ONE(LONG, InterlockedDecrement, sub_fetch)
VSSEMU_ONE(LONGLONG, InterlockedDecrement64, sub_fetch)
VSSEMU_COMPARE(SHORT, InterlockedCompareExchange16)
VSSEMU_COMPARE(LONG, InterlockedCompareExchange)
VSSEMU_COMPARE(LONGLONG, InterlockedCompareExchange64)

static inline void *InterlockedExchangePointer(void *volatile *to, void *value)
{
    return VSSEMU_BETWEEN(void *, __atomic_exchange_n(to, value, __ATOMIC_SEQ_CST));
}
static inline void *InterlockedCompareExchangePointer(void *volatile *to, void *value,
                                                      void *comparand)
{
    return VSSEMU_BETWEEN(void *, __sync_val_compare_and_swap(to, comparand, value));
}

/* The bit of a LONG, and which LONG of an array it is in. */
#define VSSEMU_BIT(name, operation, mask_of)                                                 \
    static inline BOOLEAN name(LONG volatile *base, LONG bit)                                \
    {                                                                                        \
        LONG mask = (LONG)(1u << (bit & 31));                                                \
        LONG old = VSSEMU_BETWEEN(                                                           \
            LONG, __atomic_##operation(base + (bit >> 5), mask_of(mask), __ATOMIC_SEQ_CST)); \
        return (old & mask) != 0;                                                            \
    }
VSSEMU_BIT(InterlockedBitTestAndSet, fetch_or, )
VSSEMU_BIT(InterlockedBitTestAndReset, fetch_and, ~)
VSSEMU_BIT(InterlockedBitTestAndComplement, fetch_xor, )

#ifdef __cplusplus
/* LONG is int here and long is 64 bits, yet Windows source mixes them: one more form. */
extern "C++" {
VSSEMU_ONE(long, InterlockedIncrement, add_fetch)
VSSEMU_ONE(long, InterlockedDecrement, sub_fetch)
}
#endif

#undef VSSEMU_BETWEEN
#undef VSSEMU_INTERLOCKED
#undef VSSEMU_ONE
#undef VSSEMU_COMPARE
#undef VSSEMU_BIT

/* Acquire, release and none: the full fence is never wrong. */
#define InterlockedAddAcquire                    InterlockedAdd
#define InterlockedAddRelease                    InterlockedAdd
#define InterlockedAddNoFence                    InterlockedAdd
#define InterlockedAndAcquire                    InterlockedAnd
#define InterlockedAndRelease                    InterlockedAnd
#define InterlockedAndNoFence                    InterlockedAnd
#define InterlockedOrAcquire                     InterlockedOr
#define InterlockedOrRelease                     InterlockedOr
#define InterlockedOrNoFence                     InterlockedOr
#define InterlockedXorAcquire                    InterlockedXor
#define InterlockedXorRelease                    InterlockedXor
#define InterlockedXorNoFence                    InterlockedXor
#define InterlockedIncrementAcquire              InterlockedIncrement
#define InterlockedIncrementRelease              InterlockedIncrement
#define InterlockedIncrementNoFence              InterlockedIncrement
#define InterlockedDecrementAcquire              InterlockedDecrement
#define InterlockedDecrementRelease              InterlockedDecrement
#define InterlockedDecrementNoFence              InterlockedDecrement
#define InterlockedIncrementAcquire64            InterlockedIncrement64
#define InterlockedIncrementNoFence64            InterlockedIncrement64
#define InterlockedDecrementRelease64            InterlockedDecrement64
#define InterlockedDecrementNoFence64            InterlockedDecrement64
#define InterlockedExchangeAcquire               InterlockedExchange
#define InterlockedExchangeNoFence               InterlockedExchange
#define InterlockedExchangeAcquire64             InterlockedExchange64
#define InterlockedExchangeNoFence64             InterlockedExchange64
#define InterlockedExchangeAddAcquire            InterlockedExchangeAdd
#define InterlockedExchangeAddRelease            InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence            InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence64          InterlockedExchangeAdd64
#define InterlockedExchangePointerAcquire        InterlockedExchangePointer
#define InterlockedExchangePointerNoFence        InterlockedExchangePointer
#define InterlockedCompareExchangeAcquire        InterlockedCompareExchange
#define InterlockedCompareExchangeRelease        InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence        InterlockedCompareExchange
#define InterlockedCompareExchangeAcquire64      InterlockedCompareExchange64
#define InterlockedCompareExchangeRelease64      InterlockedCompareExchange64
#define InterlockedCompareExchangeNoFence64      InterlockedCompareExchange64
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerNoFence InterlockedCompareExchangePointer
