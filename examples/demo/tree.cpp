/* SPDX-License-Identifier: MIT */
/* The directory trees of tree.h, by the Windows file functions. */
#include "tree.h"

#include <stdio.h>
#include <vector>

std::string Narrow(const std::wstring &text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text.c_str(), -1, NULL, 0, NULL, NULL);
    std::vector<char> narrow((size_t)size + 1);

    WideCharToMultiByte(CP_UTF8, 0, text.c_str(), -1, narrow.data(), size, NULL, NULL);
    return narrow.data();
}

std::wstring Widen(const std::string &text)
{
    int size = MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, NULL, 0);
    std::vector<wchar_t> wide((size_t)size + 1);

    MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, wide.data(), size);
    return wide.data();
}

bool SumFile(const std::wstring &path, FileSum *sum)
{
    HANDLE file = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    std::vector<unsigned char> buffer(65536);
    DWORD size = 0;
    bool is_read = false;

    *sum = { 0, 14695981039346656037ull };
    if (file == INVALID_HANDLE_VALUE)
        return false;
    while (ReadFile(file, buffer.data(), (DWORD)buffer.size(), &size, NULL)) {
        if (size == 0) {
            is_read = true;
            break;
        }
        sum->size += size;
        for (DWORD i = 0; i < size; i++)
            sum->sum = (sum->sum ^ buffer[i]) * 1099511628211ull;
    }
    CloseHandle(file);
    return is_read;
}

bool Tree::Walk(const std::wstring &directory)
{
    WIN32_FIND_DATAW found;
    HANDLE find = FindFirstFileW((directory + L"\\*").c_str(), &found);
    bool is_read = true;

    if (find == INVALID_HANDLE_VALUE)
        return false;
    do {
        std::wstring name = found.cFileName;
        std::wstring path = directory + L"\\" + name;

        if (name == L"." || name == L".." ||
            (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT))
            continue;
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            is_read = Walk(path);
        else
            is_read = SumFile(path, &files_[path]);
        if (!is_read)
            fprintf(stderr, "demo: cannot read %s: error %u\n", Narrow(path).c_str(),
                    (unsigned)GetLastError());
    } while (is_read && FindNextFileW(find, &found));
    FindClose(find);
    return is_read;
}

bool Tree::Remember()
{
    files_.clear();
    return Walk(root_);
}

unsigned long long Tree::Bytes() const
{
    unsigned long long bytes = 0;

    for (const auto &file : files_)
        bytes += file.second.size;
    return bytes;
}

static bool Overwrite(const std::wstring &path, unsigned long long size)
{
    static const char graffiti[] = "this is not what stood here";
    HANDLE file = CreateFileW(path.c_str(), GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                              FILE_ATTRIBUTE_NORMAL, NULL);
    LARGE_INTEGER middle;
    DWORD written = 0;

    if (file == INVALID_HANDLE_VALUE)
        return false;
    middle.QuadPart = (LONGLONG)(size / 2);
    bool is_done = SetFilePointerEx(file, middle, NULL, FILE_BEGIN) &&
                   WriteFile(file, graffiti, sizeof(graffiti), &written, NULL) &&
                   SetEndOfFile(file);
    CloseHandle(file);
    return is_done;
}

bool Tree::Damage(size_t *deleted, size_t *overwritten) const
{
    size_t i = 0;

    *deleted = *overwritten = 0;
    for (const auto &file : files_) {
        bool is_done = true;

        if (i % 3 == 0) {
            is_done = DeleteFileW(file.first.c_str());
            ++*deleted;
        } else if (i % 3 == 1) {
            is_done = Overwrite(file.first, file.second.size);
            ++*overwritten;
        }
        if (!is_done) {
            fprintf(stderr, "demo: cannot damage %s: error %u\n", Narrow(file.first).c_str(),
                    (unsigned)GetLastError());
            return false;
        }
        i++;
    }
    return true;
}

size_t Tree::Compare() const
{
    size_t n_wrong = 0;

    for (const auto &file : files_) {
        FileSum now;

        if (SumFile(file.first, &now) && now.size == file.second.size && now.sum == file.second.sum)
            continue;
        if (++n_wrong <= 5)
            fprintf(stderr, "demo: %s is not what it was\n", Narrow(file.first).c_str());
    }
    return n_wrong;
}
