/* SPDX-License-Identifier: MIT */
/* Folders by their numbers (Learn: "SHGetFolderPathW", "CSIDL"), from the variables that every
 * Windows has. They need not be there on a volume of the world. */
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/base/variables.h"
#include "emu/include/vssemu_types.h"

#include <shlobj.h>
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
