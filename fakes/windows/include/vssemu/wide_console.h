/* SPDX-License-Identifier: MIT */
/* std::wcout, wcerr, wclog and wcin over the C streams, so that they keep their order with wprintf;
 * outside is UTF-8. Only who includes <iostream> pays for them. */
#pragma once

namespace std
{

class vssemu_console_buffer_ : public wstreambuf
{
  public:
    explicit vssemu_console_buffer_(FILE *stream) : stream(stream) {}

  protected:
    int_type overflow(int_type c) override
    {
        if (traits_type::eq_int_type(c, traits_type::eof()))
            return traits_type::not_eof(c);
        const wchar_t unit = traits_type::to_char_type(c);
        return xsputn(&unit, 1) == 1 ? c : traits_type::eof();
    }
    streamsize xsputn(const wchar_t *s, streamsize n) override
    {
        wstring text(held);
        text.append(s, static_cast<size_t>(n));
        held.clear();
        if (!text.empty() && text[text.size() - 1] >= 0xd800 && text[text.size() - 1] < 0xdc00) {
            held.assign(1, text[text.size() - 1]); /* its other half comes later */
            text.resize(text.size() - 1);
        }
        for (size_t at = 0; at < text.size(); at += ::wcslen(text.c_str() + at) + 1)
            if (::fputws(text.c_str() + at, stream) < 0 ||
                (at + ::wcslen(text.c_str() + at) < text.size() && ::fputc(0, stream) == EOF))
                return 0;
        return n;
    }
    int_type underflow() override
    {
        if (gptr() < egptr())
            return traits_type::to_int_type(*gptr());
        const wint_t c = ::fgetwc(stream);
        if (c == WEOF)
            return traits_type::eof();
        units[0] = units[1];
        units[1] = static_cast<wchar_t>(c);
        setg(units + (gptr() ? 0 : 1), units + 1, units + 2);
        return traits_type::to_int_type(*gptr());
    }
    int sync() override { return ::fflush(stream) == 0 ? 0 : -1; }

  private:
    FILE *const stream;
    wstring held;
    wchar_t units[2] = {};
};

/* Made when first used and never destroyed: destructors of a program may still write. */
inline wostream *vssemu_wide_output_(FILE *stream, bool is_unbuffered)
{
    wostream *const made = new (::malloc(sizeof(wostream)))
        wostream(new (::malloc(sizeof(vssemu_console_buffer_))) vssemu_console_buffer_(stream));
    if (is_unbuffered)
        made->setf(ios_base::unitbuf);
    return made;
}
inline wostream &vssemu_wcout_()
{
    static wostream *const made = vssemu_wide_output_(stdout, false);
    return *made;
}
inline wostream &vssemu_wcerr_()
{
    static wostream *const made = vssemu_wide_output_(stderr, true);
    return *made;
}
inline wostream &vssemu_wclog_()
{
    static wostream *const made = vssemu_wide_output_(stderr, false);
    return *made;
}
inline wistream &vssemu_wcin_()
{
    static wistream *const made = new wistream(new vssemu_console_buffer_(stdin));
    static const bool is_tied = (made->tie(&vssemu_wcout_()), true);
    (void)is_tied;
    return *made;
}
static wostream &wcout __attribute__((unused)) = vssemu_wcout_();
static wostream &wcerr __attribute__((unused)) = vssemu_wcerr_();
static wostream &wclog __attribute__((unused)) = vssemu_wclog_();
static wistream &wcin __attribute__((unused)) = vssemu_wcin_();

} // namespace std
