/* SPDX-License-Identifier: MIT */
/* run: alone */
/* Security descriptors: as text, in both forms, and lists of entries that are described. Learn:
 * "ConvertStringSecurityDescriptorToSecurityDescriptorW", "MakeAbsoluteSD", "SetEntriesInAclW". */
#include "say.h"

#include <aclapi.h>
#include <sddl.h>

#define ALL                                                                                \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | \
     SACL_SECURITY_INFORMATION)

static PSECURITY_DESCRIPTOR sd;
static ULONG size;

static void say_text(PSECURITY_DESCRIPTOR descriptor, SECURITY_INFORMATION info)
{
    LPWSTR text = NULL;
    ULONG n = 0;

    if (SAY_BOOL(ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor, SDDL_REVISION_1,
                                                                      info, &text, &n))) {
        SAY_WIDE(text);
        SAY_NUMBER(n);
    }
    LocalFree(text);
}

static void parse(const WCHAR *text)
{
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision = 0;

    SAY_WIDE(text);
    sd = NULL;
    size = 0;
    if (!SAY_BOOL(ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &sd,
                                                                       &size)))
        return;
    SAY_NUMBER(size);
    SAY_BOOL(GetSecurityDescriptorControl(sd, &control, &revision));
    say("control 0x%x, revision %u", control, (unsigned)revision);
    SAY_NUMBER(GetSecurityDescriptorLength(sd));
    say_text(sd, ALL);
    LocalFree(sd);
}

static void texts(void)
{
    parse(L"O:BAG:SYD:P(A;OICI;FA;;;BA)(A;;GA;;;SY)(D;;0x1200a9;;;WD)");
    parse(L"O:S-1-5-32-544D:(A;;FR;;;S-1-5-21-1-2-3-500)(A;IO;GRGW;;;CO)");
    parse(L"D:PAI(A;OICINPIOID;FW;;;AU)S:(AU;SAFA;KA;;;WD)");
    parse(L"D:(A;;CCDCLCSWRPWPDTLOCR;;;BU)(A;;RCSDWDWO;;;IU)");
    parse(L"G:BUD:");
    parse(L"");
    parse(L"D:( D; OI; GA;;;WD)");
    parse(L"D:(X;;GA;;;SY)");
    parse(L"D:(A;;GA;;;QQ)");
    parse(L"D:(A;QQ;GA;;;SY)");
    parse(L"D:(A;;QQ;;;SY)");
    parse(L"O:S-1-x");
    parse(NULL);
    SAY_BOOL(ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:", 2, &sd, NULL));
    SAY_BOOL(ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:", 1, NULL, NULL));
    SAY_BOOL(ConvertStringSecurityDescriptorToSecurityDescriptorA("O:SY", 1, &sd, NULL));
    say_text(sd, OWNER_SECURITY_INFORMATION);
    say_text(sd, GROUP_SECURITY_INFORMATION);
    LocalFree(sd);
}

static void forms(void)
{
    BYTE absolute[64], dacl[128], sacl[128], owner[SECURITY_MAX_SID_SIZE],
        group[SECURITY_MAX_SID_SIZE], relative[256];
    DWORD sizes[5] = { 0 };

    ConvertStringSecurityDescriptorToSecurityDescriptorW(L"O:BAG:SYD:(A;;FA;;;BA)", 1, &sd, &size);
    SAY_BOOL(MakeAbsoluteSD(sd, NULL, &sizes[0], NULL, &sizes[1], NULL, &sizes[2], NULL, &sizes[3],
                            NULL, &sizes[4]));
    say("%u %u %u %u %u", (unsigned)sizes[0], (unsigned)sizes[1], (unsigned)sizes[2],
        (unsigned)sizes[3], (unsigned)sizes[4]);
    SAY_BOOL(MakeAbsoluteSD(sd, absolute, &sizes[0], (PACL)dacl, &sizes[1], (PACL)sacl, &sizes[2],
                            owner, &sizes[3], group, &sizes[4]));
    say_text(absolute, ALL);
    SAY_BOOL(MakeAbsoluteSD(absolute, relative, &sizes[0], (PACL)dacl, &sizes[1], (PACL)sacl,
                            &sizes[2], owner, &sizes[3], group, &sizes[4]));
    sizes[0] = 4;
    SAY_BOOL(MakeSelfRelativeSD(absolute, relative, &sizes[0]));
    SAY_NUMBER(sizes[0]);
    sizes[0] = sizeof(relative);
    SAY_BOOL(MakeSelfRelativeSD(absolute, relative, &sizes[0]));
    say_text(relative, ALL);
    sizes[0] = sizeof(relative);
    SAY_BOOL(MakeSelfRelativeSD(sd, relative, &sizes[0]));
    LocalFree(sd);
}

static void say_acl(PACL acl)
{
    SECURITY_DESCRIPTOR descriptor;

    InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&descriptor, TRUE, acl, FALSE);
    say_text(&descriptor, DACL_SECURITY_INFORMATION);
}

static void entries(void)
{
    EXPLICIT_ACCESSW wanted[2];
    PACL first = NULL, acl = (PACL)&size;
    PSID administrators, world;

    ConvertStringSidToSidW(L"S-1-5-32-544", &administrators);
    ConvertStringSidToSidW(L"S-1-1-0", &world);
    SAY_NUMBER(SetEntriesInAclW(0, NULL, NULL, &acl));
    SAY_POINTER(acl);
    memset(wanted, 0, sizeof(wanted));
    wanted[0].grfAccessPermissions = FILE_ALL_ACCESS;
    wanted[0].grfAccessMode = GRANT_ACCESS;
    wanted[0].grfInheritance = SUB_CONTAINERS_AND_OBJECTS_INHERIT;
    BuildTrusteeWithSidW(&wanted[0].Trustee, administrators);
    BuildExplicitAccessWithNameW(&wanted[1], L"BUILTIN\\Users", FILE_GENERIC_READ, GRANT_ACCESS,
                                 NO_INHERITANCE);
    SAY_NUMBER(SetEntriesInAclW(2, wanted, NULL, &first));
    say_acl(first);
    wanted[0].grfAccessMode = SET_ACCESS;
    wanted[0].grfAccessPermissions = FILE_GENERIC_WRITE;
    wanted[0].grfInheritance = NO_INHERITANCE;
    SAY_NUMBER(SetEntriesInAclW(1, wanted, first, &acl));
    say_acl(acl);
    LocalFree(acl);
    BuildTrusteeWithSidW(&wanted[0].Trustee, world);
    wanted[0].grfAccessMode = DENY_ACCESS;
    SAY_NUMBER(SetEntriesInAclW(1, wanted, first, &acl));
    say_acl(acl);
    LocalFree(acl);
    BuildTrusteeWithNameW(&wanted[0].Trustee, L"nobody of that name");
    SAY_NUMBER(SetEntriesInAclW(1, wanted, first, &acl));
    SAY_NUMBER(SetEntriesInAclW(1, wanted, first, NULL));
    LocalFree(first);
    LocalFree(administrators);
    LocalFree(world);
}

int wmain(void)
{
    texts();
    forms();
    entries();
    return 0;
}
