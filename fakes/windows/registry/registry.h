/* SPDX-License-Identifier: MIT */
/* The registry of a world: made when somebody first asks, with what every Windows has for backups
 * (usual_keys.c), kept in memory, gone with the world (and its last open key). Functions for the
 * rest of the library by full path; what Windows programs call is in the other files of this
 * folder. Full paths begin with the name of a predefined key, long or short
 * ("HKEY_LOCAL_MACHINE\SOFTWARE", "HKCR\CLSID\{...}"); names are UTF-8 and found in any case.
 * Results are Win32 codes. Any thread, no lock held. */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reg_key;
struct registry;
struct world_ports;

/* The calling thread's world's. Never NULL. */
struct registry *registry_current(void);
struct registry *registry_of(struct world_ports *ports);
/* Whether it has been asked for yet; until then it would be what it is at first. */
bool registry_is_made(struct world_ports *ports);
/* For the end of a world. NULL does nothing. */
void registry_unref(struct registry *registry);

/* A value as text (REG_SZ, or REG_EXPAND_SZ with its variables replaced); name NULL or "": the
 * default value. The caller frees; NULL: no such key or value, or no text. */
char *registry_read_text(struct registry *registry, const char *path, const char *name);
/* Makes the key where it is missing. */
DWORD registry_write_text(struct registry *registry, const char *path, const char *name,
                          const char *text);
/* Texts of values are UTF-16 with their zero. *ret_data (the caller frees) may be NULL. */
DWORD registry_read(struct registry *registry, const char *path, const char *name,
                    uint32_t *ret_type, void **ret_data, size_t *ret_size);
DWORD registry_write(struct registry *registry, const char *path, const char *name, uint32_t type,
                     const void *data, size_t size);
bool registry_has_key(struct registry *registry, const char *path);
DWORD registry_add_key(struct registry *registry, const char *path);
DWORD registry_delete_tree(struct registry *registry, const char *path);
DWORD registry_delete_value(struct registry *registry, const char *path, const char *name);
/* The name of subkey `index`; the caller frees; NULL: there are not so many, or no such key. */
char *registry_subkey(struct registry *registry, const char *path, size_t index);
/* The same of value `index`. */
char *registry_value_name(struct registry *registry, const char *path, size_t index);

/* Takes over what a .reg text or file says; false: *ret_error says where and what (the caller
 * frees), and what stood before that has been taken over. */
bool registry_load_text(struct registry *registry, const void *bytes, size_t size, const char *name,
                        char **ret_error);
bool registry_load_file(struct registry *registry, const char *path, char **ret_error);
/* All of HKEY_LOCAL_MACHINE and HKEY_USERS in the same format, UTF-8; the caller frees. */
char *registry_text(struct registry *registry);
/* Negative errno. */
int registry_save_file(struct registry *registry, const char *path);

/* The world plays another version: what the registry tells of it changes. */
void registry_set_windows(struct registry *registry, const char *windows);

/* ---- for the files of this folder ---- */

enum registry_walk {
    REGISTRY_OPEN = 0,
    REGISTRY_CREATE = 1,   /* what is missing is made */
    REGISTRY_VOLATILE = 2, /* as volatile keys */
    REGISTRY_LINK = 4,     /* the last key itself, be it a link or not; created as one */
    REGISTRY_WOW64_32 = 8, /* the view of 32-bit programs */
};

/* With the lock held from here on. */
void registry_lock(void);
void registry_unlock(void);
struct registry *registry_ref(struct registry *registry);
/* The key of a predefined handle; NULL: it is none. */
struct reg_key *registry_predefined(struct registry *registry, HKEY key);
/* From a key down a path. *ret_key is no new reference. *ret_made (may be NULL): the last key was
 * made. */
DWORD registry_walk(struct registry *registry, struct reg_key *from, const char *path,
                    unsigned flags, struct reg_key **ret_key, bool *ret_made);
/* A key with all below in the same format, under this name. The caller frees. */
char *registry_tree_text(const struct reg_key *key, const char *name);
/* FILETIME of the calling thread's world. */
int64_t registry_now(void);
/* For usual_keys.c: puts the keys of every Windows into a fresh registry. `windows`: the version as
 * --windows names it, NULL: the newest. */
void registry_add_usual_keys(struct registry *registry, const char *windows);
