/* SPDX-License-Identifier: MIT */
/* ATL's owner of a registry key (Learn: "CRegKey Class"). Part of atlbase.h. */
#pragma once

#ifdef __cplusplus

namespace ATL
{

class CRegKey
{
  public:
    HKEY m_hKey;
    REGSAM m_samWOW64;

    CRegKey() noexcept : m_hKey(NULL), m_samWOW64(0) {}
    explicit CRegKey(HKEY key) noexcept : m_hKey(key), m_samWOW64(0) {}
    CRegKey(CRegKey &other) noexcept : m_hKey(other.Detach()), m_samWOW64(0) {} /* moves */
    ~CRegKey() { Close(); }
    CRegKey &operator=(CRegKey &other) noexcept
    {
        if (m_hKey != other.m_hKey) {
            Close();
            Attach(other.Detach());
        }
        return *this;
    }
    operator HKEY() const noexcept { return m_hKey; }
    void Attach(HKEY key) noexcept { m_hKey = key; }
    HKEY Detach() noexcept
    {
        const HKEY key = m_hKey;
        m_hKey = NULL;
        return key;
    }
    LONG Close() noexcept
    {
        const LONG error = m_hKey ? RegCloseKey(m_hKey) : ERROR_SUCCESS;
        m_hKey = NULL;
        return error;
    }
    LONG Open(HKEY parent, LPCWSTR name, REGSAM access = KEY_READ | KEY_WRITE)
    {
        HKEY key = NULL;
        const LONG error = RegOpenKeyExW(parent, name, 0, access, &key);
        if (error == ERROR_SUCCESS) {
            Close();
            m_hKey = key;
        }
        return error;
    }
    LONG Create(HKEY parent, LPCWSTR name, LPWSTR of_class = NULL,
                DWORD options = REG_OPTION_NON_VOLATILE, REGSAM access = KEY_READ | KEY_WRITE,
                LPSECURITY_ATTRIBUTES security = NULL, LPDWORD ret_disposition = NULL)
    {
        HKEY key = NULL;
        DWORD disposition = 0;
        const LONG error = RegCreateKeyExW(parent, name, 0, of_class, options, access, security,
                                           &key, &disposition);
        if (ret_disposition)
            *ret_disposition = disposition;
        if (error == ERROR_SUCCESS) {
            Close();
            m_hKey = key;
        }
        return error;
    }
    LONG SetValue(LPCWSTR name, DWORD type, const void *value, ULONG size)
    {
        return RegSetValueExW(m_hKey, name, 0, type, static_cast<const BYTE *>(value), size);
    }
    LONG SetDWORDValue(LPCWSTR name, DWORD value)
    {
        return SetValue(name, REG_DWORD, &value, sizeof(value));
    }
    LONG SetQWORDValue(LPCWSTR name, ULONGLONG value)
    {
        return SetValue(name, REG_QWORD, &value, sizeof(value));
    }
    LONG SetBinaryValue(LPCWSTR name, const void *value, ULONG size)
    {
        return SetValue(name, REG_BINARY, value, size);
    }
    LONG SetStringValue(LPCWSTR name, LPCWSTR value, DWORD type = REG_SZ)
    {
        return value ? SetValue(name, type, value, (ULONG)((wcslen(value) + 1) * sizeof(WCHAR)))
                     : ERROR_INVALID_DATA;
    }
    LONG SetMultiStringValue(LPCWSTR name, LPCWSTR values)
    {
        LPCWSTR end = values;
        while (end && *end)
            end += wcslen(end) + 1;
        return values ? SetValue(name, REG_MULTI_SZ, values,
                                 (ULONG)((size_t)(end + 1 - values) * sizeof(WCHAR)))
                      : ERROR_INVALID_DATA;
    }
    LONG SetGUIDValue(LPCWSTR name, REFGUID value)
    {
        OLECHAR text[64];
        StringFromGUID2(value, text, 64);
        return SetStringValue(name, text);
    }
    LONG SetKeyValue(LPCWSTR key, LPCWSTR value, LPCWSTR name = NULL)
    {
        CRegKey below;
        const LONG error = below.Create(m_hKey, key);
        return error == ERROR_SUCCESS ? below.SetStringValue(name, value) : error;
    }
    LONG SetValue(LPCWSTR value, LPCWSTR name = NULL) { return SetStringValue(name, value); }

