/* SPDX-License-Identifier: MIT */
/* Classes that DLLs serve: which shared object a class lies in, and what it exports. */
#pragma once

#include "emu/port/classes.h"

#include <stdbool.h>

/* For emu/setup: the port. */
const struct classes *com_classes(void);

/* ---- class_server.c ---- */

/* The class comes from this shared object, whatever the registry says. NULL: no more. */
void class_server_add(const CLSID *class_id, const char *path);
/* The class object of the DLL that serves the class. REGDB_E_CLASSNOTREG: none does;
 * CO_E_DLLNOTFOUND: it cannot be loaded (standard error says why); CO_E_ERRORINDLL: it does not
 * export DllGetClassObject. */
HRESULT class_server_get(REFCLSID class_id, REFIID iid, void **ret_object);
/* Unloads those whose DllCanUnloadNow says so. */
void class_server_free_unused(void);
/* Calls DllRegisterServer of a shared object, where it has one. *ret_has_it tells. */
HRESULT class_server_register(const char *path, bool *ret_has_it);
/* How many classes the registry says that a path serves; *ret_class_id gets the last. */
unsigned class_server_classes(const char *path, CLSID *ret_class_id);
/* Why the last load failed, for people; "" when none did. */
const char *class_server_error(void);

/* What catches C++ exceptions, from the program or a DLL that includes vsprov.h; NULL: none has it,
 * so that nothing throws. */
typedef HRESULT class_catcher(HRESULT (*function)(void *arg), void *arg);
class_catcher *class_server_catcher(void);
