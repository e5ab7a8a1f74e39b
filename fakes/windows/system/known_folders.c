/* SPDX-License-Identifier: MIT */
/* Folders by their numbers and identifiers (Learn: "SHGetFolderPathW", "CSIDL",
 * "SHGetKnownFolderPath", "KNOWNFOLDERID"), from the variables that every
 * Windows has. They need not be there on a volume of the world. */
#include "emu/base/str.h"
#include "emu/base/cleanup.h"
#include "emu/base/utf.h"
#include "emu/base/variables.h"
#include "emu/include/vssemu_types.h"
#include "fakes/windows/last_error.h"

#include <knownfolders.h>
#include <shlobj.h>
#include <userenv.h>
#include <stdlib.h>
#include <string.h>

static const struct folder_row {
    int number;
    const char *variable, *below;
} rows[] = {
    { CSIDL_APPDATA, "APPDATA", "" },
    { CSIDL_LOCAL_APPDATA, "LOCALAPPDATA", "" },
    { CSIDL_COMMON_APPDATA, "ProgramData", "" },
    { CSIDL_PROFILE, "USERPROFILE", "" },
    { CSIDL_PERSONAL, "USERPROFILE", "\\Documents" },
    { CSIDL_DESKTOPDIRECTORY, "USERPROFILE", "\\Desktop" },
    { CSIDL_DESKTOP, "USERPROFILE", "\\Desktop" },
    { CSIDL_COMMON_DOCUMENTS, "PUBLIC", "\\Documents" },
    { CSIDL_COMMON_DESKTOPDIRECTORY, "PUBLIC", "\\Desktop" },
    { CSIDL_PROGRAM_FILES, "ProgramFiles", "" },
    { CSIDL_PROGRAM_FILESX86, "ProgramFiles(x86)", "" },
    { CSIDL_PROGRAM_FILES_COMMON, "CommonProgramFiles", "" },
    { CSIDL_WINDOWS, "SystemRoot", "" },
    { CSIDL_SYSTEM, "SystemRoot", "\\system32" },
};

/* The caller frees; NULL: none of that number. */
static char *folder(int number)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].number == (number & 0xFF))
            return str_printf("%s%s",
                              variable_usual_value(rows[i].variable, strlen(rows[i].variable)),
                              rows[i].below);
    }
    return NULL;
}

HRESULT WINAPI SHGetFolderPathA(HWND window, int number, HANDLE token, DWORD flags, LPSTR ret_path)
{
    char *path = folder(number);

    (void)window;
    (void)token;
    (void)flags;
    if (!path)
        return E_INVALIDARG;
    strcpy(ret_path, path); /* of MAX_PATH, by contract; ours are short */
    free(path);
    return S_OK;
}

HRESULT WINAPI SHGetFolderPathW(HWND window, int number, HANDLE token, DWORD flags, LPWSTR ret_path)
{
    char narrow[MAX_PATH];
    HRESULT hr = SHGetFolderPathA(window, number, token, flags, narrow);

    if (hr == S_OK)
        utf16_put((uint16_t *)ret_path, narrow);
    return hr;
}

/* ---- by identifiers ---- */

static const struct known_row {
    const KNOWNFOLDERID *id;
    int number;
} known[] = {
    { &FOLDERID_RoamingAppData, CSIDL_APPDATA },
    { &FOLDERID_LocalAppData, CSIDL_LOCAL_APPDATA },
    { &FOLDERID_ProgramData, CSIDL_COMMON_APPDATA },
    { &FOLDERID_Profile, CSIDL_PROFILE },
    { &FOLDERID_Documents, CSIDL_PERSONAL },
    { &FOLDERID_Desktop, CSIDL_DESKTOPDIRECTORY },
    { &FOLDERID_PublicDocuments, CSIDL_COMMON_DOCUMENTS },
    { &FOLDERID_PublicDesktop, CSIDL_COMMON_DESKTOPDIRECTORY },
    { &FOLDERID_ProgramFiles, CSIDL_PROGRAM_FILES },
    { &FOLDERID_ProgramFilesX64, CSIDL_PROGRAM_FILES },
    { &FOLDERID_ProgramFilesX86, CSIDL_PROGRAM_FILESX86 },
    { &FOLDERID_ProgramFilesCommon, CSIDL_PROGRAM_FILES_COMMON },
    { &FOLDERID_Windows, CSIDL_WINDOWS },
    { &FOLDERID_System, CSIDL_SYSTEM },
};

/* Learn: "SHGetKnownFolderPath": an unknown identifier is ERROR_FILE_NOT_FOUND; the caller frees
 * with CoTaskMemFree. */
HRESULT WINAPI SHGetKnownFolderPath(REFKNOWNFOLDERID id, DWORD flags, HANDLE token, PWSTR *ret_path)
{
    (void)flags;
    (void)token;
    if (!ret_path)
        return E_INVALIDARG;
    *ret_path = NULL;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (memcmp(known[i].id, id, sizeof(*id)) == 0) {
            auto_free char *path = folder(known[i].number);
            *ret_path = CoTaskMemAlloc((strlen(path) + 1) * sizeof(WCHAR));
            utf16_put((uint16_t *)*ret_path, path);
            return S_OK;
        }
    }
    return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
}

/* ---- of users ---- */

/* Learn: "GetUserProfileDirectoryW": the size counts the zero; too small a buffer is
 * ERROR_INSUFFICIENT_BUFFER with the size that is needed. */
BOOL WINAPI GetUserProfileDirectoryW(HANDLE token, LPWSTR buffer, LPDWORD size)
{
    auto_free char *path = folder(CSIDL_PROFILE);
    DWORD needed = (DWORD)strlen(path) + 1;

    (void)token;
    if (!size)
        return win_fail(ERROR_INVALID_PARAMETER);
    bool fits = buffer && *size >= needed;
    *size = needed;
    if (!fits)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    utf16_put((uint16_t *)buffer, path);
    return TRUE;
}

BOOL WINAPI GetUserProfileDirectoryA(HANDLE token, LPSTR buffer, LPDWORD size)
{
    auto_free char *path = folder(CSIDL_PROFILE);
    DWORD needed = (DWORD)strlen(path) + 1;

    (void)token;
    if (!size)
        return win_fail(ERROR_INVALID_PARAMETER);
    bool fits = buffer && *size >= needed;
    *size = needed;
    if (!fits)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, path, needed);
    return TRUE;
}
