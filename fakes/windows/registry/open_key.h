/* SPDX-License-Identifier: MIT */
/* What the functions of winreg.h share: an HKEY as a program holds it, and texts in and out of
 * either width. */
#pragma once

#include "emu/include/vssemu_types.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/registry/hive.h"
#include "fakes/windows/registry/registry.h"

/* An HKEY during one call. */
struct open_key {
    struct object *object; /* of the handle; NULL: a predefined key */
    struct registry *registry;
    struct reg_key *key;
};

/* Takes the lock and finds the key: an error code (the lock is free again), or ERROR_SUCCESS and
 * open_key_put must follow. access: what the handle needs. Predefined keys have all. */
DWORD open_key_get(HKEY handle, REGSAM access, struct open_key *ret);
/* The same for a key that was deleted meanwhile, which others answer with ERROR_KEY_DELETED. */
DWORD open_key_get_any(HKEY handle, REGSAM access, struct open_key *ret);
void open_key_put(struct open_key *open);
/* A new handle of the key in open's registry. With the lock. */
HKEY open_key_new(struct open_key *open, struct reg_key *key, REGSAM access);

/* The key below hKey (NULL or "": itself) that a call of its own works on, opened as by
 * RegOpenKeyEx; open_key_put must follow. */
DWORD open_key_get_below(HKEY handle, const char *path, REGSAM wow64, struct open_key *ret);

/* REGISTRY_WOW64_32 or 0; *ret_error: both views at once are asked for. */
unsigned open_key_view(REGSAM access, DWORD *ret_error);

/* A name into a caller's buffer of *size characters, the zero counted; *size becomes the length
 * without it. ERROR_MORE_DATA: does not fit, *size stays. */
DWORD reg_fill_name(const char *name, void *buffer, DWORD *size, bool is_wide);
/* Characters of a name in either width, without the zero. */
DWORD reg_name_length(const char *name, bool is_wide);

static inline bool reg_is_text(DWORD type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}
/* Data as the caller sees them: texts in UTF-8 for the narrow functions (fresh memory, the caller
 * frees *ret_fresh), others as they are. */
const void *reg_data_out(DWORD type, const void *data, size_t size, bool is_wide, size_t *ret_size,
                         void **ret_fresh);
/* Narrow texts as UTF-16, zeros included; the caller frees. */
void *reg_data_in(const void *data, size_t size, size_t *ret_size);
