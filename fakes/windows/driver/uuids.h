/* SPDX-License-Identifier: MIT */
/* struct __declspec(uuid("...")) IThing: Microsoft's compiler keeps the identifier for __uuidof. In
 * preprocessed text the macro of dialect.h has left it as an attribute without effect; before each
 * such class a declaration is put that vssemu/uuidof.h finds by the class:
 *
 *   struct IThing; vssemu_guid<0x..., 0x...> vssemu_uuid_of(vssemu_class<IThing> *);
 *
 * Lines stay where they are. Learn: "uuid (C++)", "__uuidof operator". */
#pragma once

#include "emu/base/str.h"

/* Answers how many classes got their declaration. Left alone are templates, local classes, and
 * classes whose name is qualified. */
size_t uuids_declare(struct str *text);
