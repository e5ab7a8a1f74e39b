/* SPDX-License-Identifier: MIT */
/* Descriptors as text and back (Learn: "Security Descriptor String Format", "ACE Strings", "SID
 * Strings"). Entries of objects, with conditions or attributes are ERROR_INVALID_ACL. */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/registry/places.h"
#include "fakes/windows/security/accounts.h"
#include "fakes/windows/security/parts.h"

#include <ctype.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>

struct word {
    const char *text;
    DWORD value;
};

static const struct word types[] = {
    { "A", ACCESS_ALLOWED_ACE_TYPE },
    { "D", ACCESS_DENIED_ACE_TYPE },
    { "AU", SYSTEM_AUDIT_ACE_TYPE },
    { NULL, 0 },
};

static const struct word flags[] = {
    { "OI", OBJECT_INHERIT_ACE },
    { "CI", CONTAINER_INHERIT_ACE },
    { "NP", NO_PROPAGATE_INHERIT_ACE },
    { "IO", INHERIT_ONLY_ACE },
    { "ID", INHERITED_ACE },
    { "SA", SUCCESSFUL_ACCESS_ACE_FLAG },
    { "FA", FAILED_ACCESS_ACE_FLAG },
    { NULL, 0 },
};

/* Those of one bit, then the usual sets, which a text may hold besides others. */
static const struct word rights[] = {
    { "GA", GENERIC_ALL },
    { "GR", GENERIC_READ },
    { "GW", GENERIC_WRITE },
    { "GX", GENERIC_EXECUTE },
    { "RC", READ_CONTROL },
    { "SD", DELETE },
    { "WD", WRITE_DAC },
    { "WO", WRITE_OWNER },
    { "CC", 1 << 0 },
    { "DC", 1 << 1 },
    { "LC", 1 << 2 },
    { "SW", 1 << 3 },
    { "RP", 1 << 4 },
    { "WP", 1 << 5 },
    { "DT", 1 << 6 },
    { "LO", 1 << 7 },
    { "CR", 1 << 8 },
    { "FA", FILE_ALL_ACCESS },
    { "FR", FILE_GENERIC_READ },
    { "FW", FILE_GENERIC_WRITE },
    { "FX", FILE_GENERIC_EXECUTE },
    { "KA", KEY_ALL_ACCESS },
    { "KR", KEY_READ },
    { "KW", KEY_WRITE },
    { NULL, 0 },
};

static const struct word controls[] = {
    { "P", SE_DACL_PROTECTED },
    { "AR", SE_DACL_AUTO_INHERIT_REQ },
    { "AI", SE_DACL_AUTO_INHERITED },
    { NULL, 0 },
};
#define SACL_SHIFT 1 /* the bits of a SACL are those of a DACL, moved by one */

static const struct sid_word {
    const char *text, *sid;
} sids[] = {
    { "AN", "S-1-5-7" },         { "AO", "S-1-5-32-548" }, { "AU", "S-1-5-11" },
    { "BA", "S-1-5-32-544" },    { "BG", "S-1-5-32-546" }, { "BO", "S-1-5-32-551" },
    { "BU", "S-1-5-32-545" },    { "CG", "S-1-3-1" },      { "CO", "S-1-3-0" },
    { "ED", "S-1-5-9" },         { "HI", "S-1-16-12288" }, { "IU", "S-1-5-4" },
    { "LA", REGISTRY_USER_SID }, { "LS", "S-1-5-19" },     { "LW", "S-1-16-4096" },
    { "ME", "S-1-16-8192" },     { "NO", "S-1-5-32-556" }, { "NS", "S-1-5-20" },
    { "NU", "S-1-5-2" },         { "OW", "S-1-3-4" },      { "PO", "S-1-5-32-550" },
    { "PS", "S-1-5-10" },        { "PU", "S-1-5-32-547" }, { "RC", "S-1-5-12" },
    { "RD", "S-1-5-32-555" },    { "RE", "S-1-5-32-552" }, { "RU", "S-1-5-32-554" },
    { "SI", "S-1-16-16384" },    { "SO", "S-1-5-32-549" }, { "SU", "S-1-5-6" },
    { "SY", "S-1-5-18" },        { "WD", "S-1-1-0" },
};
#define N_SIDS (sizeof(sids) / sizeof(sids[0]))

