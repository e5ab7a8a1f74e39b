/* SPDX-License-Identifier: MIT */
/* ATL's small arrays and maps (Learn: "CSimpleArray Class", "CSimpleMap Class"). */
#pragma once

#ifdef __cplusplus

#include <atldef.h>
#include <vector>

namespace ATL
{

template <class T> class CSimpleArrayEqualHelper
{
  public:
    static bool IsEqual(const T &a, const T &b) { return a == b; }
};

template <class T, class TEqual = CSimpleArrayEqualHelper<T>> class CSimpleArray
{
  public:
    typedef T _ArrayElementType;

    int GetSize() const { return (int)items.size(); }
    BOOL Add(const T &item)
    {
        items.push_back(item);
        return TRUE;
    }
    BOOL Remove(const T &item)
    {
        const int i = Find(item);
        return i >= 0 && RemoveAt(i);
    }
    BOOL RemoveAt(int i)
    {
        if (i < 0 || i >= GetSize())
            return FALSE;
        items.erase(items.begin() + i);
        return TRUE;
    }
    void RemoveAll() { items.clear(); }
    T &operator[](int i) { return At(i); }
    const T &operator[](int i) const { return const_cast<CSimpleArray *>(this)->At(i); }
    T *GetData() const { return const_cast<T *>(items.data()); }
    BOOL SetAtIndex(int i, const T &item)
    {
        if (i < 0 || i >= GetSize())
            return FALSE;
        items[(size_t)i] = item;
        return TRUE;
    }
    int Find(const T &item) const
    {
        for (int i = 0; i < GetSize(); i++)
            if (TEqual::IsEqual(items[(size_t)i], item))
                return i;
        return -1;
    }

  private:
    T &At(int i)
    {
        if (i < 0 || i >= GetSize())
            AtlThrow(E_INVALIDARG); /* Windows raises an exception of the processor's kind */
        return items[(size_t)i];
    }
    std::vector<T> items;
};

template <class T> class CSimpleValArray : public CSimpleArray<T>
{
};

template <class K, class V> class CSimpleMap
{
  public:
    int GetSize() const { return keys.GetSize(); }
    BOOL Add(const K &key, const V &value) { return keys.Add(key) && values.Add(value); }
    BOOL Remove(const K &key) { return RemoveAt(FindKey(key)); }
    BOOL RemoveAt(int i) { return keys.RemoveAt(i) && values.RemoveAt(i); }
    void RemoveAll()
    {
        keys.RemoveAll();
        values.RemoveAll();
    }
    BOOL SetAt(const K &key, const V &value) { return values.SetAtIndex(FindKey(key), value); }
    BOOL SetAtIndex(int i, const K &key, const V &value)
    {
        return keys.SetAtIndex(i, key) && values.SetAtIndex(i, value);
    }
    V Lookup(const K &key) const
    {
        const int i = FindKey(key);
        return i < 0 ? V() : values[i];
    }
    K ReverseLookup(const V &value) const
    {
        const int i = FindVal(value);
        return i < 0 ? K() : keys[i];
    }
    K &GetKeyAt(int i) const { return const_cast<CSimpleMap *>(this)->keys[i]; }
    V &GetValueAt(int i) const { return const_cast<CSimpleMap *>(this)->values[i]; }
    int FindKey(const K &key) const { return keys.Find(key); }
    int FindVal(const V &value) const { return values.Find(value); }

  private:
    CSimpleArray<K> keys;
    CSimpleArray<V> values;
};

} // namespace ATL

#endif
