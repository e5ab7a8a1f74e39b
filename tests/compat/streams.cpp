/* SPDX-License-Identifier: MIT */
/* std's wide streams: in memory, on files of a volume, and wcout beside wprintf. */
#include <codecvt>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <locale>
#include <sstream>
#include <string>
#include <windows.h>

#include "check.h"

using namespace std;

static void in_memory()
{
    wostringstream to;
    to << L"volume " << setw(4) << setfill(L'0') << 17 << L' ' << hex << 255u << dec << L' ' << 2.5
       << boolalpha << true << "narrow" << 'c' << wstring(L"!") << endl;
    CHECK_TEXT(to.str().c_str(), L"volume 0017 ff 2.5truenarrowc!\n");

    wistringstream from(L"12 word 3.25 1f end of line\nnext");
    int number = 0, sixteen = 0;
    double real = 0;
    wstring word, line;
    from >> number >> word >> real >> hex >> sixteen;
    CHECK(number == 12 && word == L"word" && real == 3.25 && sixteen == 0x1f);
    CHECK(getline(from, line) && line == L" end of line" && getline(from, line) && line == L"next");
    CHECK(!getline(from, line) && from.eof());

    wstringstream both;
    both << L"a;b";
    CHECK(getline(both, word, L';') && word == L"a");
    wistringstream bad(L"no number");
    CHECK(!(bad >> number) && bad.fail());
}

static string bytes_of(const wchar_t *path)
{
    char buffer[256] = "";
    DWORD n = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE && ReadFile(file, buffer, sizeof(buffer), &n, NULL));
    CloseHandle(file);
    return string(buffer, n);
}

static void on_a_volume()
{
    {
        wofstream script;
        script.open("C:\\script.cmd"); /* a narrow path, as the standard has it */
        CHECK(script.is_open());
        script << L"SET ID=" << 5 << L"\nSET NAME=caf\x00e9\n";
        script.close();
        CHECK(script.good());
    }
    CHECK(bytes_of(L"C:\\script.cmd") == "SET ID=5\nSET NAME=caf\xe9\n");

    wofstream narrow(L"C:\\narrow.txt"); /* Microsoft's: a wide one */
    narrow << L"\x20ac";                 /* no such byte in the "C" locale */
    CHECK(narrow.bad() || narrow.fail());

    {
        wofstream utf8(wstring(L"C:\\utf8.txt"), ios::binary | ios::trunc);
        utf8.imbue(locale(locale(), new codecvt_utf8_utf16<wchar_t>));
        utf8 << L"\x20ac \xd83d\xde00\n";
        CHECK(utf8.good());
    }
    CHECK(bytes_of(L"C:\\utf8.txt") == "\xe2\x82\xac \xf0\x9f\x98\x80\n");

    wifstream back(L"C:\\utf8.txt");
    back.imbue(locale(locale(), new codecvt_utf8_utf16<wchar_t>));
    wstring line;
    CHECK(getline(back, line) && line == L"\x20ac \xd83d\xde00");

    wifstream lines("C:\\script.cmd");
    int n = 0;
    while (getline(lines, line) && ++n)
        CHECK(line == (n == 1 ? L"SET ID=5" : L"SET NAME=caf\x00e9"));
    CHECK(n == 2);
    lines.clear();
    lines.seekg(4);
    wchar_t two[3] = L"";
    lines.read(two, 2);
    CHECK_TEXT(two, L"ID");
    CHECK(lines.tellg() == streampos(6));

    wofstream more("C:\\script.cmd", ios::app);
    more << L"more";
    more.close();
    CHECK(bytes_of(L"C:\\script.cmd").length() == 27);
    CHECK(!wifstream(L"C:\\no such file").is_open() && !wifstream(L"Q:\\x"));
}

static void beside_wprintf()
{
    fflush(stdout);
    wprintf(L"1 ");
    wcout << L"2 " << L"caf\x00e9 " << 3;
    wprintf(L" 4");
    wcout << L' ' << hex << 5 << endl;
    wcerr << L"";
    wclog << flush;
    CHECK(wcout.good() && wcerr.good());
    wcout.imbue(locale("C"));
    wcout << 1000 << endl;
    CHECK(wcout.good());
}

int wmain()
{
    in_memory();
    on_a_volume();
    beside_wprintf();
    return check_result();
}