/* ---- from text ---- */

/* Moves *at behind the first word of the table that stands there; NULL: none does. */
static const struct word *take_word(const struct word *words, const char **at)
{
    for (; words->text; words++) {
        size_t length = strlen(words->text);
        if (strncasecmp(*at, words->text, length) == 0) {
            *at += length;
            return words;
        }
    }
    return NULL;
}

static void skip_spaces(const char **at)
{
    *at += strspn(*at, " ");
}

/* All words up to `end`, added up. */
static bool take_words(const struct word *words, const char **at, char end, DWORD *ret_value)
{
    *ret_value = 0;
    while (**at != end) {
        const struct word *word = take_word(words, at);
        if (!word)
            return false;
        *ret_value |= word->value;
    }
    return true;
}

/* A SID as S-1-... or two letters; *at moves behind it. */
static bool take_sid(const char **at, SID *ret_sid)
{
    const char *start = *at;

    if ((start[0] | 32) == 's' && start[1] == '-') {
        size_t n = 2 + strspn(start + 2, "0123456789-xXabcdefABCDEF");
        n -= start[n] == ':' ? 1 : 0; /* the D of "D:" is a digit, too */
        auto_free char *text = str_printf("%.*s", (int)n, start);
        *at += n;
        return sid_from_text(text, ret_sid);
    }
    for (size_t i = 0; i < N_SIDS; i++) {
        if (strncasecmp(start, sids[i].text, 2) == 0) {
            *at += 2;
            return sid_from_text(sids[i].sid, ret_sid);
        }
    }
    return false;
}

static bool take_mask(const char **at, DWORD *ret_mask)
{
    char *end;

    skip_spaces(at);
    if (!isdigit((unsigned char)**at))
        return take_words(rights, at, ';', ret_mask);
    *ret_mask = (DWORD)strtoul(*at, &end, 0);
    *at = end;
    return **at == ';';
}

