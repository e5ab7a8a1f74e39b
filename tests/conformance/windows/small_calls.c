/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Pages of memory, dates of FAT, the block of the environment, names of classes, the allocator.
 * Learn: "VirtualAlloc", "FileTimeToDosDateTime", "GetEnvironmentStringsW", "CLSIDFromProgID". */
#include "say.h"

#include <objbase.h>

static void say_state(const void *address)
{
    MEMORY_BASIC_INFORMATION info;

    SAY_NUMBER(VirtualQuery(address, &info, sizeof(info)) == sizeof(info));
    say("offset %u, size %u, state 0x%x, protection 0x%x of 0x%x",
        (unsigned)((char *)info.BaseAddress - (char *)info.AllocationBase),
        (unsigned)info.RegionSize, (unsigned)info.State, (unsigned)info.Protect,
        (unsigned)info.AllocationProtect);
}

static void pages(void)
{
    DWORD old = 0;
    char *room = SAY_POINTER(VirtualAlloc(NULL, 100000, MEM_RESERVE, PAGE_READWRITE));

    SAY_NUMBER((ULONG_PTR)room % 65536);
    say_state(room);
    SAY_BOOL(VirtualAlloc(room + 5000, 100, MEM_COMMIT, PAGE_READWRITE) == room + 4096);
    room[5000] = 'x';
    say_state(room);
    say_state(room + 4096);
    SAY_BOOL(VirtualProtect(room + 4096, 4096, PAGE_READONLY, &old));
    SAY_NUMBER(old);
    say_state(room + 4096);
    SAY_NUMBER(room[5000]);
    SAY_BOOL(VirtualProtect(room, 4096, PAGE_READONLY, &old));
    SAY_BOOL(VirtualProtect(room + 4096, 4096, 0x77777, &old));
    SAY_BOOL(VirtualFree(room + 4096, 4096, MEM_DECOMMIT));
    say_state(room + 4096);
    SAY_BOOL(VirtualFree(room, 4096, MEM_RELEASE));
    SAY_BOOL(VirtualFree(room, 0, MEM_RELEASE));
    room = SAY_POINTER(VirtualAlloc(NULL, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    SAY_NUMBER(room[0] + room[4095]);
    say_state(room);
    SAY_BOOL(VirtualFree(room, 0, MEM_RELEASE));
    SAY_COUNT((ULONG_PTR)VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE), 0);
    SAY_COUNT((ULONG_PTR)VirtualAlloc(NULL, 10, MEM_COMMIT, 0), 0);
    SAY_COUNT((ULONG_PTR)VirtualAlloc(NULL, 10, 0, PAGE_READWRITE), 0);
}

static void dates(void)
{
    SYSTEMTIME t = { 2020, 2, 0, 29, 13, 14, 15, 160 };
    WORD date = 0, time = 0;
    FILETIME ft;

    SystemTimeToFileTime(&t, &ft);
    SAY_BOOL(FileTimeToDosDateTime(&ft, &date, &time));
    say("0x%04x 0x%04x", date, time);
    SAY_BOOL(DosDateTimeToFileTime(date, time, &ft));
    FileTimeToSystemTime(&ft, &t);
    say("%u-%u-%u %u:%u:%u.%u", t.wYear, t.wMonth, t.wDay, t.wHour, t.wMinute, t.wSecond,
        t.wMilliseconds);
    SAY_BOOL(DosDateTimeToFileTime(0x21, 0, &ft));
    SAY_BOOL(DosDateTimeToFileTime(0, 0, &ft));
    t.wYear = 1979;
    t.wDay = 28;
    SystemTimeToFileTime(&t, &ft);
    SAY_BOOL(FileTimeToDosDateTime(&ft, &date, &time));
}

static void block(void)
{
    int n = 0;

    SetEnvironmentVariableW(L"VSSEMU_SMALL", L"a=b");
    LPWSTR all = GetEnvironmentStringsW();
    for (LPWSTR at = all; *at; at += wcslen(at) + 1)
        n += wcscmp(at, L"VSSEMU_SMALL=a=b") == 0 || _wcsicmp(at, L"SystemDrive=C:") == 0;
    SAY_NUMBER(n);
    SAY_BOOL(FreeEnvironmentStringsW(all));
}

static void classes(void)
{
    const WCHAR text[] = L"{01020304-0506-0708-090A-0B0C0D0E0F10}";
    HKEY key;
    CLSID class;
    LPOLESTR name;
    IMalloc *allocator = NULL;

    RegCreateKeyW(HKEY_CLASSES_ROOT, L"Vssemu.Small.1\\CLSID", &key);
    RegSetValueExW(key, NULL, 0, REG_SZ, (const BYTE *)text, sizeof(text));
    RegCloseKey(key);
    SAY_CODE(CLSIDFromProgID(L"Vssemu.Small.1", &class));
    SAY_NUMBER(class.Data1);
    SAY_CODE(CLSIDFromProgID(L"Vssemu.None", &class));
    SAY_CODE(ProgIDFromCLSID(&class, &name));
    SAY_CODE(CoGetMalloc(1, &allocator));
    void *memory = allocator->lpVtbl->Alloc(allocator, 10);
    SAY_NUMBER(allocator->lpVtbl->GetSize(allocator, memory) >= 10);
    SAY_NUMBER(allocator->lpVtbl->GetSize(allocator, NULL));
    CoTaskMemFree(memory);
    SAY_CODE(OleInitialize(NULL));
    SAY_CODE(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    SAY_CODE(CoImpersonateClient());
    SAY_CODE(CoRevertToSelf());
    OleUninitialize();
    RegDeleteKeyW(HKEY_CLASSES_ROOT, L"Vssemu.Small.1\\CLSID");
    RegDeleteKeyW(HKEY_CLASSES_ROOT, L"Vssemu.Small.1");
}

int wmain(void)
{
    pages();
    dates();
    block();
    classes();
    return 0;
}
