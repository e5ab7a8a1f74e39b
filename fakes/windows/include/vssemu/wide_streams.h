/* SPDX-License-Identifier: MIT */
/* std's wide streams: the names that libstdc++ leaves out with its 32-bit ones, and files on the
 * world's paths. Files get one byte a character, and fail at a character above 255, until the
 * program imbues another codecvt, as with Microsoft's library. */
#pragma once

namespace std
{

typedef basic_ios<wchar_t> wios;
typedef basic_streambuf<wchar_t> wstreambuf;
typedef basic_istream<wchar_t> wistream;
typedef basic_ostream<wchar_t> wostream;
typedef basic_iostream<wchar_t> wiostream;
typedef basic_stringbuf<wchar_t> wstringbuf;
typedef basic_istringstream<wchar_t> wistringstream;
typedef basic_ostringstream<wchar_t> wostringstream;
typedef basic_stringstream<wchar_t> wstringstream;

/* A file of the world. The C stream below it holds what is written; what is read comes one
 * character at a time, so that its place is that of the program. */
template <> class basic_filebuf<wchar_t, char_traits<wchar_t>> : public wstreambuf
{
  public:
    basic_filebuf() {}
    basic_filebuf(basic_filebuf &&other) : wstreambuf(other) { TakeFrom(other); }
    basic_filebuf &operator=(basic_filebuf &&other)
    {
        close();
        wstreambuf::operator=(other);
        TakeFrom(other);
        return *this;
    }
    void swap(basic_filebuf &other)
    {
        basic_filebuf kept(static_cast<basic_filebuf &&>(other));
        other = static_cast<basic_filebuf &&>(*this);
        *this = static_cast<basic_filebuf &&>(kept);
    }
    ~basic_filebuf() { close(); }

    bool is_open() const { return file != NULL; }
    basic_filebuf *open(const char *path, ios_base::openmode mode)
    {
        const char *const words = Words(mode);
        return words && !file && path ? Begin(::fopen(path, words), mode) : NULL;
    }
    basic_filebuf *open(const string &path, ios_base::openmode mode)
    {
        return open(path.c_str(), mode);
    }
    basic_filebuf *open(const wchar_t *path, ios_base::openmode mode)
    {
        const char *const words = Words(mode);
        const wstring wide_words(words ? words : "", words ? words + strlen(words) : "");
        return words && !file && path ? Begin(::_wfopen(path, wide_words.c_str()), mode) : NULL;
    }
    basic_filebuf *open(const wstring &path, ios_base::openmode mode)
    {
        return open(path.c_str(), mode);
    }
    basic_filebuf *close()
    {
        FILE *const closed = file;
        file = NULL;
        setg(NULL, NULL, NULL);
        return closed && ::fclose(closed) == 0 ? this : NULL;
    }

  protected:
    int_type overflow(int_type c) override
    {
        if (traits_type::eq_int_type(c, traits_type::eof()))
            return sync() == 0 ? traits_type::not_eof(c) : traits_type::eof();
        const wchar_t unit = traits_type::to_char_type(c);
        return Put(&unit, 1) ? c : traits_type::eof();
    }
    streamsize xsputn(const wchar_t *s, streamsize n) override { return Put(s, n) ? n : 0; }
    int_type underflow() override
    {
        if (!file)
            return traits_type::eof();
        if (gptr() < egptr())
            return traits_type::to_int_type(*gptr());
        const bool keeps = gptr() != NULL;
        if (keeps)
            units[0] = gptr()[-1]; /* one may be put back */
        const int n = Get(units + 1);
        if (n <= 0)
            return traits_type::eof();
        setg(units + (keeps ? 0 : 1), units + 1, units + 1 + n);
        return traits_type::to_int_type(*gptr());
    }
    pos_type seekoff(off_type by, ios_base::seekdir from, ios_base::openmode) override
    {
        const int whence = from == ios_base::beg   ? SEEK_SET
                           : from == ios_base::cur ? SEEK_CUR
                                                   : SEEK_END;
        if (!file)
            return pos_type(off_type(-1));
        if (from == ios_base::cur)
            by -= egptr() - gptr(); /* right for one byte a character, as everywhere */
        if (::fseek(file, by, whence) != 0)
            return pos_type(off_type(-1));
        setg(NULL, NULL, NULL);
        return pos_type(off_type(::ftell(file)));
    }
    pos_type seekpos(pos_type to, ios_base::openmode mode) override
    {
        return seekoff(off_type(to), ios_base::beg, mode);
    }
    int sync() override { return file && ::fflush(file) != 0 ? -1 : 0; }

  private:
    static const char *Words(ios_base::openmode mode)
    {
        const bool in = mode & ios_base::in, out = mode & ios_base::out,
                   cuts = mode & ios_base::trunc, adds = mode & ios_base::app,
                   is_binary = mode & ios_base::binary;
        if (adds)
            return cuts ? NULL : in ? (is_binary ? "a+b" : "a+") : is_binary ? "ab" : "a";
        if (cuts)
            return !out ? NULL : in ? (is_binary ? "w+b" : "w+") : is_binary ? "wb" : "w";
        if (in)
            return out ? (is_binary ? "r+b" : "r+") : is_binary ? "rb" : "r";
        return !out ? NULL : is_binary ? "wb" : "w";
    }
    basic_filebuf *Begin(FILE *opened, ios_base::openmode mode)
    {
        file = opened;
        state = mbstate_t();
        if (file && (mode & ios_base::ate) && ::fseek(file, 0, SEEK_END) != 0)
            close();
        return file ? this : NULL;
    }
    void TakeFrom(basic_filebuf &other)
    {
        file = other.file;
        state = other.state;
        other.file = NULL;
        setg(NULL, NULL, NULL);
        other.setg(NULL, NULL, NULL);
    }
    bool Put(const wchar_t *s, streamsize n)
    {
        typedef codecvt<wchar_t, char, mbstate_t> conversion_type;
        const conversion_type &conversion = use_facet<conversion_type>(getloc());
        const wchar_t *const end = s + n;
        char bytes[256], *stopped;

        if (!file)
            return false;
        if (gptr() < egptr() && seekoff(0, ios_base::cur, ios_base::in) == pos_type(off_type(-1)))
            return false;
        while (s < end) {
            const wchar_t *const begun = s;
            const codecvt_base::result answer =
                conversion.out(state, s, end, s, bytes, bytes + sizeof(bytes), stopped);
            const size_t made = static_cast<size_t>(stopped - bytes);
            if (made && ::fwrite(bytes, 1, made, file) != made)
                return false;
            if (answer == codecvt_base::error || answer == codecvt_base::noconv ||
                (s == begun && !made))
                return false;
        }
        return true;
    }
    /* The next character, which may be two units; 0 at the end, -1 for bytes that are none. */
    int Get(wchar_t *ret_units)
    {
        typedef codecvt<wchar_t, char, mbstate_t> conversion_type;
        const conversion_type &conversion = use_facet<conversion_type>(getloc());
        char bytes[8];

        for (int n = 1; n <= 8; n++) {
            const int byte = ::fgetc(file);
            if (byte == EOF)
                return n == 1 ? 0 : -1;
            bytes[n - 1] = static_cast<char>(byte);
            mbstate_t tried = state;
            const char *stopped;
            wchar_t *to;
            const codecvt_base::result answer =
                conversion.in(tried, bytes, bytes + n, stopped, ret_units, ret_units + 2, to);
            if (answer == codecvt_base::error)
                return -1;
            if (to > ret_units || (answer == codecvt_base::ok && stopped == bytes + n)) {
                state = tried;
                if (to > ret_units)
                    return static_cast<int>(to - ret_units);
                n = 0; /* a mark that is no character */
            }
        }
        return -1;
    }

    FILE *file = NULL;
    mbstate_t state = mbstate_t();
    wchar_t units[4] = {};
};

typedef basic_filebuf<wchar_t> wfilebuf;

/* Microsoft's file streams take wide paths, too. */
#define VSSEMU_FILE_STREAM_(name, base, always, usual)                                          \
    template <> class name<wchar_t, char_traits<wchar_t>> : public base                         \
    {                                                                                           \
      public:                                                                                   \
        name() : base(NULL) { this->init(&buffer); }                                            \
        template <class Path>                                                                   \
        explicit name(const Path &path, ios_base::openmode mode = usual) : name()               \
        {                                                                                       \
            open(path, mode);                                                                   \
        }                                                                                       \
        name(name &&other)                                                                      \
            : base(static_cast<base &&>(other)), buffer(static_cast<wfilebuf &&>(other.buffer)) \
        {                                                                                       \
            base::set_rdbuf(&buffer);                                                           \
        }                                                                                       \
        name &operator=(name &&other)                                                           \
        {                                                                                       \
            base::operator=(static_cast<base &&>(other));                                       \
            buffer = static_cast<wfilebuf &&>(other.buffer);                                    \
            return *this;                                                                       \
        }                                                                                       \
        void swap(name &other)                                                                  \
        {                                                                                       \
            base::swap(other);                                                                  \
            buffer.swap(other.buffer);                                                          \
        }                                                                                       \
        wfilebuf *rdbuf() const { return const_cast<wfilebuf *>(&buffer); }                     \
        bool is_open() const { return buffer.is_open(); }                                       \
        template <class Path> void open(const Path &path, ios_base::openmode mode = usual)      \
        {                                                                                       \
            if (buffer.open(path, mode | (always)))                                             \
                this->clear();                                                                  \
            else                                                                                \
                this->setstate(ios_base::failbit);                                              \
        }                                                                                       \
        void close()                                                                            \
        {                                                                                       \
            if (!buffer.close())                                                                \
                this->setstate(ios_base::failbit);                                              \
        }                                                                                       \
                                                                                                \
      private:                                                                                  \
        wfilebuf buffer;                                                                        \
    };
VSSEMU_FILE_STREAM_(basic_ofstream, wostream, ios_base::out, ios_base::out)
VSSEMU_FILE_STREAM_(basic_ifstream, wistream, ios_base::in, ios_base::in)
VSSEMU_FILE_STREAM_(basic_fstream, wiostream, ios_base::openmode(), ios_base::in | ios_base::out)
#undef VSSEMU_FILE_STREAM_
typedef basic_ofstream<wchar_t> wofstream;
typedef basic_ifstream<wchar_t> wifstream;
typedef basic_fstream<wchar_t> wfstream;

/* ---- regular expressions ---- */

typedef basic_regex<wchar_t> wregex;
typedef sub_match<const wchar_t *> wcsub_match;
typedef sub_match<wstring::const_iterator> wssub_match;
typedef match_results<const wchar_t *> wcmatch;
typedef match_results<wstring::const_iterator> wsmatch;
typedef regex_iterator<const wchar_t *> wcregex_iterator;
typedef regex_iterator<wstring::const_iterator> wsregex_iterator;
typedef regex_token_iterator<const wchar_t *> wcregex_token_iterator;
typedef regex_token_iterator<wstring::const_iterator> wsregex_token_iterator;

} // namespace std