static bool skip(const char **at, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

/* "(A;OICI;FA;;;BA)" becomes an entry behind the others. */
static DWORD take_entry(const char **at, struct str *list)
{
    struct {
        ACE_HEADER header;
        DWORD mask;
        BYTE sid[ACCOUNT_SID_SIZE];
    } ace = { 0 };
    const char *type_end = strchr(*at, ';');
    DWORD flag_bits;

    const struct word *type = NULL;

    skip_spaces(at);
    for (const struct word *t = types; type_end && t->text && !type; t++) {
        if (strlen(t->text) == (size_t)(type_end - *at) &&
            strncasecmp(t->text, *at, (size_t)(type_end - *at)) == 0)
            type = t;
    }
    if (!type)
        return RPC_S_INVALID_STRING_UUID; /* as Wine: the page names no code */
    *at = type_end + 1;
    skip_spaces(at);
    if (!take_words(flags, at, ';', &flag_bits) || !skip(at, ";") || !take_mask(at, &ace.mask) ||
        !skip(at, ";;;"))
        return ERROR_INVALID_ACL;
    if (!take_sid(at, (SID *)ace.sid) || !skip(at, ")"))
        return ERROR_INVALID_ACL;
    size_t size = sizeof(ace.header) + sizeof(ace.mask) + GetLengthSid(ace.sid);
    ace.header = (ACE_HEADER){ (BYTE)type->value, (BYTE)flag_bits, (WORD)size };
    str_add_bytes(list, (const char *)&ace, size);
    return ERROR_SUCCESS;
}

/* The caller frees; *ret_acl stays NULL for NO_ACCESS_CONTROL. */
static DWORD take_acl(const char **at, DWORD *ret_control, ACL **ret_acl)
{
    const struct word *word;
    struct str list = { 0 };
    ACL head = { .AclRevision = ACL_REVISION };
    DWORD error = ERROR_SUCCESS;

    *ret_control = SE_DACL_PRESENT;
    if (skip(at, "NO_ACCESS_CONTROL"))
        return ERROR_SUCCESS;
    while ((word = take_word(controls, at)))
        *ret_control |= word->value;
    str_add_bytes(&list, (const char *)&head, sizeof(head));
    while (!error && skip(at, "(")) {
        error = take_entry(at, &list);
        head.AceCount++;
    }
    if (!error && list.length > 0xFFFF)
        error = ERROR_INVALID_ACL;
    head.AclSize = (WORD)list.length;
    memcpy(list.text, &head, sizeof(head));
    *ret_acl = (ACL *)str_take(&list);
    return error;
}

struct sd_text {
    struct sd_parts parts;
    BYTE owner[ACCOUNT_SID_SIZE], group[ACCOUNT_SID_SIZE];
    ACL *dacl, *sacl;
};

static DWORD take_part(const char **at, struct sd_text *sd)
{
    char what = (char)toupper((unsigned char)**at);
    DWORD error, control = 0;

    if (!what || (*at)[1] != ':')
        return ERROR_INVALID_PARAMETER;
    *at += 2;
    if ((what == 'O' && !sd->parts.owner) || (what == 'G' && !sd->parts.group)) {
        SID *sid = (SID *)(what == 'O' ? sd->owner : sd->group);
        *(what == 'O' ? &sd->parts.owner : &sd->parts.group) = sid;
        return take_sid(at, sid) ? ERROR_SUCCESS : ERROR_INVALID_SID;
    }
    if (what == 'D' && !(sd->parts.control & SE_DACL_PRESENT)) {
        error = take_acl(at, &control, &sd->dacl);
        sd->parts.dacl = sd->dacl;
    } else if (what == 'S' && !(sd->parts.control & SE_SACL_PRESENT)) {
        error = take_acl(at, &control, &sd->sacl);
        sd->parts.sacl = sd->sacl;
        control <<= SACL_SHIFT;
        /* present is moved by two */
        control = (control & ~(DWORD)(SE_DACL_PRESENT << SACL_SHIFT)) | SE_SACL_PRESENT;
    } else {
        return ERROR_INVALID_PARAMETER;
    }
    sd->parts.control |= (WORD)control;
    return error;
}

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorA(
    LPCSTR text, DWORD revision, PSECURITY_DESCRIPTOR *ret_descriptor, PULONG ret_size)
{
    struct sd_text sd = { 0 };
    DWORD error = ERROR_SUCCESS;

    if (!text || !ret_descriptor)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (revision != SDDL_REVISION_1)
        return win_fail(ERROR_UNKNOWN_REVISION);
    while (!error && *text)
        error = take_part(&text, &sd);
    if (!error) {
        size_t size = sd_relative_size(&sd.parts);
        *ret_descriptor = LocalAlloc(LMEM_ZEROINIT, size);
        sd_put_relative(&sd.parts, *ret_descriptor);
        if (ret_size)
            *ret_size = (ULONG)size;
    }
    free(sd.dacl);
    free(sd.sacl);
    return error ? win_fail(error) : TRUE;
}

BOOL WINAPI ConvertStringSecurityDescriptorToSecurityDescriptorW(
    LPCWSTR text, DWORD revision, PSECURITY_DESCRIPTOR *ret_descriptor, PULONG ret_size)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)text);

    return ConvertStringSecurityDescriptorToSecurityDescriptorA(utf8, revision, ret_descriptor,
                                                                ret_size);
}

/* ---- to text ---- */

static void add_words(struct str *out, const struct word *words, DWORD value)
{
    for (; words->text; words++) {
        if (value & words->value)
            str_add(out, words->text);
    }
}

static void add_sid(struct str *out, const SID *sid)
{
    auto_free char *text = sid_to_text((PSID)(UINT_PTR)sid);
    const char *word = text;

    for (size_t i = 0; i < N_SIDS; i++) {
        if (str_is_equal(sids[i].sid, text))
            word = sids[i].text;
    }
    str_add(out, word);
}

/* One word, words of one bit each from the lowest, or a number. */
static void add_mask(struct str *out, DWORD mask)
{
    struct str words = { 0 };
    DWORD named = 0;

    for (const struct word *w = rights; w->text; w++) {
        if (w->value == mask) {
            str_add(out, w->text);
            return;
        }
    }
    for (int bit = 0; bit < 32; bit++) {
        for (const struct word *w = rights; w->text; w++) {
            if (w->value == UINT32_C(1) << bit && mask & w->value) {
                str_add(&words, w->text);
                named |= w->value;
            }
        }
    }
    if (named == mask)
        str_add(out, words.text ? words.text : "");
    else
        str_addf(out, "0x%x", (unsigned)mask);
    str_free(&words);
}