    LONG QueryValue(LPCWSTR name, DWORD *ret_type, void *data, ULONG *size)
    {
        return RegQueryValueExW(m_hKey, name, NULL, ret_type, static_cast<BYTE *>(data), size);
    }
    LONG QueryDWORDValue(LPCWSTR name, DWORD &ret_value)
    {
        return QueryNumber(name, REG_DWORD, &ret_value, sizeof(ret_value));
    }
    LONG QueryQWORDValue(LPCWSTR name, ULONGLONG &ret_value)
    {
        return QueryNumber(name, REG_QWORD, &ret_value, sizeof(ret_value));
    }
    LONG QueryBinaryValue(LPCWSTR name, void *data, ULONG *size)
    {
        DWORD type = 0;
        const LONG error = QueryValue(name, &type, data, size);
        return error == ERROR_SUCCESS && type != REG_BINARY ? ERROR_INVALID_DATA : error;
    }
    /* The size is in characters, the end included. */
    LONG QueryStringValue(LPCWSTR name, LPWSTR value, ULONG *size)
    {
        DWORD type = 0;
        ULONG n_bytes = *size * (ULONG)sizeof(WCHAR);
        const LONG error = QueryValue(name, &type, value, &n_bytes);
        *size = n_bytes / (ULONG)sizeof(WCHAR);
        return error == ERROR_SUCCESS && type != REG_SZ && type != REG_EXPAND_SZ
                   ? ERROR_INVALID_DATA
                   : error;
    }
    LONG QueryMultiStringValue(LPCWSTR name, LPWSTR value, ULONG *size)
    {
        DWORD type = 0;
        ULONG n_bytes = *size * (ULONG)sizeof(WCHAR);
        const LONG error = QueryValue(name, &type, value, &n_bytes);
        *size = n_bytes / (ULONG)sizeof(WCHAR);
        return error == ERROR_SUCCESS && type != REG_MULTI_SZ ? ERROR_INVALID_DATA : error;
    }
    LONG QueryGUIDValue(LPCWSTR name, GUID &ret_value)
    {
        WCHAR text[64];
        ULONG size = 64;
        const LONG error = QueryStringValue(name, text, &size);
        if (error != ERROR_SUCCESS)
            return error;
        return FAILED(CLSIDFromString(text, &ret_value)) ? ERROR_INVALID_DATA : ERROR_SUCCESS;
    }
    LONG EnumKey(DWORD i, LPWSTR name, LPDWORD size, FILETIME *ret_written = NULL)
    {
        FILETIME written;
        return RegEnumKeyExW(m_hKey, i, name, size, NULL, NULL, NULL,
                             ret_written ? ret_written : &written);
    }
    LONG DeleteValue(LPCWSTR name) { return RegDeleteValueW(m_hKey, name); }
    LONG DeleteSubKey(LPCWSTR name) { return RegDeleteKeyW(m_hKey, name); }
    LONG RecurseDeleteKey(LPCWSTR name) { return RegDeleteTreeW(m_hKey, name); }
    LONG Flush() { return RegFlushKey(m_hKey); }

  private:
    LONG QueryNumber(LPCWSTR name, DWORD wanted, void *value, ULONG size)
    {
        DWORD type = 0;
        const LONG error = QueryValue(name, &type, value, &size);
        return error == ERROR_SUCCESS && type != wanted ? ERROR_INVALID_DATA : error;
    }
};

} // namespace ATL

#endif
