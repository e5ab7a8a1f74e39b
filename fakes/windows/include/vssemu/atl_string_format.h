/* SPDX-License-Identifier: MIT */
/* CString's methods that format, and those that exchange text with Windows. Included in the class,
 * by cstringt.h alone. */

template <class... Values> void Format(PCXSTR format, const Values &...values)
{
    this->Empty();
    AppendFormat(format, values...);
}
template <class... Values> void AppendFormat(PCXSTR format, const Values &...values)
{
    AppendOf(format, vssemu_printf_argument_(values)...);
}
void FormatV(PCXSTR format, va_list args)
{
    CStringT made;
    made.AppendFormatV(format, args);
    *this = static_cast<CStringT &&>(made);
}
void AppendFormatV(PCXSTR format, va_list args)
{
    if (!format)
        AtlThrow(E_INVALIDARG);
    for (size_t size = 256;; size *= 2) {
        CHeapPtr<XCHAR> buffer;
        va_list again;

        if (!buffer.Allocate(size))
            AtlThrow(E_OUTOFMEMORY);
        va_copy(again, args);
        const int n = traits::Format(buffer, size, format, again);
        va_end(again);
        if (n >= 0 && (size_t)n < size) {
            this->Append(buffer, n);
            return;
        }
        if (size > INT_MAX / 2)
            AtlThrow(E_OUTOFMEMORY);
    }
}
template <class... Values> void FormatMessage(PCXSTR format, const Values &...values)
{
    FormatMessageOf(format, vssemu_printf_argument_(values)...);
}
void FormatMessageV(PCXSTR format, va_list *args)
{
    XCHAR *text = NULL;
    if (!traits::Message(format, &text, args))
        AtlThrowLastWin32();
    *this = text;
    LocalFree(text);
}

BSTR AllocSysString() const
{
    return traits::Bstr(this->GetString(), this->GetLength());
}
BSTR SetSysString(BSTR *to) const
{
    SysFreeString(*to);
    return *to = AllocSysString();
}
/* The drivers leave .rc files out: no program has resources, and no text is found. */
BOOL LoadString(UINT)
{
    SetLastError(ERROR_RESOURCE_DATA_NOT_FOUND);
    return FALSE;
}
BOOL LoadString(HINSTANCE, UINT id)
{
    return LoadString(id);
}
BOOL LoadString(HINSTANCE, UINT id, WORD)
{
    return LoadString(id);
}
BOOL GetEnvironmentVariable(PCXSTR name)
{
    const DWORD size = traits::Environment(name, NULL, 0);
    if (!size) {
        this->Empty();
        return FALSE;
    }
    traits::Environment(name, this->GetBuffer((int)size), size);
    this->ReleaseBuffer();
    return TRUE;
}

private:
void AppendOf(PCXSTR format, ...)
{
    va_list args;
    va_start(args, format);
    AppendFormatV(format, args);
    va_end(args);
}
void FormatMessageOf(PCXSTR format, ...)
{
    va_list args;
    va_start(args, format);
    FormatMessageV(format, &args);
    va_end(args);
}

public:
