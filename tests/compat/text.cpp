/* SPDX-License-Identifier: MIT */
/* std's text classes with a wchar_t of 16 bits: strings, views, keys of maps, numbers, exceptions
 * that carry them, regular expressions, conversions. */
#include <algorithm>
#include <codecvt>
#include <functional>
#include <locale>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
#include <windows.h>

#include "check.h"

using namespace std;

static_assert(sizeof(wchar_t) == 2 && sizeof(WCHAR) == 2, "Windows's characters");

static void strings()
{
    wstring s(L"snapshot");
    CHECK(s.length() == 8 && sizeof(s[0]) == 2);
    s += L" set of volumes, too long to lie in the object itself";
    CHECK(s.find(L"volumes") == 16 && s.rfind(L's') == 57 && s.find_first_of(L",") == 23);
    CHECK(s.find_last_of(L"\\") == wstring::npos);
    s.insert(0, L"a ").erase(0, 2).replace(0, 8, L"shadow");
    CHECK_TEXT(s.substr(0, 10).c_str(), L"shadow set");
    CHECK_TEXT((wstring(L"x") + L"y" + L'z' + wstring(3, L'0')).c_str(), L"xyz000");
    CHECK(wstring(L"a") < wstring(L"b") && wstring(L"abc").compare(1, 2, L"bc") == 0);

    wstring path(MAX_PATH, L'\0'); /* a string as an API's buffer */
    swprintf_s(&path[0], path.size(), L"%c:\\%s", L'C', L"data");
    path.resize(wcslen(path.c_str()));
    CHECK_TEXT(path.c_str(), L"C:\\data");

    wstring upper(L"m\x00e4rchen");
    transform(upper.begin(), upper.end(), upper.begin(), ::towupper);
    CHECK_TEXT(upper.c_str(), L"M\x00c4RCHEN");
    vector<wstring> words = { L"writer", L"provider", L"requester" };
    sort(words.begin(), words.end());
    CHECK_TEXT(words[0].c_str(), L"provider");

    wstring_view view = s;
    CHECK(view.substr(0, 6) == L"shadow"sv && view.find(L"set") == 7);
}

static void keys()
{
    map<wstring, int> ordered;
    unordered_map<wstring, int> hashed;
    unordered_map<wstring_view, int> viewed;
    for (const wchar_t *name : { L"C:\\", L"D:\\", L"C:\\" }) {
        ordered[name]++;
        hashed[name]++;
        viewed[name]++;
    }
    CHECK(ordered.size() == 2 && ordered[L"C:\\"] == 2);
    CHECK(hashed.size() == 2 && hashed.at(L"D:\\") == 1);
    CHECK(viewed.size() == 2 && hash<wstring>()(L"x") == hash<wstring_view>()(L"x"));
    CHECK(set<wstring>({ L"b", L"a" }).begin()->at(0) == L'a');
}

static void numbers()
{
    size_t end = 0;
    CHECK(stoi(L"-12 rest", &end) == -12 && end == 3 && stoul(wstring(L"ff"), nullptr, 16) == 255);
    CHECK(stoll(L"5000000000") == 5000000000ll && stod(L"2.5") == 2.5);
    CHECK(to_wstring(-7) == L"-7" && to_wstring(5000000000ull) == L"5000000000");
    bool has_thrown = false;
    try {
        stoi(L"none");
    } catch (const invalid_argument &) {
        has_thrown = true;
    }
    CHECK(has_thrown);
    CHECK(_wtoi(L"42") == 42 && _wtoi64(L"-5000000000") == -5000000000ll);
}

struct failure : runtime_error {
    wstring where;
    HRESULT hr;
    failure(wstring at, HRESULT code) : runtime_error("failed"), where(move(at)), hr(code) {}
};

static void exceptions()
{
    try {
        throw wstring(L"a text that is thrown by value and long enough for the heap");
    } catch (wstring &text) {
        CHECK(text.length() == 59);
    }
    try {
        throw failure(L"GatherWriterMetadata", E_UNEXPECTED);
    } catch (const runtime_error &e) {
        const failure *as = dynamic_cast<const failure *>(&e);
        CHECK(as && as->where == L"GatherWriterMetadata" && as->hr == E_UNEXPECTED);
    }
    try {
        throw(E_INVALIDARG);
    } catch (HRESULT hr) {
        CHECK(hr == E_INVALIDARG);
    }
}

static void regular_expressions()
{
    const wstring device(L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy17");
    wsmatch found;
    CHECK(regex_search(device, found, wregex(L"shadowcopy(\\d+)$", regex::icase)));
    CHECK(found.size() == 2 && found[1].str() == L"17");
    CHECK(regex_match(L"C:", wregex(L"[A-Za-z]:")) && !regex_match(L"1:", wregex(L"[[:alpha:]]:")));
    CHECK(regex_replace(wstring(L"a b-c 9"), wregex(L"[[:alpha:]]"), L"<$&>") == L"<a> <b>-<c> 9");
    const wstring list(L"C:;D:;E:");
    const wregex drive(L"\\w:");
    CHECK(distance(wsregex_iterator(list.begin(), list.end(), drive), wsregex_iterator()) == 3);
    CHECK(regex_match(L"\x00c4", wregex(L"[\x00c0-\x00d6]")));
}

static void conversions()
{
    wstring_convert<codecvt_utf8_utf16<wchar_t>> utf8;
    CHECK(utf8.to_bytes(L"\x20ac\xd83d\xde00") == "\xe2\x82\xac\xf0\x9f\x98\x80");
    CHECK(utf8.from_bytes("\xf0\x9f\x98\x80") == L"\xd83d\xde00");
    wstring_convert<codecvt_utf8<wchar_t>> plain;
    CHECK(plain.from_bytes("\xc3\xa9") == L"\x00e9");
    const locale everywhere;
    CHECK(isalpha(L'\x00e9', everywhere) && toupper(L'\x00e9', everywhere) == L'\x00c9');
    CHECK(use_facet<ctype<wchar_t>>(everywhere).is(ctype_base::digit, L'7'));
}

int wmain(int, wchar_t **)
{
    strings();
    keys();
    numbers();
    exceptions();
    regular_expressions();
    conversions();
    return check_result();
}
