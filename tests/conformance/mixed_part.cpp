// SPDX-License-Identifier: MIT
#include <string>

extern "C" int CountCharacters(const wchar_t *text)
{
    try {
        if (!text)
            throw std::wstring(L"no text");
        return static_cast<int>(std::wstring(text).length());
    } catch (const std::wstring &) {
        return -1;
    }
}
