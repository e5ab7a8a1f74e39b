/* SPDX-License-Identifier: MIT */
/* Modules (Learn: "Dynamic-Link Library Functions"). Windows' own libraries are all in
 * libvssapi: their handles are one and GetProcAddress looks there, also for the decorated C++
 * names by which older requesters load vssapi.dll. Any other name is a shared object of the
 * host. */
#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/fold.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/path.h"
#include "fakes/windows/wide.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const windows_modules[] = {
    "vssapi", "kernel32", "kernelbase", "ntdll",  "advapi32", "ole32",   "oleaut32", "combase",
    "user32", "shlwapi",  "rpcrt4",     "msvcrt", "ucrtbase", "clusapi", "resutils",
};

static const char *const decorated_names[][2] = {
    { "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z",
      "CreateVssBackupComponentsInternal" },
    { "?CreateVssBackupComponents@@YGJPAPAVIVssBackupComponents@@@Z",
      "CreateVssBackupComponentsInternal" },
    { "?CreateVssExamineWriterMetadata@@YAJPEAGPEAPEAVIVssExamineWriterMetadata@@@Z",
      "CreateVssExamineWriterMetadataInternal" },
    { "?CreateVssExamineWriterMetadata@@YGJPAGPAPAVIVssExamineWriterMetadata@@@Z",
      "CreateVssExamineWriterMetadataInternal" },
    { "CreateVssBackupComponents", "CreateVssBackupComponentsInternal" },
    { "CreateVssExamineWriterMetadata", "CreateVssExamineWriterMetadataInternal" },
    { "VssFreeSnapshotProperties", "VssFreeSnapshotPropertiesInternal" },
    { "IsVolumeSnapshotted", "IsVolumeSnapshottedInternal" },
    { "ShouldBlockRevert", "ShouldBlockRevertInternal" },
};

static char windows_module; /* only its address is used */
static char program_module;

/* Name and length of a path's last element without ".dll". */
static size_t base_name(const char *path, const char **ret_base)
{
    const char *base = path;

    for (const char *c = path; *c; c++) {
        if (*c == '\\' || *c == '/')
            base = c + 1;
    }
    size_t length = strlen(base);
    *ret_base = base;
    return length > 4 && strcasecmp(base + length - 4, ".dll") == 0 ? length - 4 : length;
}

static bool is_windows_module(const char *path)
{
    const char *base;
    size_t length = base_name(path, &base);

    for (size_t i = 0; i < sizeof(windows_modules) / sizeof(windows_modules[0]); i++) {
        if (strlen(windows_modules[i]) == length &&
            strncasecmp(base, windows_modules[i], length) == 0)
            return true;
    }
    return strncasecmp(base, "api-ms-win-", 11) == 0;
}

/* Learn: "Dynamic-Link Library Search Order": a name without a folder is looked for beside the
 * program, then in the current folder. What was NAME.dll on Windows is NAME.so here. The caller
 * frees; NULL: not there. */
static char *find_file(const char *name)
{
    static const char *const forms[] = { "%.*s", "%.*s.so" };
    auto_free char *program = realpath("/proc/self/exe", NULL);
    const char *base;
    size_t stem = base_name(name, &base) + (size_t)(base - name);
    bool is_bare = base == name && program;
    int n_folder = is_bare ? (int)(strrchr(program, '/') - program) : 0;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        auto_free char *file = str_printf(forms[i], (int)(i ? stem : strlen(name)), name);
        char *beside = str_printf("%.*s/%s", n_folder, program ?: "", file);

        if (is_bare && access(beside, F_OK) == 0)
            return beside;
        free(beside);
        if (access(file, F_OK) == 0)
            return realpath(file, NULL);
    }
    return NULL;
}

/* The symbol of a C++ DllMain depends on how its parameters are declared: Visual Studio's compiler
 * knows the name, so its templates say no extern "C". */
