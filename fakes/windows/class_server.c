/* SPDX-License-Identifier: MIT */
/* In-process servers: shared objects that export DllGetClassObject, DllCanUnloadNow,
 * DllRegisterServer (Learn: "DLL Server Responsibilities"). Which one serves a class says a table
 * here, for what the launcher was told, and then the registry,
 * HKEY_CLASSES_ROOT\CLSID\{...}\InprocServer32. */
#include "fakes/windows/classes.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/guid.h"
#include "fakes/windows/registry/registry.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLASSES "HKEY_CLASSES_ROOT\\CLSID"

struct server {
    char *path;
    HMODULE module;
    HRESULT(WINAPI *get_class_object)(REFCLSID class_id, REFIID iid, void **ret_object);
    HRESULT(WINAPI *can_unload_now)(void);
    class_catcher *catcher;
};

struct place {
    CLSID class_id;
    char *path;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ARRAY(struct place) places;
static ARRAY(struct server) servers; /* those that are loaded */
static _Thread_local char error_text[512];

const char *class_server_error(void)
{
    return error_text;
}

/* ---- which DLL ---- */

void class_server_add(const CLSID *class_id, const char *path)
{
    pthread_mutex_lock(&lock);
    for (size_t i = places.count; i-- > 0;) {
        if (guid_is_equal(&places.items[i].class_id, class_id)) {
            free(places.items[i].path);
            array_remove(&places, i);
        }
    }
    if (path)
        array_add(&places, ((struct place){ *class_id, mem_strdup(path) }));
    if (!places.count)
        array_free(&places);
    pthread_mutex_unlock(&lock);
}

/* The caller frees; NULL: none. */
static char *path_of_class(REFCLSID class_id)
{
    char *path = NULL;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < places.count && !path; i++) {
        if (guid_is_equal(&places.items[i].class_id, class_id))
            path = mem_strdup(places.items[i].path);
    }
    pthread_mutex_unlock(&lock);
    if (path)
        return path;
    auto_free char *key = str_printf(CLASSES "\\{%s}\\InprocServer32", GUID_TEXT(class_id));

    return registry_read_text(registry_current(), key, NULL);
}

unsigned class_server_classes(const char *path, CLSID *ret_class_id)
{
    struct registry *registry = registry_current();
    unsigned n = 0;

    for (size_t i = 0;; i++) {
        auto_free char *name = registry_subkey(registry, CLASSES, i);
        auto_free char *key = str_printf(CLASSES "\\%s\\InprocServer32", name ? name : "");
        auto_free char *server = name ? registry_read_text(registry, key, NULL) : NULL;
        CLSID class_id;

        if (!name)
            return n;
        if (server && str_is_equal(server, path) && guid_from_text(name, &class_id)) {
            *ret_class_id = class_id;
            n++;
        }
    }
}

/* ---- loading ---- */

/* The program's own, where it is C++ and includes vsprov.h. */
extern HRESULT vssemu_call_catching(HRESULT (*function)(void *), void *arg) __attribute__((weak));

class_catcher *class_server_catcher(void)
{
    class_catcher *catcher = vssemu_call_catching;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < servers.count && !catcher; i++)
        catcher = servers.items[i].catcher;
    pthread_mutex_unlock(&lock);
    return catcher;
}

static HMODULE load(const char *path)
{
    HMODULE module = LoadLibraryExA(path, NULL, 0);

    if (!module) {
        const char *why = dlerror();

        snprintf(error_text, sizeof(error_text), "%s", why ? why : "it cannot be loaded");
    }
    return module;
}

static void *address_of(HMODULE module, const char *name)
{
    return (void *)(uintptr_t)GetProcAddress(module, name);
}

static HRESULT find_server(const char *path, struct server *ret_server)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < servers.count; i++) {
        if (str_is_equal(servers.items[i].path, path)) {
            *ret_server = servers.items[i];
            pthread_mutex_unlock(&lock);
            return S_OK;
        }
    }
    pthread_mutex_unlock(&lock);
    HMODULE module = load(path); /* runs the DLL's own code: under no lock */

    if (!module)
        return CO_E_DLLNOTFOUND;
    struct server server = { .path = mem_strdup(path), .module = module };

    *(void **)&server.get_class_object = address_of(module, "DllGetClassObject");
    *(void **)&server.can_unload_now = address_of(module, "DllCanUnloadNow");
    *(void **)&server.catcher = address_of(module, "vssemu_call_catching");
    if (!server.get_class_object) {
        snprintf(error_text, sizeof(error_text), "it does not export DllGetClassObject");
        free(server.path);
        FreeLibrary(module);
        return CO_E_ERRORINDLL;
    }
    pthread_mutex_lock(&lock);
    array_add(&servers, server);
    pthread_mutex_unlock(&lock);
    *ret_server = server;
    return S_OK;
}

HRESULT class_server_get(REFCLSID class_id, REFIID iid, void **ret_object)
{
    auto_free char *path = path_of_class(class_id);
    struct server server;

    error_text[0] = 0;
    if (!path)
        return REGDB_E_CLASSNOTREG;
    HRESULT hr = find_server(path, &server);

    if (FAILED(hr)) {
        fprintf(stderr, "vssemu: the class {%s} is served by %s: %s\n", GUID_TEXT(class_id), path,
                error_text);
        return hr;
    }
    return server.get_class_object(class_id, iid, ret_object);
}

/* A server whose module nobody holds any more; false: there is none. Asks it under no lock. */
static bool take_unused(struct server *ret_server)
{
    ARRAY(struct server) all = { 0 };
    bool is_found = false;

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < servers.count; i++)
        array_add(&all, servers.items[i]);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < all.count && !is_found; i++) {
        *ret_server = all.items[i];
        if (!ret_server->can_unload_now || ret_server->can_unload_now() != S_OK)
            continue;
        pthread_mutex_lock(&lock);
        for (size_t k = 0; k < servers.count && !is_found; k++) {
            is_found = servers.items[k].path == ret_server->path;
            if (is_found)
                array_remove(&servers, k);
        }
        if (!servers.count)
            array_free(&servers);
        pthread_mutex_unlock(&lock);
    }
    array_free(&all);
    return is_found;
}

void class_server_free_unused(void)
{
    struct server server;

    while (take_unused(&server)) {
        FreeLibrary(server.module);
        free(server.path);
    }
}

HRESULT class_server_register(const char *path, bool *ret_has_it)
{
    HMODULE module = load(path);
    HRESULT(WINAPI * register_server)(void) = NULL;

    *ret_has_it = false;
    if (!module)
        return CO_E_DLLNOTFOUND;
    *(void **)&register_server = address_of(module, "DllRegisterServer");
    *ret_has_it = register_server != NULL;
    HRESULT hr = register_server ? register_server() : S_OK;

    FreeLibrary(module);
    return hr;
}
