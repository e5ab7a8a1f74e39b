/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Identifiers, lists, descriptors, tokens and privileges, as far as they do not tell who runs.
 * Learn: "Authorization Functions". */
#include "say.h"

#include <sddl.h>

static void identifiers(void)
{
    SID_IDENTIFIER_AUTHORITY nt = { SECURITY_NT_AUTHORITY };
    PSID administrators, other;
    LPWSTR text;
    BYTE bytes[SECURITY_MAX_SID_SIZE];
    DWORD size = 4, domain_size = 3;
    WCHAR name[64], domain[64];
    SID_NAME_USE use;

    SAY_BOOL(AllocateAndInitializeSid(&nt, 2, 32, 544, 0, 0, 0, 0, 0, 0, &administrators));
    SAY_NUMBER(GetLengthSid(administrators));
    SAY_BOOL(ConvertSidToStringSidW(administrators, &text));
    SAY_WIDE(text);
    LocalFree(text);
    SAY_BOOL(ConvertStringSidToSidW(L"S-1-5-32-544", &other));
    SAY_BOOL(EqualSid(administrators, other));
    LocalFree(other);
    SAY_BOOL(ConvertStringSidToSidW(L"S-1-x", &other));
    SAY_BOOL(ConvertStringSidToSidW(NULL, &other));
    SAY_BOOL(CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, bytes, &size));
    SAY_NUMBER(size);
    size = sizeof(bytes);
    SAY_BOOL(CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, bytes, &size));
    SAY_NUMBER(size);
    SAY_BOOL(EqualSid(administrators, bytes));
    SAY_BOOL(IsWellKnownSid(bytes, WinBuiltinAdministratorsSid));
    SAY_BOOL(IsWellKnownSid(bytes, WinWorldSid) == FALSE);
    SAY_NUMBER(*GetSidSubAuthorityCount(bytes));
    SAY_NUMBER(*GetSidSubAuthority(bytes, 1));
    SAY_NUMBER(GetSidLengthRequired(3));
    SAY_BOOL(CopySid(4, bytes, administrators));
    SAY_BOOL(IsValidSid(administrators));
    size = domain_size = 64;
    SAY_BOOL(LookupAccountSidW(NULL, administrators, name, &size, domain, &domain_size, &use));
    SAY_WIDE(name);
    SAY_WIDE(domain);
    say("%u, %u, use %u", (unsigned)size, (unsigned)domain_size, (unsigned)use);
    size = domain_size = 2;
    SAY_BOOL(LookupAccountSidW(NULL, administrators, name, &size, domain, &domain_size, &use));
    say("%u, %u", (unsigned)size, (unsigned)domain_size);
    SAY_POINTER(FreeSid(administrators));
}

static void lists(void)
{
    BYTE space[128], world[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(world);
    ACL *acl = (ACL *)space;
    ACL_SIZE_INFORMATION info;
    SECURITY_DESCRIPTOR descriptor;
    BOOL present = 7, defaulted = 7;
    PACL dacl = NULL;
    void *ace;

    CreateWellKnownSid(WinWorldSid, NULL, world, &size);
    SAY_BOOL(InitializeAcl(acl, 4, ACL_REVISION));
    SAY_BOOL(InitializeAcl(acl, sizeof(space), 77));
    SAY_BOOL(InitializeAcl(acl, 48, ACL_REVISION));
    SAY_BOOL(AddAccessAllowedAce(acl, ACL_REVISION, GENERIC_ALL, world));
    SAY_BOOL(AddAccessDeniedAce(acl, ACL_REVISION, GENERIC_WRITE, world));
    SAY_BOOL(AddAccessAllowedAce(acl, ACL_REVISION, GENERIC_READ, world));
    SAY_BOOL(GetAclInformation(acl, &info, sizeof(info), AclSizeInformation));
    say("%u entries, %u used, %u free", (unsigned)info.AceCount, (unsigned)info.AclBytesInUse,
        (unsigned)info.AclBytesFree);
    SAY_BOOL(GetAce(acl, 1, &ace));
    say("type %u, size %u", ((ACE_HEADER *)ace)->AceType, ((ACE_HEADER *)ace)->AceSize);
    SAY_BOOL(GetAce(acl, 2, &ace));
    SAY_BOOL(DeleteAce(acl, 0));
    SAY_NUMBER(acl->AceCount);
    SAY_BOOL(IsValidAcl(acl));
    SAY_BOOL(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION));
    SAY_BOOL(GetSecurityDescriptorDacl(&descriptor, &present, &dacl, &defaulted));
    SAY_NUMBER(present);
    SAY_BOOL(SetSecurityDescriptorDacl(&descriptor, TRUE, acl, FALSE));
    SAY_BOOL(GetSecurityDescriptorDacl(&descriptor, &present, &dacl, &defaulted));
    say("%d %d %d", present, dacl == acl, defaulted);
    SAY_BOOL(IsValidSecurityDescriptor(&descriptor));
}

static void tokens(void)
{
    HANDLE token = NULL;
    TOKEN_PRIVILEGES wanted, previous;
    DWORD size = 0, type = 0;
    LUID luid;
    WCHAR name[32];

    SAY_BOOL(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    SAY_BOOL(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES, &token));
    SAY_BOOL(LookupPrivilegeValueW(NULL, L"SeBackupPrivilege", &luid));
    SAY_NUMBER(luid.LowPart);
    SAY_BOOL(LookupPrivilegeValueW(NULL, L"SeNothing", &luid));
    LookupPrivilegeValueW(NULL, L"SeBackupPrivilege", &luid);
    size = 32;
    SAY_BOOL(LookupPrivilegeNameW(NULL, &luid, name, &size));
    SAY_WIDE(name);
    SAY_NUMBER(size);
    wanted.PrivilegeCount = 1;
    wanted.Privileges[0].Luid = luid;
    wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    SAY_BOOL(AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL));
    SAY_LAST_ERROR();
    wanted.Privileges[0].Attributes = 0;
    SAY_BOOL(AdjustTokenPrivileges(token, FALSE, &wanted, sizeof(previous), &previous, &size));
    SAY_LAST_ERROR();
    say("%u before, attributes %u", (unsigned)previous.PrivilegeCount,
        (unsigned)previous.Privileges[0].Attributes);
    SAY_BOOL(GetTokenInformation(token, TokenUser, NULL, 0, &size));
    SAY_NUMBER(size > sizeof(TOKEN_USER));
    SAY_BOOL(GetTokenInformation(token, TokenType, &type, sizeof(type), &size));
    say("type %u, size %u", (unsigned)type, (unsigned)size);
    SAY_BOOL(GetTokenInformation(token, TokenElevation, &type, sizeof(type), &size));
    SAY_NUMBER(type);
    CloseHandle(token);
    SAY_BOOL(ImpersonateSelf(SecurityImpersonation));
    SAY_BOOL(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    SAY_BOOL(GetTokenInformation(token, TokenType, &type, sizeof(type), &size));
    SAY_NUMBER(type);
    CloseHandle(token);
    SAY_BOOL(RevertToSelf());
    SAY_BOOL(OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
}

int wmain(void)
{
    identifiers();
    lists();
    tokens();
    return 0;
}