static bool tell(void *module, DWORD reason)
{
    static const char *const names[] = { "DllMain", "_Z7DllMainP11HINSTANCE__jPv",
                                         "_Z7DllMainPvjS_" };
    BOOL(WINAPI * dll_main)(HMODULE, DWORD, void *) = NULL;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !dll_main; i++)
        *(void **)&dll_main = dlsym(module, names[i]);
    return !dll_main || dll_main(module, reason, NULL);
}

/* What LoadLibrary loaded and FreeLibrary has not yet let go. */
static ARRAY(struct loaded {
    void *module;
    unsigned count;
}) loaded;
static pthread_mutex_t loaded_lock = PTHREAD_MUTEX_INITIALIZER;

static void count_up(void *module, bool is_first)
{
    size_t i = 0;

    pthread_mutex_lock(&loaded_lock);
    while (i < loaded.count && loaded.items[i].module != module)
        i++;
    if (i < loaded.count)
        loaded.items[i].count++;
    else if (is_first)
        array_add(&loaded, ((struct loaded){ module, 1 }));
    pthread_mutex_unlock(&loaded_lock);
}

/* Whether it was the last one of a library that was told of its loading. */
static bool count_down(void *module)
{
    bool is_last = false;

    pthread_mutex_lock(&loaded_lock);
    for (size_t i = 0; i < loaded.count; i++) {
        if (loaded.items[i].module != module)
            continue;
        is_last = --loaded.items[i].count == 0;
        if (is_last)
            loaded.items[i] = loaded.items[--loaded.count];
        break;
    }
    pthread_mutex_unlock(&loaded_lock);
    return is_last;
}

/* Learn: "DllMain entry point": whoever loads a library first lets it prepare itself, and who lets
 * it go last lets it tidy up. */
static HMODULE open_module(const char *name)
{
    auto_free char *file = find_file(name);
    void *there = dlopen(file ?: name, RTLD_NOW | RTLD_NOLOAD);
    void *module = there ? there : dlopen(file ?: name, RTLD_NOW | RTLD_LOCAL);

    if (!module) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    if (!there && !tell(module, DLL_PROCESS_ATTACH)) {
        dlclose(module);
        SetLastError(ERROR_DLL_INIT_FAILED);
        return NULL;
    }
    count_up(module, !there);
    return module;
}

HMODULE WINAPI LoadLibraryExA(LPCSTR name, HANDLE file, DWORD flags)
{
    (void)file;
    (void)flags;
    if (!name || !*name) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (is_windows_module(name))
        return (HMODULE)(void *)&windows_module;
    return open_module(name);
}

HMODULE WINAPI LoadLibraryExW(LPCWSTR name, HANDLE file, DWORD flags)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return LoadLibraryExA(utf8, file, flags);
}

HMODULE WINAPI LoadLibraryA(LPCSTR name)
{
    return LoadLibraryExA(name, NULL, 0);
}

HMODULE WINAPI LoadLibraryW(LPCWSTR name)
{
    return LoadLibraryExW(name, NULL, 0);
}

HMODULE WINAPI GetModuleHandleA(LPCSTR name)
{
    if (!name)
        return (HMODULE)(void *)&program_module;
    if (is_windows_module(name))
        return (HMODULE)(void *)&windows_module;
    auto_free char *file = find_file(name);
    void *module = dlopen(file ?: name, RTLD_NOW | RTLD_NOLOAD);
    if (!module) {
        SetLastError(ERROR_MOD_NOT_FOUND);
        return NULL;
    }
    dlclose(module); /* this function counts no reference */
    return module;
}

HMODULE WINAPI GetModuleHandleW(LPCWSTR name)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return GetModuleHandleA(utf8);
}

BOOL WINAPI FreeLibrary(HMODULE module)
{
    if (!module)
        return win_fail(ERROR_INVALID_HANDLE);
    if ((void *)module == &windows_module || (void *)module == &program_module)
        return TRUE;
    if (count_down(module))
        tell(module, DLL_PROCESS_DETACH);
    return dlclose(module) == 0 ? TRUE : win_fail(ERROR_INVALID_HANDLE);
}

