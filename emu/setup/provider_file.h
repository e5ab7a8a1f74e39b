/* SPDX-License-Identifier: MIT */
/* A provider in a shared object, for vssemu run --provider. */
#pragma once

#include <stdbool.h>

struct vssemu_world;

/* spec: PATH[,class={CLSID}][,id={GUID}][,name=NAME][,version=VERSION]. Its DllRegisterServer is
 * called, where it has one; if it does not register a provider itself (IVssAdmin), its class is
 * registered as one: the class that is named, or the only one that the registry has of it. In the
 * world of the calling thread, outside the service. False: *ret_error says what to do; the caller
 * frees. */
bool provider_file_register(struct vssemu_world *world, const char *spec, char **ret_error);