static DWORD add_acl(struct str *out, const ACL *acl, DWORD control)
{
    PACL list = (PACL)(UINT_PTR)acl;

    if (!acl) {
        str_add(out, "NO_ACCESS_CONTROL");
        return ERROR_SUCCESS;
    }
    add_words(out, controls, control);
    if (!IsValidAcl(list))
        return ERROR_INVALID_ACL;
    for (DWORD i = 0; i < acl->AceCount; i++) {
        LPVOID entry;
        GetAce(list, i, &entry);
        ACCESS_ALLOWED_ACE *ace = entry;
        if (ace->Header.AceType > SYSTEM_AUDIT_ACE_TYPE)
            return ERROR_INVALID_ACL;
        str_addf(out, "(%s;", types[ace->Header.AceType].text);
        add_words(out, flags, ace->Header.AceFlags);
        str_add(out, ";");
        add_mask(out, ace->Mask);
        str_add(out, ";;;");
        add_sid(out, (const SID *)&ace->SidStart);
        str_add(out, ")");
    }
    return ERROR_SUCCESS;
}

/* The caller frees *ret_text. */
static DWORD to_text(PSECURITY_DESCRIPTOR descriptor, DWORD revision, SECURITY_INFORMATION info,
                     char **ret_text)
{
    struct str out = { 0 };
    DWORD error = ERROR_SUCCESS;

    *ret_text = NULL;
    if (revision != SDDL_REVISION_1)
        return ERROR_UNKNOWN_REVISION;
    if (!IsValidSecurityDescriptor(descriptor))
        return ERROR_INVALID_SECURITY_DESCR;
    struct sd_parts parts = sd_parts_of(descriptor);
    str_add(&out, "");
    if (info & OWNER_SECURITY_INFORMATION && parts.owner) {
        str_add(&out, "O:");
        add_sid(&out, parts.owner);
    }
    if (info & GROUP_SECURITY_INFORMATION && parts.group) {
        str_add(&out, "G:");
        add_sid(&out, parts.group);
    }
    if (info & DACL_SECURITY_INFORMATION && parts.control & SE_DACL_PRESENT) {
        str_add(&out, "D:");
        error = add_acl(&out, parts.dacl, parts.control);
    }
    if (!error && info & SACL_SECURITY_INFORMATION && parts.control & SE_SACL_PRESENT) {
        str_add(&out, "S:");
        error = add_acl(&out, parts.sacl, (DWORD)parts.control >> SACL_SHIFT);
    }
    *ret_text = str_take(&out);
    return error;
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorW(PSECURITY_DESCRIPTOR descriptor,
                                                                 DWORD revision,
                                                                 SECURITY_INFORMATION info,
                                                                 LPWSTR *ret_text, PULONG ret_size)
{
    auto_free char *text = NULL;
    DWORD error = to_text(descriptor, revision, info, &text);

    if (error)
        return win_fail(error);
    size_t size = strlen(text) + 1; /* it is ASCII */
    *ret_text = LocalAlloc(LMEM_FIXED, size * sizeof(WCHAR));
    utf16_put((uint16_t *)*ret_text, text);
    if (ret_size)
        *ret_size = (ULONG)size;
    return TRUE;
}

BOOL WINAPI ConvertSecurityDescriptorToStringSecurityDescriptorA(PSECURITY_DESCRIPTOR descriptor,
                                                                 DWORD revision,
                                                                 SECURITY_INFORMATION info,
                                                                 LPSTR *ret_text, PULONG ret_size)
{
    auto_free char *text = NULL;
    DWORD error = to_text(descriptor, revision, info, &text);

    if (error)
        return win_fail(error);
    size_t size = strlen(text) + 1;
    *ret_text = LocalAlloc(LMEM_FIXED, size);
    memcpy(*ret_text, text, size);
    if (ret_size)
        *ret_size = (ULONG)size;
    return TRUE;
}
