/* SPDX-License-Identifier: MIT */
/* The facets that std's stream and regex templates ask of a locale, for a wchar_t of 16 bits.
 * libstdc++.so has them for 32 bits only, so each object brings its own, and any locale answers
 * with them: there is no locale here but the one of the world, which is "C" for numbers and knows
 * the cases of Unicode's letters. A facet that a program puts into a locale of its own wins. */
#pragma once

namespace std
{

/* ---- ctype ---- */

template <> inline ctype<wchar_t>::~ctype()
{
}

template <> inline bool ctype<wchar_t>::do_is(mask m, wchar_t c) const
{
    /* graph and alnum are made of the others. */
    return ((m & upper) && iswupper(c)) || ((m & lower) && iswlower(c)) ||
           ((m & alpha) && iswalpha(c)) || ((m & digit) && iswdigit(c)) ||
           ((m & xdigit) && iswxdigit(c)) || ((m & space) && iswspace(c)) ||
           ((m & print) && iswprint(c)) || ((m & cntrl) && iswcntrl(c)) ||
           ((m & punct) && iswpunct(c)) || ((m & blank) && (c == L' ' || c == L'\t'));
}

template <>
inline const wchar_t *ctype<wchar_t>::do_is(const wchar_t *from, const wchar_t *end, mask *to) const
{
    static const mask all[] = { upper, lower, alpha, digit, xdigit,
                                space, print, cntrl, punct, blank };
    for (; from < end; from++, to++) {
        *to = mask();
        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
            if (do_is(all[i], *from))
                *to = static_cast<mask>(*to | all[i]);
    }
    return end;
}

template <>
inline const wchar_t *ctype<wchar_t>::do_scan_is(mask m, const wchar_t *from,
                                                 const wchar_t *end) const
{
    while (from < end && !do_is(m, *from))
        from++;
    return from;
}

template <>
inline const wchar_t *ctype<wchar_t>::do_scan_not(mask m, const wchar_t *from,
                                                  const wchar_t *end) const
{
    while (from < end && do_is(m, *from))
        from++;
    return from;
}

template <> inline wchar_t ctype<wchar_t>::do_toupper(wchar_t c) const
{
    return static_cast<wchar_t>(::towupper(c));
}

template <>
inline const wchar_t *ctype<wchar_t>::do_toupper(wchar_t *from, const wchar_t *end) const
{
    for (; from < end; from++)
        *from = do_toupper(*from);
    return end;
}

template <> inline wchar_t ctype<wchar_t>::do_tolower(wchar_t c) const
{
    return static_cast<wchar_t>(::towlower(c));
}

template <>
inline const wchar_t *ctype<wchar_t>::do_tolower(wchar_t *from, const wchar_t *end) const
{
    for (; from < end; from++)
        *from = do_tolower(*from);
    return end;
}

template <> inline wchar_t ctype<wchar_t>::do_widen(char c) const
{
    return static_cast<unsigned char>(c);
}

template <>
inline const char *ctype<wchar_t>::do_widen(const char *from, const char *end, wchar_t *to) const
{
    while (from < end)
        *to++ = do_widen(*from++);
    return end;
}

template <> inline char ctype<wchar_t>::do_narrow(wchar_t c, char otherwise) const
{
    return c < 0x80 ? static_cast<char>(c) : otherwise;
}

template <>
inline const wchar_t *ctype<wchar_t>::do_narrow(const wchar_t *from, const wchar_t *end,
                                                char otherwise, char *to) const
{
    while (from < end)
        *to++ = do_narrow(*from++, otherwise);
    return end;
}

/* ---- collate: by the numbers of the characters ---- */

template <>
inline int collate<wchar_t>::_M_compare(const wchar_t *a, const wchar_t *b) const noexcept
{
    return ::wcscmp(a, b);
}

template <>
inline size_t collate<wchar_t>::_M_transform(wchar_t *to, const wchar_t *from,
                                             size_t size) const noexcept
{
    const size_t length = ::wcslen(from);
    if (size) {
        const size_t n = length < size ? length : size - 1;
        ::wmemcpy(to, from, n);
        to[n] = 0;
    }
    return length;
}

/* ---- numpunct ---- */

inline __numpunct_cache<wchar_t> *vssemu_plain_numbers_()
{
    struct plain : __numpunct_cache<wchar_t> {
        plain() : __numpunct_cache<wchar_t>(1)
        {
            _M_grouping = "";
            _M_grouping_size = 0;
            _M_use_grouping = false;
            _M_truename = L"true";
            _M_truename_size = 4;
            _M_falsename = L"false";
            _M_falsename_size = 5;
            _M_decimal_point = L'.';
            _M_thousands_sep = L',';
            for (size_t i = 0; i < __num_base::_S_oend; i++)
                _M_atoms_out[i] = static_cast<unsigned char>(__num_base::_S_atoms_out[i]);
            for (size_t i = 0; i < __num_base::_S_iend; i++)
                _M_atoms_in[i] = static_cast<unsigned char>(__num_base::_S_atoms_in[i]);
            _M_allocated = false;
        }
        ~plain() {}
    };
    alignas(plain) static char place[sizeof(plain)];
    static plain *const numbers = new (place) plain; /* never destroyed: streams may live longer */
    return numbers;
}

template <> inline void numpunct<wchar_t>::_M_initialize_numpunct(__c_locale)
{
    if (!_M_data)
        _M_data = vssemu_plain_numbers_();
}

template <> inline numpunct<wchar_t>::~numpunct()
{
    if (_M_data != vssemu_plain_numbers_())
        delete _M_data;
}

/* The cache belongs to the facet's place in the locale; where there is none, so is no place. */
template <> struct __use_cache<__numpunct_cache<wchar_t>> {
    const __numpunct_cache<wchar_t> *operator()(const locale &l) const
    {
        const size_t i = numpunct<wchar_t>::id._M_id();
        if (i >= l._M_impl->_M_facets_size || !l._M_impl->_M_facets[i])
            return vssemu_plain_numbers_();
        const locale::facet **caches = l._M_impl->_M_caches;
        if (!caches[i]) {
            unique_ptr<__numpunct_cache<wchar_t>> made(new __numpunct_cache<wchar_t>);
            made->_M_cache(l);
            l._M_impl->_M_install_cache(made.release(), i);
        }
        return static_cast<const __numpunct_cache<wchar_t> *>(caches[i]);
    }
};

/* ---- codecvt: Microsoft's "C" locale, one byte a character, nothing above 255 ---- */

template <>
inline codecvt_base::result
codecvt<wchar_t, char, mbstate_t>::do_out(mbstate_t &, const wchar_t *from, const wchar_t *end,
                                          const wchar_t *&next, char *to, char *to_end,
                                          char *&to_next) const
{
    result answer = ok;
    while (from < end && answer == ok) {
        if (*from > 0xff)
            answer = error;
        else if (to >= to_end)
            answer = partial;
        else
            *to++ = static_cast<char>(*from++);
    }
    next = from;
    to_next = to;
    return answer;
}

template <>
inline codecvt_base::result codecvt<wchar_t, char, mbstate_t>::do_unshift(mbstate_t &, char *to,
                                                                          char *, char *&next) const
{
    next = to;
    return noconv;
}

template <>
inline codecvt_base::result
codecvt<wchar_t, char, mbstate_t>::do_in(mbstate_t &, const char *from, const char *end,
                                         const char *&next, wchar_t *to, wchar_t *to_end,
                                         wchar_t *&to_next) const
{
    while (from < end && to < to_end)
        *to++ = static_cast<unsigned char>(*from++);
    next = from;
    to_next = to;
    return from < end ? partial : ok;
}

template <> inline int codecvt<wchar_t, char, mbstate_t>::do_encoding() const noexcept
{
    return 1;
}

template <> inline bool codecvt<wchar_t, char, mbstate_t>::do_always_noconv() const noexcept
{
    return false;
}

template <>
inline int codecvt<wchar_t, char, mbstate_t>::do_length(mbstate_t &, const char *from,
                                                        const char *end, size_t most) const
{
    const size_t n = static_cast<size_t>(end - from);
    return static_cast<int>(n < most ? n : most);
}

template <> inline int codecvt<wchar_t, char, mbstate_t>::do_max_length() const noexcept
{
    return 1;
}

/* ---- every locale has them ---- */

#define VSSEMU_FACET_(...)                                                        \
    template <> inline bool has_facet<__VA_ARGS__>(const locale &) throw()        \
    {                                                                             \
        return true;                                                              \
    }                                                                             \
    template <> inline const __VA_ARGS__ &use_facet<__VA_ARGS__>(const locale &l) \
    {                                                                             \
        const size_t i = __VA_ARGS__::id._M_id();                                 \
        if (i < l._M_impl->_M_facets_size && l._M_impl->_M_facets[i])             \
            return static_cast<const __VA_ARGS__ &>(*l._M_impl->_M_facets[i]);    \
        alignas(__VA_ARGS__) static char place[sizeof(__VA_ARGS__)];              \
        static const __VA_ARGS__ *const ours = new (place) __VA_ARGS__(1);        \
        return *ours;                                                             \
    }
VSSEMU_FACET_(ctype<wchar_t>)
VSSEMU_FACET_(collate<wchar_t>)
VSSEMU_FACET_(numpunct<wchar_t>)
VSSEMU_FACET_(num_put<wchar_t>)
VSSEMU_FACET_(num_get<wchar_t>)
VSSEMU_FACET_(codecvt<wchar_t, char, mbstate_t>)
#undef VSSEMU_FACET_

/* <regex> asks like this. */
template <> inline const ctype<wchar_t> &use_facet<const ctype<wchar_t>>(const locale &l)
{
    return use_facet<ctype<wchar_t>>(l);
}

/* ---- the conversions of <codecvt>, which users put into locales and wstring_convert ---- */

/* As one of the same library for char16_t, which has the same form. */
template <class Model> class vssemu_codecvt_ : public codecvt<wchar_t, char, mbstate_t>
{
  public:
    vssemu_codecvt_(unsigned long most, codecvt_mode mode, size_t refs)
        : codecvt<wchar_t, char, mbstate_t>(refs), model(most, mode)
    {
    }

  protected:
    ~vssemu_codecvt_() {}
    result do_out(mbstate_t &state, const wchar_t *from, const wchar_t *end, const wchar_t *&next,
                  char *to, char *to_end, char *&to_next) const override
    {
        const char16_t *stopped;
        result answer = model.out(state, Units(from), Units(end), stopped, to, to_end, to_next);
        next = reinterpret_cast<const wchar_t *>(stopped);
        return answer;
    }
    result do_in(mbstate_t &state, const char *from, const char *end, const char *&next,
                 wchar_t *to, wchar_t *to_end, wchar_t *&to_next) const override
    {
        char16_t *stopped;
        result answer = model.in(state, from, end, next, reinterpret_cast<char16_t *>(to),
                                 reinterpret_cast<char16_t *>(to_end), stopped);
        to_next = reinterpret_cast<wchar_t *>(stopped);
        return answer;
    }
    int do_length(mbstate_t &state, const char *from, const char *end, size_t most) const override
    {
        return model.length(state, from, end, most);
    }
    int do_encoding() const noexcept override { return model.encoding(); }
    int do_max_length() const noexcept override { return model.max_length(); }

  private:
    struct owned : Model {
        owned(unsigned long most, codecvt_mode mode) : Model(most, mode, 1) {}
        ~owned() {}
    };
    static const char16_t *Units(const wchar_t *s) { return reinterpret_cast<const char16_t *>(s); }
    owned model;
};

/* Windows: wchar_t has 16 bits, yet characters beyond them pass as surrogates. */
#define VSSEMU_CODECVT_(name, model)                                                   \
    template <unsigned long most, codecvt_mode mode>                                   \
    class name<wchar_t, most, mode> : public vssemu_codecvt_<model<char16_t>>          \
    {                                                                                  \
      public:                                                                          \
        explicit name(size_t refs = 0)                                                 \
            : vssemu_codecvt_<model<char16_t>>(std::min(most, 0x10fffful), mode, refs) \
        {                                                                              \
        }                                                                              \
        ~name() {}                                                                     \
    };
VSSEMU_CODECVT_(codecvt_utf8, __codecvt_utf8_utf16_base)
VSSEMU_CODECVT_(codecvt_utf8_utf16, __codecvt_utf8_utf16_base)
VSSEMU_CODECVT_(codecvt_utf16, __codecvt_utf16_base)
#undef VSSEMU_CODECVT_

} // namespace std
