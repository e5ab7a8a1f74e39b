/* SPDX-License-Identifier: MIT */
/* Providers in shared objects: registered as an installer does it, loaded by the service, chosen by
 * id, read from; and what becomes of the C++ exceptions of one. */
#include "stage.h"
#include "throwing.h"

#include <vsadmin.h>

#include <stdio.h>
#include <string.h>
#include <string>

static const VSS_ID example_id = {
    0x6f9d1f4e, 0x7f0e, 0x4a53, { 0x8a, 0x57, 0x5f, 0x0d, 0x5d, 0x2d, 0x3c, 0x02 }
};
static const VSS_ID system_id = {
    0xb5946137, 0x7b9f, 0x4925, { 0xaf, 0x80, 0x51, 0xab, 0xd6, 0x0b, 0x20, 0xd5 }
};
static WCHAR c_root[] = L"C:\\", e_root[] = L"E:\\";

static std::string read_text(const std::wstring &path)
{
    char text[64];
    DWORD n = 0;
    HANDLE file =
        CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return "";
    if (!ReadFile(file, text, sizeof(text), &n, NULL))
        n = 0;
    CloseHandle(file);
    return std::string(text, n);
}

/* As an installer, or regsvr32, does it. */
static HRESULT call_of_dll(const char *path, const char *name)
{
    HMODULE module = LoadLibraryA(path);
    HRESULT (*function)() = (HRESULT(*)())(void *)GetProcAddress(module, name);
    HRESULT hr = function ? function() : E_NOTIMPL;

    FreeLibrary(module);
    return hr;
}

static std::wstring device_of(struct stage *stage, const VSS_ID &id)
{
    VSS_SNAPSHOT_PROP prop;

    MUST(stage->b->GetSnapshotProperties(id, &prop));
    std::wstring device(prop.m_pwszSnapshotDeviceObject ? prop.m_pwszSnapshotDeviceObject : L"");
    VssFreeSnapshotProperties(&prop);
    return device;
}

static HRESULT make(struct stage *stage)
{
    IVssAsync *async = NULL;

    MUST(stage_finish(stage->b->PrepareForBackup(&async), &async));
    return stage_finish(stage->b->DoSnapshotSet(&async), &async);
}

/* C: by the example, E: by the built-in provider, the example's copies on D:. */
static void the_example_is_read_from(void)
{
    struct stage *stage = stage_open();
    VSS_ID c, e;

    EXPECT(vssemu_add_volume(stage->world, "D:", NULL));
    EXPECT(vssemu_add_volume(stage->world, "E:", NULL));
    EXPECT(vssemu_file_write(stage->world, "E:\\e.txt", "of E", 4));
    stage_go(stage, AT_CHOSEN);
    OFF_LIST(S_OK, call_of_dll(EXAMPLE_PROVIDER, "DllRegisterServer"));
    MUST(stage->b->StartSnapshotSet(&stage->set_id));
    MUST(stage->b->AddToSnapshotSet(c_root, example_id, &c));
    MUST(stage->b->AddToSnapshotSet(e_root, system_id, &e));
    OFF_LIST(S_OK, make(stage));

    std::wstring copy = device_of(stage, c), other = device_of(stage, e);
    EXPECT(copy.find(L"\\\\?\\ExampleSnapshot") == 0);
    EXPECT(vssemu_file_write(stage->world, "C:\\files\\a.txt", "spoilt", 6));
    EXPECT(read_text(L"C:\\files\\a.txt") == "spoilt");
    EXPECT(read_text(copy + L"\\files\\a.txt") == "words");
    EXPECT(read_text(copy + L"\\FILES\\A.TXT") == "words");
    EXPECT(read_text(copy + L"\\files\\b.txt") == "");
    EXPECT(read_text(other + L"\\e.txt") == "of E");
    std::wstring global = L"\\\\?\\GLOBALROOT\\Device\\" + copy.substr(4);
    EXPECT(read_text(global + L"\\files\\a.txt") == "words");

    stage->b->Release(); /* and its snapshots go with it */
    stage->b = NULL;
    vssemu_run_for(stage->world, 1000);
    EXPECT(read_text(copy + L"\\files\\a.txt") == "");
    EXPECT(strstr(vssemu_trace(stage->world), "OnUnload") != NULL);
    OFF_LIST(S_OK, call_of_dll(EXAMPLE_PROVIDER, "DllUnregisterServer"));
    stage_close(stage);
    CoFreeUnusedLibraries();
}

