/* SPDX-License-Identifier: MIT */
/* GUIDs as text: 36 characters, lower case, no braces unless asked for. */
#pragma once

#include "emu/include/vss.h"

#include <stdbool.h>

struct random;

#define GUID_TEXT_SIZE 40

const char *guid_text(const GUID *guid, char buffer[GUID_TEXT_SIZE]); /* answers buffer */
bool guid_from_text(const char *text, GUID *ret_guid); /* with or without braces, any case */
bool guid_is_null(const GUID *guid);
bool guid_is_equal(const GUID *a, const GUID *b);
GUID guid_random(struct random *random); /* version 4, from the random port */

/* `GUID_TEXT(&id)` for one use inside an expression. */
#define GUID_TEXT(guid) guid_text((guid), (char[GUID_TEXT_SIZE]){ 0 })
