/* SPDX-License-Identifier: MIT */
/* CString: making, taking apart, looking, changing, formatting, and as an argument of printf. */
#include <atlstr.h>
#include <atlcoll.h>
#include <map>
#include <vector>

#include "check.h"

static void made()
{
    CString none, text(L"text"), copied(text), repeated(L'x', 3), part(L"part of it", 4);
    CHECK(none.IsEmpty() && none.GetLength() == 0 && *none.GetString() == 0);
    CHECK(copied == text && repeated == L"xxx" && part == L"part");
    CString wide("narrow"), sum = text + L"+" + wide + L'!';
    CHECK_TEXT(sum, L"text+narrow!");
    CStringA narrow(sum);
    CHECK(narrow == "text+narrow!" && strlen(narrow) == 12);
    sum += L"wide";
    sum += 'c';
    sum += "narrow";
    CHECK_TEXT(sum, L"text+narrow!widecnarrow");
    text = text; /* of itself */
    text = (LPCWSTR)text + 2;
    CHECK_TEXT(text, L"xt");
    text.Append(text);
    CHECK_TEXT(text, L"xtxt");
    CHECK(sizeof(CString) == sizeof(void *));
    CComBSTR bstr(L"of a BSTR");
    CHECK(CString(bstr) == L"of a BSTR");
}

static void parts()
{
    const CString path(L"C:\\data\\file.txt");
    CHECK_TEXT(path.Left(3), L"C:\\");
    CHECK_TEXT(path.Right(3), L"txt");
    CHECK_TEXT(path.Mid(3, 4), L"data");
    CHECK_TEXT(path.Mid(8), L"file.txt");
    CHECK(path.Mid(100).IsEmpty() && path.Left(-1).IsEmpty() && path.Right(100) == path);
    CHECK(path.Find(L"data") == 3 && path.Find(L'\\', 3) == 7 && path.Find(L"none") == -1);
    CHECK(path.ReverseFind(L'\\') == 7 && path.FindOneOf(L".:") == 1);
    CHECK(path.SpanExcluding(L"\\") == L"C:" && path.SpanIncluding(L"C:\\") == L"C:\\");
    CHECK(path[0] == L'C' && path.GetAt(1) == L':' &&
          path.CompareNoCase(L"c:\\DATA\\FILE.TXT") == 0);
    CHECK(path.Compare(L"C:") > 0 && path != L"C:" && L"A" < path);

    int at = 0, n = 0;
    CString token = path.Tokenize(L"\\.", at), all;
    while (at != -1) {
        all += token + L";";
        token = path.Tokenize(L"\\.", at);
        n++;
    }
    CHECK(n == 4);
    CHECK_TEXT(all, L"C:;data;file;txt;");
}

static void changed()
{
    CString s(L"  \t one two one \r\n");
    CHECK_TEXT(s.Trim(), L"one two one");
    CHECK(s.Replace(L"one", L"three") == 2 && s.Replace(L'e', L'E') == 4);
    CHECK_TEXT(s, L"thrEE two thrEE");
    CHECK_TEXT(s.MakeUpper(), L"THREE TWO THREE");
    CHECK_TEXT(s.MakeLower(), L"three two three");
    CHECK(s.Insert(0, L">>") == 17 && s.Delete(0, 1) == 16 && s.Remove(L'e') == 4);
    CHECK_TEXT(s, L">thr two thr");
    s.TrimLeft(L'>').TrimRight(L"hr");
    CHECK_TEXT(s, L"thr two t");
    CHECK_TEXT(CString(L"abc").MakeReverse(), L"cba");
    s.SetAt(0, L'T');
    s.Truncate(3);
    CHECK_TEXT(s, L"Thr");

    wchar_t *buffer = s.GetBuffer(MAX_PATH);
    CHECK(GetFullPathNameW(L"C:\\a\\..\\b", MAX_PATH, buffer, NULL));
    s.ReleaseBuffer();
    CHECK_TEXT(s, L"C:\\b");
    wcscpy(s.GetBufferSetLength(2), L"zz");
    CHECK(s.GetLength() == 2 && s == L"zz");
    s.Empty();
    CHECK(s == L"");
    BSTR bstr = CString(L"text").AllocSysString();
    CHECK(SysStringLen(bstr) == 4);
    SysFreeString(bstr);
}

static void formatted()
{
    const CString name(L"name");
    CComBSTR bstr(L"bstr");
    CString s, wide(L'w', 1000);
    s.Format(L"%s=%d %08x %I64d %S", name, 7, 255, 5000000000ll, "narrow"); /* the object itself */
    CHECK_TEXT(s, L"name=7 000000ff 5000000000 narrow");
    s.AppendFormat(L" %s|%s", bstr, (LPCWSTR)name);
    CHECK_TEXT(s, L"name=7 000000ff 5000000000 narrow bstr|name");
    s.Format(L"%s", wide);
    CHECK(s == wide);
    s.Format(L"plain");
    CHECK(s == L"plain");
    CStringA narrow;
    narrow.Format("%s/%u", CStringA("n"), 5u);
    CHECK(narrow == "n/5");
    wchar_t buffer[64];
    swprintf_s(buffer, 64, L"%s+%s", name, bstr);
    CHECK_TEXT(buffer, L"name+bstr");
    CHECK(wprintf(L"%s %s\n", name, bstr) == 10);
    s.FormatMessage(L"%1 has %2!d!", (LPCWSTR)name, 3);
    CHECK_TEXT(s, L"name has 3");
}

static void collected()
{
    std::vector<CString> list = { L"b", L"a" };
    std::map<CString, int> ordered;
    ordered[list[0]] = 1;
    CHECK(ordered.count(L"b") == 1);

    CAtlArray<CString> array;
    array.Add(L"x");
    array.InsertAt(0, L"w");
    CHECK(array.GetCount() == 2 && array[0] == L"w");
    CAtlList<CString> queue;
    queue.AddTail(L"1");
    queue.AddHead(L"0");
    CString all;
    for (POSITION at = queue.GetHeadPosition(); at;)
        all += queue.GetNext(at);
    CHECK(all == L"01" && queue.RemoveHead() == L"0" && queue.GetCount() == 1);
    CAtlMap<CString, int, CStringElementTraitsI<CString>> sizes;
    sizes[L"Volume"] = 5;
    int size = 0;
    CHECK(sizes.Lookup(L"VOLUME", size) && size == 5 && sizes.RemoveKey(L"volume"));
    CAtlMap<GUID, int> ids;
    ids.SetAt(GUID_NULL, 1);
    CHECK(ids.Lookup(GUID_NULL) && ids.Lookup(GUID_NULL)->m_value == 1);
}

int wmain()
{
    made();
    parts();
    changed();
    formatted();
    collected();
    return check_result();
}
