/* SPDX-License-Identifier: MIT */
/* The locales there are: English of the United States, which is everybody's default, and the
 * invariant one. */
#pragma once

#include "emu/include/vssemu_types.h"

struct locale_texts {
    LCID id;
    const char *name; /* "" for the invariant one */
    const char *short_date, *long_date, *year_month, *time;
};

/* NULL: there is no such locale. */
const struct locale_texts *locale_of_id(LCID id);
const struct locale_texts *locale_of_name(LPCWSTR name); /* NULL: the user's */