static const char *plain_name(const char *name)
{
    for (size_t i = 0; i < sizeof(decorated_names) / sizeof(decorated_names[0]); i++) {
        if (strcmp(decorated_names[i][0], name) == 0)
            return decorated_names[i][1];
    }
    return name;
}

FARPROC WINAPI GetProcAddress(HMODULE module, LPCSTR name)
{
    void *address = NULL;

    if (!module || (uintptr_t)name < 0x10000) { /* by number: nothing here has one */
        SetLastError(module ? ERROR_PROC_NOT_FOUND : ERROR_INVALID_HANDLE);
        return NULL;
    }
    if ((void *)module == &windows_module)
        address = dlsym(RTLD_DEFAULT, plain_name(name));
    else if ((void *)module == &program_module)
        address = dlsym(RTLD_DEFAULT, name);
    else
        address = dlsym(module, name);
    if (!address)
        SetLastError(ERROR_PROC_NOT_FOUND);
    return (FARPROC)address;
}

/* The caller frees. */
static char *module_path(HMODULE module)
{
    if ((void *)module == &windows_module)
        return mem_strdup("C:\\Windows\\system32\\vssapi.dll");
    if (module && (void *)module != &program_module) {
        Dl_info info;
        void *any = dlsym(module, "DllGetClassObject");
        if (any && dladdr(any, &info) && info.dli_fname)
            return mem_strdup(info.dli_fname);
    }
    return realpath("/proc/self/exe", NULL);
}

static bool is_one_of_ours(HMODULE module)
{
    return (void *)module == &windows_module || (void *)module == &program_module;
}

/* The module in which an address lies; NULL: none. */
static HMODULE module_at(const void *address)
{
    Dl_info found, own;

    if (!dladdr(address, &found) || !found.dli_fname || !dladdr(&windows_module, &own))
        return NULL;
    if (found.dli_fbase == own.dli_fbase)
        return (HMODULE)(void *)&windows_module;
    void *module = dlopen(found.dli_fname, RTLD_NOW | RTLD_NOLOAD);

    if (!module) /* the program itself is no library to dlopen */
        return (HMODULE)(void *)&program_module;
    dlclose(module);
    return module;
}

BOOL WINAPI GetModuleHandleExW(DWORD flags, LPCWSTR name, HMODULE *ret_module)
{
    bool is_counted =
        !(flags & (GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT | GET_MODULE_HANDLE_EX_FLAG_PIN));

    if (!ret_module)
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_module =
        flags & GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS ? module_at(name) : GetModuleHandleW(name);
    if (!*ret_module)
        return win_fail(ERROR_MOD_NOT_FOUND);
    auto_free char *path = is_counted ? module_path(*ret_module) : NULL;

    if (path && !is_one_of_ours(*ret_module))
        (void)dlopen(path, RTLD_NOW | RTLD_NOLOAD); /* counts one more */
    return TRUE;
}

/* Learn: "GetModuleFileNameW": what does not fit is cut, and the last error says so. */
static DWORD fill_cut(const WCHAR *text, LPWSTR buffer, DWORD size)
{
    DWORD length = (DWORD)utf16_length((const uint16_t *)text);

    if (length < size) {
        memcpy(buffer, text, (length + 1) * sizeof(WCHAR));
        SetLastError(ERROR_SUCCESS);
        return length;
    }
    if (size) {
        memcpy(buffer, text, (size - 1) * sizeof(WCHAR));
        buffer[size - 1] = 0;
    }
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR buffer, DWORD size)
{
    auto_free char *path = module_path(module);
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(path ? path : "");

    return fill_cut(wide, buffer, size);
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR buffer, DWORD size)
{
    auto_free char *path = module_path(module);
    DWORD length = narrow_fill(path ? path : "", buffer, size);

    if (length < size) {
        SetLastError(ERROR_SUCCESS);
        return length;
    }
    if (size) {
        memcpy(buffer, path, size - 1);
        buffer[size - 1] = 0;
    }
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return size;
}

BOOL WINAPI DisableThreadLibraryCalls(HMODULE module)
{
    return module ? TRUE : win_fail(ERROR_INVALID_HANDLE);
}
