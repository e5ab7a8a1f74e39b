/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Descriptors of files: results and error codes; what they say is each system's own. Learn:
 * "GetFileSecurityW", "SetFileSecurityW", "GetNamedSecurityInfoW", "GetSecurityInfo". */
#include "say.h"

#include <aclapi.h>
#include <sddl.h>

#define OWNER OWNER_SECURITY_INFORMATION
#define DACL  DACL_SECURITY_INFORMATION

static BYTE bytes[1024];
static PSECURITY_DESCRIPTOR sd = bytes;
static DWORD n;

static void by_name(void)
{
    SECURITY_DESCRIPTOR bad = { 77 };
    BOOL present = 7, defaulted;
    PACL dacl;
    PSID owner;

    SAY_BOOL(GetFileSecurityW(L"V:\\none", OWNER, sd, sizeof(bytes), &n));
    SAY_BOOL(GetFileSecurityW(L"V:\\none\\file", OWNER, sd, sizeof(bytes), &n));
    n = 0;
    SAY_BOOL(GetFileSecurityW(L"V:\\file", OWNER, NULL, 0, &n));
    SAY_NUMBER(n > sizeof(SECURITY_DESCRIPTOR_RELATIVE));
    SAY_BOOL(GetFileSecurityW(L"V:\\file", OWNER, sd, sizeof(bytes), &n));
    SAY_BOOL(IsValidSecurityDescriptor(sd));
    SAY_BOOL(GetSecurityDescriptorOwner(sd, &owner, &defaulted));
    SAY_BOOL(IsValidSid(owner));
    SAY_BOOL(GetSecurityDescriptorDacl(sd, &present, &dacl, &defaulted));
    SAY_NUMBER(present);
    SAY_BOOL(GetFileSecurityA("V:\\file", DACL, sd, sizeof(bytes), &n));
    SAY_BOOL(GetSecurityDescriptorOwner(sd, &owner, &defaulted));
    SAY_POINTER(owner);
    SAY_BOOL(SetFileSecurityW(L"V:\\none", DACL, sd));
    SAY_BOOL(SetFileSecurityW(L"V:\\file", DACL, sd));
    SAY_BOOL(SetFileSecurityW(L"V:\\file", DACL, &bad));
    SAY_BOOL(SetFileSecurityA("V:\\dir", DACL, sd));
}

static void in_parts(void)
{
    PSECURITY_DESCRIPTOR got = NULL;
    WCHAR file[] = L"V:\\file", none[] = L"V:\\none";
    PSID owner = NULL;
    PACL dacl = NULL;

    SAY_NUMBER(GetNamedSecurityInfoW(none, SE_FILE_OBJECT, DACL, NULL, NULL, &dacl, NULL, &got));
    SAY_NUMBER(GetNamedSecurityInfoW(NULL, SE_FILE_OBJECT, DACL, NULL, NULL, &dacl, NULL, &got));
    SAY_NUMBER(GetNamedSecurityInfoW(file, SE_FILE_OBJECT, DACL, NULL, NULL, NULL, NULL, NULL));
    SAY_NUMBER(
        GetNamedSecurityInfoW(file, SE_FILE_OBJECT, DACL | OWNER, &owner, NULL, &dacl, NULL, &got));
    SAY_BOOL(IsValidSid(owner));
    SAY_BOOL(IsValidAcl(dacl));
    SAY_NUMBER(SetNamedSecurityInfoW(file, SE_FILE_OBJECT, DACL, NULL, NULL, dacl, NULL));
    SAY_NUMBER(SetNamedSecurityInfoW(none, SE_FILE_OBJECT, DACL, NULL, NULL, dacl, NULL));
    LocalFree(got);
}

static void by_handle(void)
{
    PSECURITY_DESCRIPTOR got = NULL;
    PACL dacl = NULL;
    HANDLE file = CreateFileW(L"V:\\file", READ_CONTROL, 7, NULL, OPEN_EXISTING, 0, NULL);

    SAY_NUMBER(GetSecurityInfo(file, SE_FILE_OBJECT, DACL, NULL, NULL, &dacl, NULL, &got));
    SAY_BOOL(IsValidAcl(dacl));
    SAY_NUMBER(SetSecurityInfo(file, SE_FILE_OBJECT, DACL, NULL, NULL, dacl, NULL));
    CloseHandle(file);
    HANDLE changer = CreateFileW(L"V:\\file", WRITE_DAC, 7, NULL, OPEN_EXISTING, 0, NULL);
    SAY_NUMBER(SetSecurityInfo(changer, SE_FILE_OBJECT, DACL, NULL, NULL, dacl, NULL));
    LocalFree(got);
    SAY_NUMBER(GetSecurityInfo(changer, SE_FILE_OBJECT, DACL, NULL, NULL, &dacl, NULL, &got));
    CloseHandle(changer);
    SAY_NUMBER(GetSecurityInfo(file, SE_FILE_OBJECT, DACL, NULL, NULL, &dacl, NULL, &got));
}

int wmain(void)
{
    HANDLE file = CreateFileW(L"V:\\file", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);

    CloseHandle(file);
    CreateDirectoryW(L"V:\\dir", NULL);
    by_name();
    in_parts();
    by_handle();
    return 0;
}
