/* SPDX-License-Identifier: MIT */
/* ATL's owners of plain memory (Learn: "CHeapPtr Class", "CComHeapPtr Class"). */
#pragma once

#ifdef __cplusplus

#include <atldef.h>
#include <stdlib.h>

namespace ATL
{

class CCRTAllocator
{
  public:
    static void *Allocate(size_t n) noexcept { return malloc(n); }
    static void *Reallocate(void *old, size_t n) noexcept { return realloc(old, n); }
    static void Free(void *memory) noexcept { free(memory); }
};

class CComAllocator
{
  public:
    static void *Allocate(size_t n) noexcept { return CoTaskMemAlloc(n); }
    static void *Reallocate(void *old, size_t n) noexcept { return CoTaskMemRealloc(old, n); }
    static void Free(void *memory) noexcept { CoTaskMemFree(memory); }
};

class CLocalAllocator
{
  public:
    static void *Allocate(size_t n) noexcept { return LocalAlloc(LMEM_FIXED, n); }
    static void *Reallocate(void *old, size_t n) noexcept
    {
        return LocalReAlloc(old, n, LMEM_MOVEABLE);
    }
    static void Free(void *memory) noexcept { LocalFree(memory); }
};

class CGlobalAllocator
{
  public:
    static void *Allocate(size_t n) noexcept { return GlobalAlloc(GMEM_FIXED, n); }
    static void *Reallocate(void *old, size_t n) noexcept
    {
        return GlobalReAlloc(old, n, GMEM_MOVEABLE);
    }
    static void Free(void *memory) noexcept { GlobalFree(memory); }
};

template <class T, class Allocator = CCRTAllocator> class CHeapPtrBase
{
  public:
    T *m_pData;

    CHeapPtrBase(const CHeapPtrBase &) = delete;
    CHeapPtrBase &operator=(const CHeapPtrBase &) = delete;
    ~CHeapPtrBase() { Free(); }
    operator T *() const noexcept { return m_pData; }
    T *operator->() const noexcept { return m_pData; }
    T **operator&() noexcept { return &m_pData; }
    bool AllocateBytes(size_t n) noexcept
    {
        m_pData = static_cast<T *>(Allocator::Allocate(n));
        return m_pData != NULL;
    }
    bool ReallocateBytes(size_t n) noexcept
    {
        T *const moved = static_cast<T *>(Allocator::Reallocate(m_pData, n));
        if (moved)
            m_pData = moved;
        return moved != NULL;
    }
    void Attach(T *data) noexcept
    {
        Allocator::Free(m_pData);
        m_pData = data;
    }
    T *Detach() noexcept
    {
        T *const data = m_pData;
        m_pData = NULL;
        return data;
    }
    void Free() noexcept
    {
        Allocator::Free(m_pData);
        m_pData = NULL;
    }

  protected:
    CHeapPtrBase() noexcept : m_pData(NULL) {}
    explicit CHeapPtrBase(T *data) noexcept : m_pData(data) {}
    CHeapPtrBase(CHeapPtrBase &&other) noexcept : m_pData(other.Detach()) {}
};

template <class T, class Allocator = CCRTAllocator>
class CHeapPtr : public CHeapPtrBase<T, Allocator>
{
  public:
    CHeapPtr() noexcept {}
    explicit CHeapPtr(T *data) noexcept : CHeapPtrBase<T, Allocator>(data) {}
    CHeapPtr(CHeapPtr &&other) noexcept
        : CHeapPtrBase<T, Allocator>(static_cast<CHeapPtrBase<T, Allocator> &&>(other))
    {
    }
    CHeapPtr(CHeapPtr &other) noexcept : CHeapPtrBase<T, Allocator>(other.Detach()) {} /* moves */
    CHeapPtr &operator=(CHeapPtr &other) noexcept
    {
        if (other.m_pData != this->m_pData)
            this->Attach(other.Detach());
        return *this;
    }
    bool Allocate(size_t n = 1) noexcept
    {
        return n <= SIZE_MAX / sizeof(T) && this->AllocateBytes(n * sizeof(T));
    }
    bool Reallocate(size_t n) noexcept
    {
        return n <= SIZE_MAX / sizeof(T) && this->ReallocateBytes(n * sizeof(T));
    }
};

/* Memory of CoTaskMemAlloc. */
template <class T> class CComHeapPtr : public CHeapPtr<T, CComAllocator>
{
  public:
    CComHeapPtr() noexcept {}
    explicit CComHeapPtr(T *data) noexcept : CHeapPtr<T, CComAllocator>(data) {}
};

} // namespace ATL

#endif
