/* SPDX-License-Identifier: MIT */
/* ATL's arrays, lists and maps (Learn: "CAtlArray Class", "CAtlList Class", "CAtlMap Class",
 * "CRBMap Class"), over those of the standard library. What Microsoft's do beyond their
 * documentation, as the order in which a CAtlMap is walked, is not theirs to promise either. */
#pragma once

#ifdef __cplusplus

#include <atlbase.h>
#include <vector>
#include <vssemu/atl_maps_of_keys.h>

struct __POSITION {
};
typedef __POSITION *POSITION;

namespace ATL
{

template <class T, class ETraits = CElementTraits<T>> class CAtlArray
{
  public:
    size_t GetCount() const { return items.size(); }
    bool IsEmpty() const { return items.empty(); }
    bool SetCount(size_t n, int = -1)
    {
        items.resize(n);
        return true;
    }
    void FreeExtra() { items.shrink_to_fit(); }
    void RemoveAll() { items.clear(); }
    const T &GetAt(size_t i) const { return const_cast<CAtlArray *>(this)->At(i); }
    T &GetAt(size_t i) { return At(i); }
    void SetAt(size_t i, const T &item) { At(i) = item; }
    void SetAtGrow(size_t i, const T &item)
    {
        if (i >= items.size())
            items.resize(i + 1);
        items[i] = item;
    }
    size_t Add()
    {
        items.emplace_back();
        return items.size() - 1;
    }
    size_t Add(const T &item)
    {
        items.push_back(item);
        return items.size() - 1;
    }
    size_t Append(const CAtlArray &other)
    {
        const size_t first = items.size();
        items.insert(items.end(), other.items.begin(), other.items.end());
        return first;
    }
    void Copy(const CAtlArray &other) { items = other.items; }
    const T &operator[](size_t i) const { return GetAt(i); }
    T &operator[](size_t i) { return At(i); }
    const T *GetData() const { return items.data(); }
    T *GetData() { return items.data(); }
    void InsertAt(size_t i, const T &item, size_t n = 1)
    {
        if (i > items.size())
            items.resize(i);
        items.insert(items.begin() + (ptrdiff_t)i, n, item);
    }
    void InsertArrayAt(size_t i, const CAtlArray *other)
    {
        if (i > items.size())
            items.resize(i);
        items.insert(items.begin() + (ptrdiff_t)i, other->items.begin(), other->items.end());
    }
    void RemoveAt(size_t i, size_t n = 1)
    {
        if (i > items.size() || n > items.size() - i)
            AtlThrow(E_INVALIDARG);
        items.erase(items.begin() + (ptrdiff_t)i, items.begin() + (ptrdiff_t)(i + n));
    }

  private:
    T &At(size_t i)
    {
        if (i >= items.size())
            AtlThrow(E_INVALIDARG);
        return items[i];
    }
    std::vector<T> items;
};

template <class T, class ETraits = CElementTraits<T>> class CAtlList
{
    struct node : __POSITION {
        T item;
        node *before, *after;

        explicit node(const T &of) : item(of), before(NULL), after(NULL) {}
        node() : item(), before(NULL), after(NULL) {}
    };

  public:
    CAtlList() : first(NULL), last(NULL), n(0) {}
    CAtlList(const CAtlList &) = delete;
    CAtlList &operator=(const CAtlList &) = delete;
    ~CAtlList() { RemoveAll(); }

    size_t GetCount() const { return n; }
    bool IsEmpty() const { return n == 0; }
    POSITION GetHeadPosition() const { return first; }
    POSITION GetTailPosition() const { return last; }
    T &GetHead() { return Node(first)->item; }
    const T &GetHead() const { return Node(first)->item; }
    T &GetTail() { return Node(last)->item; }
    const T &GetTail() const { return Node(last)->item; }
    T &GetAt(POSITION at) { return Node(at)->item; }
    const T &GetAt(POSITION at) const { return Node(at)->item; }
    void SetAt(POSITION at, const T &item) { Node(at)->item = item; }
    T &GetNext(POSITION &at)
    {
        node *const found = Node(at);
        at = found->after;
        return found->item;
    }
    const T &GetNext(POSITION &at) const { return const_cast<CAtlList *>(this)->GetNext(at); }
    T &GetPrev(POSITION &at)
    {
        node *const found = Node(at);
        at = found->before;
        return found->item;
    }
    POSITION AddHead(const T &item) { return Link(new node(item), NULL); }
    POSITION AddHead() { return Link(new node, NULL); }
    POSITION AddTail(const T &item) { return Link(new node(item), last); }
    POSITION AddTail() { return Link(new node, last); }
    POSITION InsertBefore(POSITION at, const T &item)
    {
        return Link(new node(item), at ? Node(at)->before : NULL);
    }
    POSITION InsertAfter(POSITION at, const T &item)
    {
        return Link(new node(item), at ? Node(at) : last);
    }
    T RemoveHead() { return Unlink(Node(first)); }
    T RemoveTail() { return Unlink(Node(last)); }
    void RemoveHeadNoReturn() { Unlink(Node(first)); }
    void RemoveAt(POSITION at) { Unlink(Node(at)); }
    void RemoveAll()
    {
        while (first)
            Unlink(first);
    }
    POSITION Find(const T &item, POSITION after = NULL) const
    {
        for (node *at = after ? Node(after)->after : first; at; at = at->after)
            if (ETraits::CompareElements(at->item, item))
                return at;
        return NULL;
    }
    POSITION FindIndex(size_t i) const
    {
        node *at = first;
        while (at && i--)
            at = at->after;
        return at;
    }

  private:
    static node *Node(POSITION at)
    {
        if (!at)
            AtlThrow(E_INVALIDARG);
        return static_cast<node *>(at);
    }
    POSITION Link(node *made, node *before)
    {
        made->before = before;
        made->after = before ? before->after : first;
        (made->before ? made->before->after : first) = made;
        (made->after ? made->after->before : last) = made;
        n++;
        return made;
    }
    T Unlink(node *gone)
    {
        T item(gone->item);
        (gone->before ? gone->before->after : first) = gone->after;
        (gone->after ? gone->after->before : last) = gone->before;
        delete gone;
        n--;
        return item;
    }

    node *first, *last;
    size_t n;
};

} // namespace ATL

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif
