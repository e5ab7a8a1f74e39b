/* SPDX-License-Identifier: MIT */
/* COM as a client sees it: what others add to it. */
#pragma once

#include "emu/include/vssemu_types.h"

/* Makes CoCreateInstance answer for a class. create makes an object and answers its interface. An
 * earlier entry of the same class is replaced; create NULL takes it out. */
void com_register_class(const CLSID *clsid, HRESULT (*create)(REFIID iid, void **ret_object));
