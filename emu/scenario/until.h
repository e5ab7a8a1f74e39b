/* SPDX-License-Identifier: MIT */
/* Where a step stops: an event ("Freeze"), somebody ("requester"), or both ("writer Sql:Freeze"),
 * with wildcards. */
#pragma once

/* What is wrong with the text, a sentence without a full stop: no event has such a name. NULL:
 * nothing. The caller frees. */
char *until_wrong(const char *until);
