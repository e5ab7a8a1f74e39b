/* SPDX-License-Identifier: MIT */
/* The copies of the example provider (provider.cpp): files of a volume in a folder of another. */
#pragma once

#include <windows.h>
#include <vss.h>

#include <string>
#include <vector>

static const VSS_ID EXAMPLE_PROVIDER_ID = {
    0x6f9d1f4e, 0x7f0e, 0x4a53, { 0x8a, 0x57, 0x5f, 0x0d, 0x5d, 0x2d, 0x3c, 0x02 }
};

static LONG g_objects; /* everything that keeps the library loaded */

/* ---- files ---- */

static std::wstring Area()
{
    WCHAR text[MAX_PATH];
    DWORD n = GetEnvironmentVariableW(L"EXAMPLE_PROVIDER_AREA", text, MAX_PATH);

    return n && n < MAX_PATH ? std::wstring(text) : std::wstring(L"D:\\ExampleCopies");
}

static bool IsName(const WIN32_FIND_DATAW &found)
{
    return wcscmp(found.cFileName, L".") && wcscmp(found.cFileName, L"..") &&
           wcscmp(found.cFileName, L"System Volume Information");
}

static bool IsDirectory(const WIN32_FIND_DATAW &found)
{
    return (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

static std::vector<WIN32_FIND_DATAW> List(const std::wstring &directory)
{
    std::vector<WIN32_FIND_DATAW> all;
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW((directory + L"\\*").c_str(), &found);

    if (search == INVALID_HANDLE_VALUE)
        return all;
    do {
        if (IsName(found))
            all.push_back(found);
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return all;
}

static void Remove(const std::wstring &directory)
{
    for (const WIN32_FIND_DATAW &found : List(directory)) {
        std::wstring path = directory + L"\\" + found.cFileName;

        SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_NORMAL);
        if (IsDirectory(found))
            Remove(path);
        else
            DeleteFileW(path.c_str());
    }
    RemoveDirectoryW(directory.c_str());
}

/* Whether a copy that is there already is of this file as it is now. */
static bool IsSame(const WIN32_FIND_DATAW &found, const std::wstring &copy)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    return GetFileAttributesExW(copy.c_str(), GetFileExInfoStandard, &data) &&
           data.nFileSizeLow == found.nFileSizeLow && data.nFileSizeHigh == found.nFileSizeHigh &&
           CompareFileTime(&data.ftLastWriteTime, &found.ftLastWriteTime) == 0;
}

/* Makes `to` a copy of `from`; what is the same already is left alone. */
static bool Mirror(const std::wstring &from, const std::wstring &to)
{
    if (!CreateDirectoryW(to.c_str(), NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
        return false;
    for (const WIN32_FIND_DATAW &found : List(to)) {
        std::wstring path = to + L"\\" + found.cFileName;
        DWORD attributes = GetFileAttributesW((from + L"\\" + found.cFileName).c_str());
        bool is_kept = attributes != INVALID_FILE_ATTRIBUTES &&
                       !(attributes & FILE_ATTRIBUTE_DIRECTORY) == !IsDirectory(found);

        if (!is_kept && IsDirectory(found))
            Remove(path);
        else if (!is_kept)
            DeleteFileW(path.c_str());
    }
    for (const WIN32_FIND_DATAW &found : List(from)) {
        std::wstring source = from + L"\\" + found.cFileName, copy = to + L"\\" + found.cFileName;

        if (IsDirectory(found)
                ? !Mirror(source, copy)
                : !IsSame(found, copy) && !CopyFileW(source.c_str(), copy.c_str(), FALSE))
            return false;
    }
    return true;
}

/* ---- a snapshot of ours ---- */

struct Copy {
    VSS_ID id, set_id;
    std::wstring volume; /* \\?\Volume{...}\ */
    std::wstring directory, name;
    LONG context, count;
    VSS_TIMESTAMP time;
    bool is_committed;
};

static WCHAR *TaskText(const std::wstring &text)
{
    size_t size = (text.size() + 1) * sizeof(WCHAR);
    WCHAR *copy = static_cast<WCHAR *>(CoTaskMemAlloc(size));

    if (copy)
        memcpy(copy, text.c_str(), size);
    return copy;
}

static void Describe(const Copy &copy, VSS_SNAPSHOT_PROP *prop)
{
    WCHAR machine[MAX_COMPUTERNAME_LENGTH + 1] = L"";
    DWORD size = MAX_COMPUTERNAME_LENGTH + 1;

    GetComputerNameW(machine, &size);
    memset(prop, 0, sizeof(*prop));
    prop->m_SnapshotId = copy.id;
    prop->m_SnapshotSetId = copy.set_id;
    prop->m_lSnapshotsCount = copy.count;
    prop->m_pwszSnapshotDeviceObject = TaskText(L"\\\\?\\" + copy.name);
    prop->m_pwszOriginalVolumeName = TaskText(copy.volume);
    prop->m_pwszOriginatingMachine = TaskText(machine);
    prop->m_pwszServiceMachine = TaskText(machine);
    prop->m_ProviderId = EXAMPLE_PROVIDER_ID;
    prop->m_lSnapshotAttributes = copy.context | VSS_VOLSNAP_ATTR_PLEX;
    prop->m_tsCreationTimestamp = copy.time;
    prop->m_eStatus = VSS_SS_CREATED;
}

/* What Query answers: all copies of that moment. */
class CopyList : public IVssEnumObject
{
    LONG m_count = 1;
    size_t m_next = 0;
    std::vector<Copy> m_copies;

  public:
    explicit CopyList(const std::vector<Copy> &copies) : m_copies(copies)
    {
        InterlockedIncrement(&g_objects);
    }
    virtual ~CopyList() { InterlockedDecrement(&g_objects); }

    STDMETHODIMP QueryInterface(REFIID iid, void **object) override
    {
        *object = iid == IID_IUnknown || iid == IID_IVssEnumObject ? this : NULL;
        if (*object)
            AddRef();
        return *object ? S_OK : E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() override { return InterlockedIncrement(&m_count); }
    STDMETHODIMP_(ULONG) Release() override
    {
        ULONG left = InterlockedDecrement(&m_count);

        if (!left)
            delete this;
        return left;
    }
    STDMETHODIMP Next(ULONG n, VSS_OBJECT_PROP *props, ULONG *fetched) override
    {
        if (!props || !fetched)
            return E_POINTER;
        for (*fetched = 0; *fetched < n && m_next < m_copies.size(); ++*fetched) {
            props[*fetched].Type = VSS_OBJECT_SNAPSHOT;
            Describe(m_copies[m_next++], &props[*fetched].Obj.Snap);
        }
        return *fetched == n ? S_OK : S_FALSE;
    }
    STDMETHODIMP Skip(ULONG n) override
    {
        m_next = n < m_copies.size() - m_next ? m_next + n : m_copies.size();
        return m_next < m_copies.size() ? S_OK : S_FALSE;
    }
    STDMETHODIMP Reset() override
    {
        m_next = 0;
        return S_OK;
    }
    STDMETHODIMP Clone(IVssEnumObject **list) override
    {
        CopyList *clone = new CopyList(m_copies);

        clone->m_next = m_next;
        *list = clone;
        return S_OK;
    }
};
