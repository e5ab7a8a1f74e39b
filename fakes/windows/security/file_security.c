/* SPDX-License-Identifier: MIT */
/* Descriptors of files, by name and by handle (Learn: "GetFileSecurityW", "SetFileSecurityW",
 * "GetNamedSecurityInfoW", "SetNamedSecurityInfoW", "GetSecurityInfo", "SetSecurityInfo").
 * Deviation: they are kept and given back, by BackupRead too, and refuse nobody; no entry is
 * inherited. Objects other than files have none. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/utf.h"
#include "fakes/windows/file.h"
#include "fakes/windows/file_node.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/security/accounts.h"
#include "fakes/windows/security/parts.h"
#include "fakes/windows/streams/security_store.h"

#include <aclapi.h>
#include <string.h>

#define PARTS                                                                              \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | \
     SACL_SECURITY_INFORMATION)

/* ---- a file's descriptor ---- */

/* The file itself, without its stream. */
static DWORD find_file(LPCWSTR name, struct win_path *ret_path)
{
    struct stat st;

    return path_parse_and_find_stream(name, ret_path, &st);
}

/* The parts in `info` of what is kept, self-relative; the caller frees. */
static DWORD read_parts(const struct win_path *path, SECURITY_INFORMATION info,
                        void **ret_descriptor, size_t *ret_size)
{
    auto_free void *all = NULL;
    struct sd_parts wanted = { 0 };
    DWORD size;
    int failed = security_store_read(path, &all, &size);

    if (failed)
        return win_error_from_errno(failed);
    if (!sd_is_within(all, size)) /* of a BackupWrite with other bytes */
        return ERROR_INVALID_SECURITY_DESCR;
    struct sd_parts parts = sd_parts_of(all);
    sd_take(&wanted, &parts, info);
    *ret_size = sd_relative_size(&wanted);
    *ret_descriptor = mem_alloc(*ret_size);
    sd_put_relative(&wanted, *ret_descriptor);
    return ERROR_SUCCESS;
}

/* Learn: "SetFileSecurityW": an owner is the user, a group that may own, or, with
 * SeRestorePrivilege, anybody. */
static DWORD check_owner(const SID *owner)
{
    const struct account *account;

    if (!owner || !IsValidSid((PSID)(UINT_PTR)owner))
        return ERROR_INVALID_OWNER;
    account = account_of_sid((PSID)(UINT_PTR)owner);
    if (account && (account == account_at(0) || account->group & SE_GROUP_OWNER))
        return ERROR_SUCCESS;
    return privilege_is_enabled("SeRestorePrivilege") ? ERROR_SUCCESS : ERROR_INVALID_OWNER;
}

static DWORD write_parts(const struct win_path *path, SECURITY_INFORMATION info,
                         const struct sd_parts *fresh)
{
    auto_free void *all = NULL;
    struct sd_parts parts = { 0 };
    DWORD size, error = ERROR_SUCCESS;

    if (info & OWNER_SECURITY_INFORMATION)
        error = check_owner(fresh->owner);
    if (!error && info & GROUP_SECURITY_INFORMATION && !fresh->group)
        error = ERROR_INVALID_PRIMARY_GROUP;
    if (error)
        return error;
    int failed = security_store_read(path, &all, &size);
    if (failed)
        return win_error_from_errno(failed);
    if (sd_is_within(all, size))
        parts = sd_parts_of(all);
    sd_take(&parts, fresh, info);
    parts.control &= (WORD) ~(SE_DACL_AUTO_INHERIT_REQ | SE_SACL_AUTO_INHERIT_REQ);
    size_t new_size = sd_relative_size(&parts);
    auto_free void *descriptor = mem_alloc(new_size);
    sd_put_relative(&parts, descriptor);
    return win_error_from_errno(security_store_write(path, descriptor, (DWORD)new_size));
}

/* Learn: "SECURITY_INFORMATION": audit lists are for those with SeSecurityPrivilege. */
static DWORD check_privilege(SECURITY_INFORMATION info)
{
    return info & SACL_SECURITY_INFORMATION && !privilege_is_enabled("SeSecurityPrivilege")
               ? ERROR_PRIVILEGE_NOT_HELD
               : ERROR_SUCCESS;
}

