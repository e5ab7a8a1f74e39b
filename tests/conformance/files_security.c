/* SPDX-License-Identifier: MIT */
/* Descriptors of files through SetFileSecurity and its relatives, and through BackupRead and
 * BackupWrite. Learn: "SetFileSecurityW", "SetNamedSecurityInfoW", "BackupWrite". */
#include "files_check.h"

#include <aclapi.h>
#include <sddl.h>
#include <stddef.h>

#define OWNER OWNER_SECURITY_INFORMATION
#define DACL  DACL_SECURITY_INFORMATION
#define SACL  SACL_SECURITY_INFORMATION
#define ALL   (OWNER | GROUP_SECURITY_INFORMATION | DACL)

static BYTE bytes[4096];

static void print_security(LPCWSTR name, SECURITY_INFORMATION info)
{
    DWORD n;
    LPSTR text = NULL;

    if (GetFileSecurityW(name, info, bytes, sizeof(bytes), &n) &&
        ConvertSecurityDescriptorToStringSecurityDescriptorA(bytes, SDDL_REVISION_1, info, &text,
                                                             NULL))
        printf("  %S: %s\n", name, text);
    else
        printf("  %S: %s\n", name, error_name(GetLastError()));
    LocalFree(text);
}

static BOOL set_text(LPCWSTR name, SECURITY_INFORMATION info, LPCSTR text)
{
    PSECURITY_DESCRIPTOR sd = NULL;
    BOOL done =
        ConvertStringSecurityDescriptorToSecurityDescriptorA(text, SDDL_REVISION_1, &sd, NULL) &&
        SetFileSecurityW(name, info, sd);

    LocalFree(sd);
    return done;
}

static BOOL enable(LPCWSTR name)
{
    TOKEN_PRIVILEGES wanted = { 1, { { { 0, 0 }, SE_PRIVILEGE_ENABLED } } };
    HANDLE token;
    BOOL done = OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token) &&
                LookupPrivilegeValueW(NULL, name, &wanted.Privileges[0].Luid) &&
                AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL);

    CloseHandle(token);
    return done;
}

static void setting(void)
{
    heading("a part is set, the others stay");
    make_file(L"file", "text");
    print_security(L"file", ALL);
    DOES(set_text(L"file", DACL, "O:SYD:P(A;;FA;;;BA)(A;;FR;;;BU)"));
    print_security(L"file", ALL);
    DOES(set_text(L"file", OWNER, "O:BAD:(A;;FA;;;WD)"));
    print_security(L"file", ALL);
    print_security(L"file", DACL);
    DOES(set_text(L"file", DACL, "D:NO_ACCESS_CONTROL"));
    print_security(L"file", DACL);
    DOES(set_text(L"file", DACL, "D:(A;OICI;0x1301bf;;;AU)"));
    heading("who may own, and audit lists");
    DOES(set_text(L"file", OWNER, "O:S-1-5-21-1-2-3-1001"));
    DOES(set_text(L"file", SACL, "S:(AU;FA;FA;;;WD)"));
    print_security(L"file", SACL);
    DOES(enable(L"SeRestorePrivilege"));
    DOES(enable(L"SeSecurityPrivilege"));
    DOES(set_text(L"file", OWNER, "O:S-1-5-21-1-2-3-1001"));
    DOES(set_text(L"file", SACL, "S:(AU;FA;FA;;;WD)"));
    print_security(L"file", ALL | SACL);
    DOES(set_text(L"file", OWNER, "D:"));
}

/* The sequence of one file, into another. */
static BOOL copy_by_backup(LPCWSTR from, LPCWSTR to)
{
    static BYTE sequence[16384];
    void *context = NULL;
    DWORD n = 0, written = 0;
    HANDLE file = open_file(from, GENERIC_READ, SHARE_ALL, OPEN_EXISTING, 0);
    BOOL done = BackupRead(file, sequence, sizeof(sequence), &n, FALSE, TRUE, &context);

    BackupRead(file, NULL, 0, &written, TRUE, TRUE, &context);
    CloseHandle(file);
    file = open_file(to, GENERIC_WRITE | WRITE_DAC | WRITE_OWNER, 0, CREATE_NEW, 0);
    done = done && BackupWrite(file, sequence, n, &written, FALSE, TRUE, &context) && written == n;
    BackupWrite(file, NULL, 0, &written, TRUE, TRUE, &context);
    CloseHandle(file);
    return done;
}

static void backing_up(void)
{
    heading("BackupRead and BackupWrite, renaming");
    IS(copy_by_backup(L"file", L"restored"));
    print_security(L"restored", ALL | SACL);
    DOES(MoveFileW(L"restored", L"moved"));
    print_security(L"moved", ALL | SACL);
    make_file(L"restored", "another");
    print_security(L"restored", ALL | SACL);
}

static void in_parts(void)
{
    PSECURITY_DESCRIPTOR sd = NULL;
    PACL old = NULL, fresh = NULL;
    EXPLICIT_ACCESSW entry;
    WCHAR name[] = L"moved", users[] = L"Users";
    HANDLE file;

    heading("with SetEntriesInAcl, by name and by handle");
    COUNTS(GetNamedSecurityInfoW(name, SE_FILE_OBJECT, DACL, NULL, NULL, &old, NULL, &sd), -1);
    BuildExplicitAccessWithNameW(&entry, users, GENERIC_READ, GRANT_ACCESS, NO_INHERITANCE);
    COUNTS(SetEntriesInAclW(1, &entry, old, &fresh), -1);
    COUNTS(SetNamedSecurityInfoW(name, SE_FILE_OBJECT, DACL | PROTECTED_DACL_SECURITY_INFORMATION,
                                 NULL, NULL, fresh, NULL),
           -1);
    print_security(name, DACL);
    OPENS(file, open_file(name, WRITE_DAC, SHARE_ALL, OPEN_EXISTING, 0));
    COUNTS(SetSecurityInfo(file, SE_FILE_OBJECT, DACL, NULL, NULL, old, NULL), -1);
    COUNTS(SetSecurityInfo(file, SE_FILE_OBJECT, OWNER, NULL, NULL, NULL, NULL), -1);
    print_security(name, DACL);
    CloseHandle(file);
    LocalFree(fresh);
    LocalFree(sd);
}

static void checks(void)
{
    setting();
    backing_up();
    in_parts();
}
