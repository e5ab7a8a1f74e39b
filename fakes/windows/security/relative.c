/* SPDX-License-Identifier: MIT */
/* See parts.h; and the two forms of descriptors, one made from the other. */
#include "fakes/windows/security/parts.h"

#include "fakes/windows/last_error.h"

#include <string.h>

#define OWNER_BITS SE_OWNER_DEFAULTED
#define GROUP_BITS SE_GROUP_DEFAULTED
#define DACL_BITS                                                                              \
    (SE_DACL_PRESENT | SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERIT_REQ | SE_DACL_AUTO_INHERITED | \
     SE_DACL_PROTECTED)
#define SACL_BITS                                                                              \
    (SE_SACL_PRESENT | SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERIT_REQ | SE_SACL_AUTO_INHERITED | \
     SE_SACL_PROTECTED)

struct sd_parts sd_parts_of(const void *descriptor)
{
    PSECURITY_DESCRIPTOR sd = (PSECURITY_DESCRIPTOR)(UINT_PTR)descriptor;
    struct sd_parts parts = { .control = ((const SECURITY_DESCRIPTOR *)descriptor)->Control };
    PSID owner, group;
    PACL dacl = NULL, sacl = NULL;
    BOOL flag;

    GetSecurityDescriptorOwner(sd, &owner, &flag);
    GetSecurityDescriptorGroup(sd, &group, &flag);
    GetSecurityDescriptorDacl(sd, &flag, &dacl, &flag);
    GetSecurityDescriptorSacl(sd, &flag, &sacl, &flag);
    parts.owner = owner;
    parts.group = group;
    parts.dacl = dacl;
    parts.sacl = sacl;
    return parts;
}

static bool is_sid_within(const char *bytes, DWORD at, size_t size)
{
    PSID sid = (PSID)(UINT_PTR)(bytes + at);

    if (!at)
        return true;
    return at <= size && size - at >= offsetof(SID, SubAuthority) && IsValidSid(sid) &&
           GetLengthSid(sid) <= size - at;
}

static bool is_acl_within(const char *bytes, DWORD at, size_t size)
{
    PACL acl = (PACL)(UINT_PTR)(bytes + at);

    if (!at)
        return true;
    return at <= size && size - at >= sizeof(ACL) && acl->AclSize <= size - at && IsValidAcl(acl);
}

bool sd_is_within(const void *descriptor, size_t size)
{
    SECURITY_DESCRIPTOR_RELATIVE head;

    if (size < sizeof(head))
        return false;
    memcpy(&head, descriptor, sizeof(head));
    return head.Revision == SECURITY_DESCRIPTOR_REVISION && head.Control & SE_SELF_RELATIVE &&
           is_sid_within(descriptor, head.Owner, size) &&
           is_sid_within(descriptor, head.Group, size) &&
           is_acl_within(descriptor, head.Sacl, size) && is_acl_within(descriptor, head.Dacl, size);
}

void sd_take(struct sd_parts *to, const struct sd_parts *from, SECURITY_INFORMATION info)
{
    WORD bits = 0;

    if (info & OWNER_SECURITY_INFORMATION) {
        bits |= OWNER_BITS;
        to->owner = from->owner;
    }
    if (info & GROUP_SECURITY_INFORMATION) {
        bits |= GROUP_BITS;
        to->group = from->group;
    }
    if (info & DACL_SECURITY_INFORMATION) {
        bits |= DACL_BITS;
        to->dacl = from->dacl;
    }
    if (info & SACL_SECURITY_INFORMATION) {
        bits |= SACL_BITS;
        to->sacl = from->sacl;
    }
    to->control = (WORD)((to->control & ~bits) | (from->control & bits));
}

static size_t sid_size(const SID *sid)
{
    return sid ? GetLengthSid((PSID)(UINT_PTR)sid) : 0;
}

static size_t acl_size(const ACL *acl)
{
    return acl ? acl->AclSize : 0;
}