/* ---- by name ---- */

BOOL WINAPI GetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION info,
                             PSECURITY_DESCRIPTOR ret_descriptor, DWORD size, LPDWORD ret_needed)
{
    auto_path path;
    auto_free void *descriptor = NULL;
    size_t needed = 0;
    DWORD error = find_file(name, &path);

    if (!error)
        error = check_privilege(info);
    if (!error)
        error = read_parts(&path, info, &descriptor, &needed);
    if (error)
        return win_fail(error);
    *ret_needed = (DWORD)needed;
    if (size < needed)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(ret_descriptor, descriptor, needed);
    return TRUE;
}

BOOL WINAPI GetFileSecurityA(LPCSTR name, SECURITY_INFORMATION info,
                             PSECURITY_DESCRIPTOR ret_descriptor, DWORD size, LPDWORD ret_needed)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return GetFileSecurityW(wide, info, ret_descriptor, size, ret_needed);
}

BOOL WINAPI SetFileSecurityW(LPCWSTR name, SECURITY_INFORMATION info,
                             PSECURITY_DESCRIPTOR descriptor)
{
    auto_path path;
    DWORD error = find_file(name, &path);

    if (!error)
        error = check_privilege(info);
    if (!error && !IsValidSecurityDescriptor(descriptor))
        error = ERROR_UNKNOWN_REVISION;
    if (!error) {
        struct sd_parts parts = sd_parts_of(descriptor);
        error = write_parts(&path, info, &parts);
    }
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI SetFileSecurityA(LPCSTR name, SECURITY_INFORMATION info,
                             PSECURITY_DESCRIPTOR descriptor)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return SetFileSecurityW(wide, info, descriptor);
}

/* ---- in parts ---- */

/* All of `ret_...` may be NULL, but one that is given needs the descriptor, into which it points
 * and which the caller frees with LocalFree. */
struct wanted_parts {
    PSID *owner, *group;
    PACL *dacl, *sacl;
    PSECURITY_DESCRIPTOR *descriptor;
};

static DWORD check_wanted(const struct wanted_parts *wanted)
{
    if (!wanted->descriptor)
        return ERROR_INVALID_PARAMETER;
    *wanted->descriptor = NULL;
    return ERROR_SUCCESS;
}

static DWORD hand_out(const struct win_path *path, SECURITY_INFORMATION info,
                      const struct wanted_parts *wanted)
{
    auto_free void *descriptor = NULL;
    size_t size;
    DWORD error = read_parts(path, info, &descriptor, &size);

    if (error)
        return error;
    void *copy = LocalAlloc(LMEM_FIXED, size);
    memcpy(copy, descriptor, size);
    struct sd_parts parts = sd_parts_of(copy);
    *wanted->descriptor = copy;
    if (wanted->owner && info & OWNER_SECURITY_INFORMATION)
        *wanted->owner = (PSID)(UINT_PTR)parts.owner;
    if (wanted->group && info & GROUP_SECURITY_INFORMATION)
        *wanted->group = (PSID)(UINT_PTR)parts.group;
    if (wanted->dacl && info & DACL_SECURITY_INFORMATION)
        *wanted->dacl = (PACL)(UINT_PTR)parts.dacl;
    if (wanted->sacl && info & SACL_SECURITY_INFORMATION)
        *wanted->sacl = (PACL)(UINT_PTR)parts.sacl;
    return ERROR_SUCCESS;
}

/* Lists that are given are there; [UN]PROTECTED_ say whether they are protected. */
static struct sd_parts given_parts(SECURITY_INFORMATION info, PSID owner, PSID group, PACL dacl,
                                   PACL sacl)
{
    struct sd_parts parts = { .owner = owner, .group = group, .dacl = dacl, .sacl = sacl };

    parts.control = SE_DACL_PRESENT | SE_SACL_PRESENT;
    if (info & PROTECTED_DACL_SECURITY_INFORMATION)
        parts.control |= SE_DACL_PROTECTED;
    if (info & PROTECTED_SACL_SECURITY_INFORMATION)
        parts.control |= SE_SACL_PROTECTED;
    return parts;
}

