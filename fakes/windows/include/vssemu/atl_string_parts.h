/* SPDX-License-Identifier: MIT */
/* CString's methods that look for, take out and change parts. Included in the class, by cstringt.h
 * alone. What lies outside the text is cut off; an index below 0 counts as 0. */

CStringT Mid(int first) const
{
    return Mid(first, INT_MAX);
}
CStringT Mid(int first, int n) const
{
    const int length = this->GetLength();
    first = first < 0 ? 0 : first > length ? length : first;
    n = n < 0 ? 0 : n > length - first ? length - first : n;
    return CStringT(this->GetString() + first, n);
}
CStringT Left(int n) const
{
    return Mid(0, n);
}
CStringT Right(int n) const
{
    const int length = this->GetLength();
    return Mid(n < 0 ? length : n > length ? 0 : length - n);
}
CStringT SpanIncluding(PCXSTR set) const
{
    int n = 0;
    while (n < this->GetLength() && IsIn((*this)[n], set))
        n++;
    return Left(n);
}
CStringT SpanExcluding(PCXSTR set) const
{
    const int n = FindOneOf(set);
    return n < 0 ? *this : Left(n);
}

int Find(PCXSTR text, int start = 0) const
{
    if (!text || start < 0 || start > this->GetLength())
        return -1;
    PCXSTR const found = traits::Find(this->GetString() + start, text);
    return found ? (int)(found - this->GetString()) : -1;
}
int Find(XCHAR c, int start = 0) const
{
    for (int i = start < 0 ? this->GetLength() : start; i < this->GetLength(); i++)
        if (this->GetString()[i] == c)
            return i;
    return -1;
}
int ReverseFind(XCHAR c) const
{
    int i = this->GetLength() - 1;
    while (i >= 0 && this->GetString()[i] != c)
        i--;
    return i;
}
int FindOneOf(PCXSTR set) const
{
    for (int i = 0; i < this->GetLength(); i++)
        if (IsIn(this->GetString()[i], set))
            return i;
    return -1;
}

CStringT &MakeUpper()
{
    for (int i = 0; i < this->GetLength(); i++)
        this->SetAt(i, traits::Upper(this->GetString()[i]));
    return *this;
}
CStringT &MakeLower()
{
    for (int i = 0; i < this->GetLength(); i++)
        this->SetAt(i, traits::Lower(this->GetString()[i]));
    return *this;
}
CStringT &MakeReverse()
{
    for (int i = 0, k = this->GetLength() - 1; i < k; i++, k--) {
        const XCHAR c = this->GetString()[i];
        this->SetAt(i, this->GetString()[k]);
        this->SetAt(k, c);
    }
    return *this;
}

CStringT &TrimRight()
{
    return TrimRightBy([](XCHAR c) { return traits::IsSpace(c); });
}
CStringT &TrimRight(XCHAR what)
{
    return TrimRightBy([=](XCHAR c) { return c == what; });
}
CStringT &TrimRight(PCXSTR set)
{
    return TrimRightBy([=](XCHAR c) { return IsIn(c, set); });
}
CStringT &TrimLeft()
{
    return TrimLeftBy([](XCHAR c) { return traits::IsSpace(c); });
}
CStringT &TrimLeft(XCHAR what)
{
    return TrimLeftBy([=](XCHAR c) { return c == what; });
}
CStringT &TrimLeft(PCXSTR set)
{
    return TrimLeftBy([=](XCHAR c) { return IsIn(c, set); });
}
CStringT &Trim()
{
    return TrimRight().TrimLeft();
}
CStringT &Trim(XCHAR what)
{
    return TrimRight(what).TrimLeft(what);
}
CStringT &Trim(PCXSTR set)
{
    return TrimRight(set).TrimLeft(set);
}

/* The next part between separators; start moves on, and is -1 when there is none. */
CStringT Tokenize(PCXSTR separators, int &start) const
{
    if (start < 0)
        AtlThrow(E_INVALIDARG);
    int first = start;
    const int length = this->GetLength();
    while (first < length && separators && IsIn(this->GetString()[first], separators))
        first++;
    if (first >= length) {
        start = -1;
        return CStringT();
    }
    int end = first;
    while (end < length && !(separators && IsIn(this->GetString()[end], separators)))
        end++;
    start = end + 1;
    return Mid(first, end - first);
}

int Insert(int at, PCXSTR text)
{
    const int length = this->GetLength();
    at = at < 0 ? 0 : at > length ? length : at;
    CStringT made(this->GetString(), at);
    made.Append(text);
    made.Append(this->GetString() + at, length - at);
    *this = static_cast<CStringT &&>(made);
    return this->GetLength();
}
int Insert(int at, XCHAR c)
{
    const XCHAR text[2] = { c, 0 };
    return Insert(at, text);
}
int Delete(int at, int n = 1)
{
    const int length = this->GetLength();
    at = at < 0 ? 0 : at;
    if (n > 0 && at < length) {
        n = n > length - at ? length - at : n;
        CStringT made(this->GetString(), at);
        made.Append(this->GetString() + at + n, length - at - n);
        *this = static_cast<CStringT &&>(made);
    }
    return this->GetLength();
}
int Remove(XCHAR what)
{
    CStringT made;
    const int length = this->GetLength();
    for (int i = 0; i < length; i++)
        if (this->GetString()[i] != what)
            made.AppendChar(this->GetString()[i]);
    *this = static_cast<CStringT &&>(made);
    return length - this->GetLength();
}
int Replace(XCHAR old, XCHAR by)
{
    int n = 0;
    for (int i = 0; old != by && i < this->GetLength(); i++) {
        if (this->GetString()[i] == old) {
            this->SetAt(i, by);
            n++;
        }
    }
    return n;
}
int Replace(PCXSTR old, PCXSTR by)
{
    const int step = traits::Length(old);
    CStringT made;
    int n = 0, from = 0;

    if (!step)
        return 0;
    for (int at = Find(old); at >= 0; at = Find(old, from)) {
        made.Append(this->GetString() + from, at - from);
        made.Append(by);
        from = at + step;
        n++;
    }
    if (n) {
        made.Append(this->GetString() + from, this->GetLength() - from);
        *this = static_cast<CStringT &&>(made);
    }
    return n;
}

private:
static bool IsIn(XCHAR c, PCXSTR set)
{
    while (set && *set && *set != c)
        set++;
    return set && *set;
}
template <class Question> CStringT &TrimRightBy(Question is_cut)
{
    int n = this->GetLength();
    while (n > 0 && is_cut(this->GetString()[n - 1]))
        n--;
    this->Truncate(n);
    return *this;
}
template <class Question> CStringT &TrimLeftBy(Question is_cut)
{
    int n = 0;
    while (n < this->GetLength() && is_cut(this->GetString()[n]))
        n++;
    if (n)
        Delete(0, n);
    return *this;
}

public:
