/* SPDX-License-Identifier: MIT */
/* CAtlMap and CRBMap, and what they ask of keys and values. Part of atlcoll.h. */
#pragma once

#ifdef __cplusplus

#include <map>
#include <string.h>
#include <type_traits>

struct __POSITION;
typedef __POSITION *POSITION;

namespace ATL
{

template <class T> class CElementTraitsBase
{
  public:
    typedef const T &INARGTYPE;
    typedef T &OUTARGTYPE;
};

/* By <, or by the bytes where there is none, as of a GUID. */
template <class T> auto vssemu_atl_order_(const T &a, const T &b, int) -> decltype(a < b, 0)
{
    return a < b ? -1 : b < a;
}
template <class T> int vssemu_atl_order_(const T &a, const T &b, ...)
{
    static_assert(std::is_trivially_copyable<T>::value, "a key needs an operator<");
    return memcmp(&a, &b, sizeof(T));
}

template <class T> class CElementTraits : public CElementTraitsBase<T>
{
  public:
    static bool CompareElements(const T &a, const T &b) { return a == b; }
    static int CompareElementsOrdered(const T &a, const T &b) { return vssemu_atl_order_(a, b, 0); }
};
template <class T> class CPrimitiveElementTraits : public CElementTraits<T>
{
};
template <class T> class CStringElementTraits : public CElementTraits<T>
{
};
template <class T> class CStringElementTraitsI : public CElementTraitsBase<T>
{
  public:
    static bool CompareElements(const T &a, const T &b) { return a.CompareNoCase(b) == 0; }
    static int CompareElementsOrdered(const T &a, const T &b) { return a.CompareNoCase(b); }
};

template <class K, class V, class KTraits = CElementTraits<K>, class VTraits = CElementTraits<V>>
class CRBMap
{
    struct order {
        bool operator()(const K &a, const K &b) const
        {
            return KTraits::CompareElementsOrdered(a, b) < 0;
        }
    };

  public:
    /* Where a pair is; positions stay while their pair does. */
    class CPair
    {
      public:
        const K m_key;
        V m_value;

        CPair(const K &key, const V &value) : m_key(key), m_value(value) {}
        CPair(const CPair &) = delete;
        CPair &operator=(const CPair &) = delete;

      private:
        friend class CRBMap;
        typename std::map<K, CPair *, order>::iterator place;
    };

    CRBMap() {}
    CRBMap(const CRBMap &) = delete;
    CRBMap &operator=(const CRBMap &) = delete;
    ~CRBMap() { RemoveAll(); }

    size_t GetCount() const { return pairs.size(); }
    bool IsEmpty() const { return pairs.empty(); }
    POSITION SetAt(const K &key, const V &value)
    {
        const POSITION found = Position(Find(key));
        if (!found)
            return Position(Insert(key, value));
        Pair(found)->m_value = value;
        return found;
    }
    void SetValueAt(POSITION at, const V &value) { Pair(at)->m_value = value; }
    bool Lookup(const K &key, V &ret_value) const
    {
        const CPair *const found = Find(key);
        if (found)
            ret_value = found->m_value;
        return found != NULL;
    }
    CPair *Lookup(const K &key) const { return Find(key); }
    V &operator[](const K &key)
    {
        CPair *const found = Find(key);
        return (found ? found : Insert(key, V()))->m_value;
    }
    bool RemoveKey(const K &key)
    {
        CPair *const found = Find(key);
        if (found)
            Remove(found);
        return found != NULL;
    }
    void RemoveAt(POSITION at) { Remove(Pair(at)); }
    void RemoveAtPos(POSITION at) { Remove(Pair(at)); }
    void RemoveAll()
    {
        for (auto &entry : pairs)
            delete entry.second;
        pairs.clear();
    }
    POSITION GetStartPosition() const { return Position(At(pairs.begin())); }
    POSITION GetHeadPosition() const { return GetStartPosition(); }
    CPair *GetNext(POSITION &at)
    {
        CPair *const found = Pair(at);
        at = Position(At(std::next(found->place)));
        return found;
    }
    const CPair *GetNext(POSITION &at) const { return const_cast<CRBMap *>(this)->GetNext(at); }
    void GetNextAssoc(POSITION &at, K &ret_key, V &ret_value) const
    {
        const CPair *const found = GetNext(at);
        ret_key = found->m_key;
        ret_value = found->m_value;
    }
    const K &GetNextKey(POSITION &at) const { return GetNext(at)->m_key; }
    V &GetNextValue(POSITION &at) { return GetNext(at)->m_value; }
    CPair *GetAt(POSITION at) { return Pair(at); }
    const K &GetKeyAt(POSITION at) const { return Pair(at)->m_key; }
    V &GetValueAt(POSITION at) { return Pair(at)->m_value; }
    bool InitHashTable(unsigned, bool = true) { return true; }

  private:
    static CPair *Pair(POSITION at)
    {
        if (!at)
            AtlThrow(E_INVALIDARG);
        return reinterpret_cast<CPair *>(at);
    }
    static POSITION Position(CPair *pair) { return reinterpret_cast<POSITION>(pair); }
    template <class Iterator> CPair *At(Iterator i) const
    {
        return i == pairs.end() ? NULL : i->second;
    }
    CPair *Find(const K &key) const
    {
        const auto found = pairs.find(key);
        return found == pairs.end() ? NULL : found->second;
    }
    CPair *Insert(const K &key, const V &value)
    {
        CPair *const made = new CPair(key, value);
        made->place = pairs.emplace(key, made).first;
        return made;
    }
    void Remove(CPair *pair)
    {
        pairs.erase(pair->place);
        delete pair;
    }

    std::map<K, CPair *, order> pairs;
};

template <class K, class V, class KTraits = CElementTraits<K>, class VTraits = CElementTraits<V>>
class CAtlMap : public CRBMap<K, V, KTraits, VTraits>
{
};

} // namespace ATL

#endif