/* ---- exceptions ---- */

static void register_throwing(void)
{
    IVssAdmin *admin = NULL;
    HKEY key;
    const WCHAR place[] = L"CLSID\\{E5CE9710-7A0B-4D5C-9F0E-0123456789AB}\\InprocServer32";
    const std::string path = DLLS "/throwing.so";
    const std::wstring wide(path.begin(), path.end());

    MUST(RegCreateKeyExW(HKEY_CLASSES_ROOT, place, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL));
    MUST(RegSetValueExW(key, NULL, 0, REG_SZ, (const BYTE *)wide.c_str(),
                        (DWORD)((wide.size() + 1) * sizeof(WCHAR))));
    RegCloseKey(key);
    MUST(CoCreateInstance(CLSID_VSSCoordinator, NULL, CLSCTX_ALL, IID_IVssAdmin, (void **)&admin));
    WCHAR name[] = L"Throwing Provider", version[] = L"1";
    MUST(admin->RegisterProvider(IID_IThrow, IID_IThrow, name, VSS_PROV_SOFTWARE, version,
                                 IID_IThrow));
    admin->Release();
}

static void an_exception_fails_the_call(int what, HRESULT of_add, HRESULT of_do)
{
    struct stage *stage = stage_at(AT_CHOSEN);
    IThrow *thrower = NULL;
    VSS_ID id;

    register_throwing();
    MUST(CoCreateInstance(IID_IThrow, NULL, CLSCTX_INPROC_SERVER, IID_IThrow, (void **)&thrower));
    MUST(thrower->SetThrowing(what));
    MUST(stage->b->StartSnapshotSet(&stage->set_id));
    OFF_LIST(of_add, stage->b->AddToSnapshotSet(c_root, IID_IThrow, &id));
    if (of_add == S_OK)
        OFF_LIST(of_do, make(stage));
    EXPECT((strstr(vssemu_event_log(stage->world), "Throwing Provider") != NULL) == (what != 0));
    EXPECT(GetModuleHandleA(DLLS "/throwing.so") != NULL);
    thrower->Release();
    stage_close(stage);
    CoFreeUnusedLibraries();
    EXPECT(GetModuleHandleA(DLLS "/throwing.so") == NULL);
}

/* The typeinfo of std::wstring is the program's own in either object. */
static void a_wide_string_crosses(void)
{
    struct stage *stage = stage_at(AT_CREATED);
    IThrow *thrower = NULL;
    std::wstring caught;

    register_throwing();
    MUST(CoCreateInstance(IID_IThrow, NULL, CLSCTX_INPROC_SERVER, IID_IThrow, (void **)&thrower));
    try {
        thrower->Throw(L"a wide string, too long for the buffer inside it, that is");
    } catch (const std::wstring &text) {
        caught = text;
    }
    EXPECT(caught == L"a wide string, too long for the buffer inside it, that is thrown");
    void *nothing = NULL;
    OFF_LIST(CLASS_E_NOAGGREGATION,
             CoCreateInstance(IID_IThrow, thrower, CLSCTX_INPROC_SERVER, IID_IUnknown, &nothing));
    OFF_LIST(E_NOINTERFACE,
             CoCreateInstance(IID_IThrow, NULL, CLSCTX_INPROC_SERVER, IID_IVssAsync, &nothing));
    EXPECT(GetModuleHandleA(DLLS "/throwing.so") != NULL);
    thrower->Release();
    stage_close(stage);
    CoFreeUnusedLibraries();
    EXPECT(GetModuleHandleA(DLLS "/throwing.so") == NULL);
}

int main()
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    the_example_is_read_from();
    an_exception_fails_the_call(0, S_OK, S_OK);
    an_exception_fails_the_call(1, S_OK, VSS_E_UNEXPECTED_PROVIDER_ERROR);
    an_exception_fails_the_call(2, VSS_E_UNEXPECTED_PROVIDER_ERROR, S_OK);
    a_wide_string_crosses();
    CoUninitialize();
    return contract_has_failed();
}
