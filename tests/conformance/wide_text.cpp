// SPDX-License-Identifier: MIT
// std::wstring and what is built on it, with 16-bit characters. Each was wrong in some way when
// libstdc++'s own 32-bit instantiations met the program's.
#include "expect.h"

#include <windows.h>
#include <atlbase.h>
#include <tchar.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

static void StringsAreBuiltAndChanged()
{
    std::wstring s(L"shadow");

    s += L" copy of a volume with a long name";
    EXPECT(s.length() == 40 && s.find(L"copy") == 7 && s.rfind(L'a') == 37);
    s.insert(0, L"a ").erase(0, 2).replace(0, 6, L"SNAP");
    EXPECT_TEXT(s.substr(0, 9).c_str(), L"SNAP copy");
    EXPECT(s.compare(L"SNAP") > 0 && s.find_last_of(L"xz") == std::wstring::npos);
    std::transform(s.begin(), s.end(), s.begin(), towupper);
    EXPECT_TEXT(s.substr(5, 4).c_str(), L"COPY");
    std::wstring moved(std::move(s));
    EXPECT(moved.size() == 38);
}

static void ContainersHoldThem()
{
    std::map<std::wstring, int> numbers;
    std::vector<std::wstring> names;
    std::unordered_set<std::wstring> seen;

    for (int i = 9; i >= 0; i--) {
        names.push_back(L"name " + std::to_wstring(i));
        numbers[names.back()] = i;
        seen.insert(names.back());
    }
    std::sort(names.begin(), names.end());
    EXPECT_TEXT(names.front().c_str(), L"name 0");
    EXPECT(numbers.begin()->second == 0 && numbers[L"name 7"] == 7);
    EXPECT(seen.size() == 10 && seen.count(L"name 3") == 1);
}

static void TheyAreThrownAndCaught()
{
    try {
        throw std::wstring(L"a text that is too long for the small buffer");
    } catch (const std::wstring &e) {
        EXPECT(e.length() == 44);
    }
    try {
        (void)std::stoi(std::wstring(L"nothing"));
        EXPECT(!"reached");
    } catch (const std::invalid_argument &) {
    }
}

static void NumbersBecomeText()
{
    EXPECT(std::stoi(std::wstring(L"-17")) == -17);
    EXPECT(std::stoull(std::wstring(L"18446744073709551615")) == 18446744073709551615ull);
    EXPECT(std::stod(std::wstring(L"0.5")) == 0.5);
    EXPECT_TEXT(std::to_wstring(-5L).c_str(), L"-5");
}

static void ConstantStringsStayConstant()
{
    const wchar_t *constant = L"a\\b";
    wchar_t changeable[] = L"a\\b";
    WCHAR buffer[8];

    *wcschr(changeable, L'\\') = L'/';
    const wchar_t *found = wcsstr(constant, L"b");
    EXPECT_TEXT(found, L"b");
    EXPECT_TEXT(changeable, L"a/b");
    EXPECT_TEXT(wcstok(changeable, L"/"), L"a");
    EXPECT(wcscpy_s(buffer, L"array") == 0 && swprintf_s(buffer, L"%d", 5) == 1);
    EXPECT(_countof(buffer) == 8);
}

static void AtlCleansUp()
{
    CComBSTR text(L"one");
    text += L" two";
    CComBSTR copy = text;
    EXPECT(text.Length() == 7 && copy == text && text == L"one two");

    CComPtr<IUnknown> none;
    EXPECT(!none && none == NULL);
    CComHeapPtr<WCHAR> memory;
    EXPECT(memory.Allocate(10));
}

int _tmain(int argc, _TCHAR *argv[])
{
    EXPECT(argc == 2);
    EXPECT_TEXT(argv[1], _T("caf\u00e9"));
    StringsAreBuiltAndChanged();
    ContainersHoldThem();
    TheyAreThrownAndCaught();
    NumbersBecomeText();
    ConstantStringsStayConstant();
    AtlCleansUp();
    return expect_result();
}