size_t sd_relative_size(const struct sd_parts *parts)
{
    return sizeof(SECURITY_DESCRIPTOR_RELATIVE) + sid_size(parts->owner) + sid_size(parts->group) +
           acl_size(parts->sacl) + acl_size(parts->dacl);
}

static DWORD put(char *bytes, size_t *at, const void *part, size_t size)
{
    size_t place = *at;

    if (!part)
        return 0;
    memcpy(bytes + place, part, size);
    *at += size;
    return (DWORD)place;
}

void sd_put_relative(const struct sd_parts *parts, void *ret_descriptor)
{
    SECURITY_DESCRIPTOR_RELATIVE head = { .Revision = SECURITY_DESCRIPTOR_REVISION,
                                          .Control = parts->control | SE_SELF_RELATIVE };
    size_t at = sizeof(head);

    head.Owner = put(ret_descriptor, &at, parts->owner, sid_size(parts->owner));
    head.Group = put(ret_descriptor, &at, parts->group, sid_size(parts->group));
    head.Sacl = put(ret_descriptor, &at, parts->sacl, acl_size(parts->sacl));
    head.Dacl = put(ret_descriptor, &at, parts->dacl, acl_size(parts->dacl));
    memcpy(ret_descriptor, &head, sizeof(head));
}

/* Learn: "MakeSelfRelativeSD": *size becomes what is needed when it does not fit. One that is
 * self-relative already is copied, as Wine does. */
BOOL WINAPI MakeSelfRelativeSD(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR ret_relative,
                               LPDWORD size)
{
    if (!IsValidSecurityDescriptor(absolute))
        return win_fail(ERROR_INVALID_SECURITY_DESCR);
    struct sd_parts parts = sd_parts_of(absolute);
    DWORD needed = (DWORD)sd_relative_size(&parts), given = *size;
    *size = needed;
    if (given < needed)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    sd_put_relative(&parts, ret_relative);
    return TRUE;
}

static bool fits(LPDWORD size, size_t needed)
{
    bool is_enough = *size >= needed;

    *size = (DWORD)needed;
    return is_enough;
}

static void *copy_to(void *buffer, const void *part, size_t size)
{
    return part ? memcpy(buffer, part, size) : NULL;
}

/* Learn: "MakeAbsoluteSD": every size becomes what is needed when one of them does not fit. */
BOOL WINAPI MakeAbsoluteSD(PSECURITY_DESCRIPTOR relative, PSECURITY_DESCRIPTOR ret_absolute,
                           LPDWORD size, PACL ret_dacl, LPDWORD dacl_size, PACL ret_sacl,
                           LPDWORD sacl_size, PSID ret_owner, LPDWORD owner_size, PSID ret_group,
                           LPDWORD group_size)
{
    SECURITY_DESCRIPTOR *to = ret_absolute;

    if (!IsValidSecurityDescriptor(relative))
        return win_fail(ERROR_INVALID_SECURITY_DESCR);
    struct sd_parts parts = sd_parts_of(relative);
    if (!(parts.control & SE_SELF_RELATIVE))
        return win_fail(ERROR_BAD_DESCRIPTOR_FORMAT);
    bool is_enough = fits(size, sizeof(*to));
    is_enough &= fits(dacl_size, acl_size(parts.dacl));
    is_enough &= fits(sacl_size, acl_size(parts.sacl));
    is_enough &= fits(owner_size, sid_size(parts.owner));
    is_enough &= fits(group_size, sid_size(parts.group));
    if (!is_enough)
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    *to = (SECURITY_DESCRIPTOR){
        .Revision = SECURITY_DESCRIPTOR_REVISION,
        .Control = (WORD)(parts.control & ~SE_SELF_RELATIVE),
        .Owner = copy_to(ret_owner, parts.owner, *owner_size),
        .Group = copy_to(ret_group, parts.group, *group_size),
        .Sacl = copy_to(ret_sacl, parts.sacl, *sacl_size),
        .Dacl = copy_to(ret_dacl, parts.dacl, *dacl_size),
    };
    return TRUE;
}