DWORD WINAPI GetNamedSecurityInfoW(LPWSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION info,
                                   PSID *ret_owner, PSID *ret_group, PACL *ret_dacl, PACL *ret_sacl,
                                   PSECURITY_DESCRIPTOR *ret_descriptor)
{
    const struct wanted_parts wanted = { ret_owner, ret_group, ret_dacl, ret_sacl, ret_descriptor };
    auto_path path = { 0 };

    if (!name)
        return ERROR_INVALID_PARAMETER;
    DWORD error = check_wanted(&wanted);
    if (!error && type != SE_FILE_OBJECT)
        error = ERROR_NOT_SUPPORTED;
    if (!error)
        error = find_file(name, &path);
    if (!error)
        error = check_privilege(info);
    return error ? error : hand_out(&path, info, &wanted);
}

DWORD WINAPI GetNamedSecurityInfoA(LPSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION info,
                                   PSID *ret_owner, PSID *ret_group, PACL *ret_dacl, PACL *ret_sacl,
                                   PSECURITY_DESCRIPTOR *ret_descriptor)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return GetNamedSecurityInfoW(wide, type, info, ret_owner, ret_group, ret_dacl, ret_sacl,
                                 ret_descriptor);
}

DWORD WINAPI SetNamedSecurityInfoW(LPWSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION info,
                                   PSID owner, PSID group, PACL dacl, PACL sacl)
{
    const struct sd_parts parts = given_parts(info, owner, group, dacl, sacl);
    auto_path path = { 0 };

    if (!name)
        return ERROR_INVALID_PARAMETER;
    if (type != SE_FILE_OBJECT)
        return ERROR_NOT_SUPPORTED;
    DWORD error = find_file(name, &path);
    if (!error)
        error = check_privilege(info);
    return error ? error : write_parts(&path, info & PARTS, &parts);
}

DWORD WINAPI SetNamedSecurityInfoA(LPSTR name, SE_OBJECT_TYPE type, SECURITY_INFORMATION info,
                                   PSID owner, PSID group, PACL dacl, PACL sacl)
{
    auto_free WCHAR *wide = (WCHAR *)utf16_from_utf8(name);

    return SetNamedSecurityInfoW(wide, type, info, owner, group, dacl, sacl);
}

/* ---- by handle ---- */

/* What a handle needs: READ_CONTROL, WRITE_OWNER, WRITE_DAC, ACCESS_SYSTEM_SECURITY. */
static DWORD enter(HANDLE handle, SE_OBJECT_TYPE type, DWORD access, struct win_path *ret_path)
{
    auto_object struct object *object = NULL;

    *ret_path = (struct win_path){ 0 };
    if (type != SE_FILE_OBJECT && type != SE_KERNEL_OBJECT)
        return ERROR_NOT_SUPPORTED;
    object = handle_get(handle, &file_class, access);
    if (!object)
        return GetLastError();
    *ret_path = file_node_path((struct file *)object);
    return ERROR_SUCCESS;
}

DWORD WINAPI GetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION info,
                             PSID *ret_owner, PSID *ret_group, PACL *ret_dacl, PACL *ret_sacl,
                             PSECURITY_DESCRIPTOR *ret_descriptor)
{
    const struct wanted_parts wanted = { ret_owner, ret_group, ret_dacl, ret_sacl, ret_descriptor };
    const SECURITY_INFORMATION sacl = info & SACL_SECURITY_INFORMATION;
    DWORD access = (info & PARTS & ~sacl ? READ_CONTROL : 0) | (sacl ? ACCESS_SYSTEM_SECURITY : 0);
    auto_path path = { 0 };
    DWORD error = check_wanted(&wanted);

    if (!error)
        error = enter(handle, type, access, &path);
    return error ? error : hand_out(&path, info, &wanted);
}

DWORD WINAPI SetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION info,
                             PSID owner, PSID group, PACL dacl, PACL sacl)
{
    const struct sd_parts parts = given_parts(info, owner, group, dacl, sacl);
    auto_path path;
    DWORD access = 0;

    access |= info & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION) ? WRITE_OWNER : 0;
    access |= info & DACL_SECURITY_INFORMATION ? WRITE_DAC : 0;
    access |= info & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0;
    DWORD error = enter(handle, type, access, &path);
    return error ? error : write_parts(&path, info & PARTS, &parts);
}
