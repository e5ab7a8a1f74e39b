/* SPDX-License-Identifier: MIT */
#include "emu/proto/context_rules.h"

#include <stddef.h>

/* PERSISTENT, CLIENT_ACCESSIBLE, NO_AUTO_RELEASE, NO_WRITERS make up the base value. */
#define BASE_BITS 0x1D
#define MODIFIER_BITS                                                                          \
    (VSS_VOLSNAP_ATTR_NO_AUTORECOVERY | VSS_VOLSNAP_ATTR_TRANSPORTABLE |                       \
     VSS_VOLSNAP_ATTR_NOT_TRANSACTED | VSS_VOLSNAP_ATTR_DIFFERENTIAL | VSS_VOLSNAP_ATTR_PLEX | \
     VSS_VOLSNAP_ATTR_ROLLBACK_RECOVERY | VSS_VOLSNAP_ATTR_TXF_RECOVERY)

/* clang-format off */
static const struct context_row {
    LONG base;
    const char *name;
    bool is_client_accessible;
} context_rows[] = {
    { VSS_CTX_BACKUP,                    "VSS_CTX_BACKUP",                    false },
    { VSS_CTX_FILE_SHARE_BACKUP,         "VSS_CTX_FILE_SHARE_BACKUP",         false },
    { VSS_CTX_APP_ROLLBACK,              "VSS_CTX_APP_ROLLBACK",              false },
    { VSS_CTX_NAS_ROLLBACK,              "VSS_CTX_NAS_ROLLBACK",              false },
    { VSS_CTX_CLIENT_ACCESSIBLE,         "VSS_CTX_CLIENT_ACCESSIBLE",         true  },
    { VSS_CTX_CLIENT_ACCESSIBLE_WRITERS, "VSS_CTX_CLIENT_ACCESSIBLE_WRITERS", true  },
};
/* clang-format on */

static const struct context_row *find_context(LONG context)
{
    for (size_t i = 0; i < sizeof(context_rows) / sizeof(context_rows[0]); i++) {
        if (context_rows[i].base == (context & BASE_BITS))
            return &context_rows[i];
    }
    return NULL;
}

HRESULT context_rules_check(LONG context)
{
    const struct context_row *row = find_context(context);

    if (context == (LONG)VSS_CTX_ALL)
        return S_OK;
    if (context & ~(BASE_BITS | MODIFIER_BITS))
        return E_INVALIDARG;
    if (!row)
        return VSS_E_UNSUPPORTED_CONTEXT;
    if ((context & VSS_VOLSNAP_ATTR_DIFFERENTIAL) && (context & VSS_VOLSNAP_ATTR_PLEX))
        return E_INVALIDARG;
    if (row->is_client_accessible &&
        (context & (VSS_VOLSNAP_ATTR_TRANSPORTABLE | VSS_VOLSNAP_ATTR_PLEX)))
        return E_INVALIDARG;
    return S_OK;
}

bool context_has_writers(LONG context)
{
    return !(context & VSS_VOLSNAP_ATTR_NO_WRITERS);
}

bool context_is_auto_release(LONG context)
{
    return !(context & VSS_VOLSNAP_ATTR_NO_AUTO_RELEASE);
}

bool context_at(size_t i, LONG *ret_context)
{
    if (i >= sizeof(context_rows) / sizeof(context_rows[0]))
        return false;
    *ret_context = context_rows[i].base;
    return true;
}

bool context_is_client_accessible(LONG context)
{
    return context & VSS_VOLSNAP_ATTR_CLIENT_ACCESSIBLE;
}

bool context_sees(LONG of_session, LONG of_snapshot)
{
    return of_session == (LONG)VSS_CTX_ALL || ((of_session ^ of_snapshot) & BASE_BITS) == 0;
}

const char *context_name(LONG context)
{
    const struct context_row *row = find_context(context);

    if (context == (LONG)VSS_CTX_ALL)
        return "VSS_CTX_ALL";
    return row ? row->name : "no context";
}
