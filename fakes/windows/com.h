/* SPDX-License-Identifier: MIT */
/* COM as a client sees it: what others add to it. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>

/* Makes CoCreateInstance answer for a class. create makes an object and answers its interface. An
 * earlier entry of the same class is replaced; create NULL takes it out. */
void com_register_class(const CLSID *clsid, HRESULT (*create)(REFIID iid, void **ret_object));

/* For those who watch the program: the calling thread is in an apartment; the process has called
 * CoInitializeSecurity. */
bool com_is_initialised(void);
bool com_has_security(void);
/* The calling thread becomes the first one of a process that has called nothing yet: for who runs
 * programs one after the other in this one. */
void com_begin_process(void);
