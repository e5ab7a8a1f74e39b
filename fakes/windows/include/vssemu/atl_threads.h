/* SPDX-License-Identifier: MIT */
/* ATL's threading models: how an object counts and locks. Part of atlcom.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

class CComMultiThreadModelNoCS
{
  public:
    static ULONG WINAPI Increment(LPLONG p) noexcept { return (ULONG)InterlockedIncrement(p); }
    static ULONG WINAPI Decrement(LPLONG p) noexcept { return (ULONG)InterlockedDecrement(p); }
    typedef CComFakeCriticalSection AutoCriticalSection;
    typedef CComFakeCriticalSection AutoDeleteCriticalSection;
    typedef CComFakeCriticalSection CriticalSection;
    typedef CComMultiThreadModelNoCS ThreadModelNoCS;
};

class CComMultiThreadModel : public CComMultiThreadModelNoCS
{
  public:
    typedef CComAutoCriticalSection AutoCriticalSection;
    typedef CComAutoDeleteCriticalSection AutoDeleteCriticalSection;
    typedef CComCriticalSection CriticalSection;
};

class CComSingleThreadModel
{
  public:
    static ULONG WINAPI Increment(LPLONG p) noexcept { return (ULONG)++ * p; }
    static ULONG WINAPI Decrement(LPLONG p) noexcept { return (ULONG)-- * p; }
    typedef CComFakeCriticalSection AutoCriticalSection;
    typedef CComFakeCriticalSection AutoDeleteCriticalSection;
    typedef CComFakeCriticalSection CriticalSection;
    typedef CComSingleThreadModel ThreadModelNoCS;
};

#if defined(_ATL_SINGLE_THREADED)
typedef CComSingleThreadModel CComObjectThreadModel;
typedef CComSingleThreadModel CComGlobalsThreadModel;
#elif defined(_ATL_APARTMENT_THREADED)
typedef CComSingleThreadModel CComObjectThreadModel;
typedef CComMultiThreadModel CComGlobalsThreadModel;
#else
typedef CComMultiThreadModel CComObjectThreadModel;
typedef CComMultiThreadModel CComGlobalsThreadModel;
#endif

} // namespace ATL

#endif
