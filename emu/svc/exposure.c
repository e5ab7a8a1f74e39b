/* SPDX-License-Identifier: MIT */
#include "emu/svc/exposure.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/enumerator.h"
#include "emu/port/exposure.h"
#include "emu/port/volume.h"
#include "emu/port/volume_device.h"
#include "emu/port/world.h"
#include "emu/proto/context_rules.h"
#include "emu/svc/service.h"
#include "emu/svc/snapshot_set.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct exposed_name {
    struct exposure listed;
    struct exposures *all;
    char *root, *folder, *share; /* what listed shows */
    char *name;                  /* as the requester is told */
    LONG attribute;              /* EXPOSED_LOCALLY or EXPOSED_REMOTELY */
};

#define EXPOSED_BITS (VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY | VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY)

void exposure_free(struct exposed_name *exposed)
{
    if (!exposed)
        return;
    if (exposed->all)
        exposures_remove(exposed->all, &exposed->listed);
    free(exposed->root);
    free(exposed->folder);
    free(exposed->share);
    free(exposed->name);
    free(exposed);
}

/* ---- folders of volumes, names in any case ---- */

struct name_search {
    const char *wanted;
    size_t length;
    char *found;
};

static int compare_name(void *arg, const char *name, const struct stat *st)
{
    struct name_search *search = arg;
    auto_free char *wanted = str_printf("%.*s", (int)search->length, search->wanted);

    (void)st;
    if (!str_is_equal_nocase(name, wanted))
        return 0;
    search->found = mem_strdup(name);
    return 1;
}

/* "dir\below" as it is written on the volume, "dir/below"; NULL: there is no such directory. */
static char *find_folder(struct volume *volume, unsigned view, const char *path)
{
    auto_str struct str done = { 0 };
    struct stat st;

    str_add(&done, "");
    while (*path) {
        struct name_search search = { path, strcspn(path, "\\/"), NULL };

        if (search.length &&
            volume->ops->list(volume, view, done.text ? done.text : "", compare_name, &search) < 1)
            return NULL;
        if (search.found)
            str_addf(&done, "%s%s", done.length ? "/" : "", search.found);
        free(search.found);
        path += search.length + (path[search.length] != 0);
    }
    if (volume->ops->stat(volume, view, done.text ? done.text : "", &st) || !S_ISDIR(st.st_mode))
        return NULL;
    return str_take(&done);
}

static int any_entry(void *arg, const char *name, const struct stat *st)
{
    (void)arg, (void)name, (void)st;
    return 1;
}

/* ---- names ---- */

static bool is_letter_free(struct service *service, char letter)
{
    bool is_free = true;

    for (size_t i = 0; i < service->ports->n_volumes; i++)
        is_free = is_free && toupper(service->ports->volumes[i]->letter) != letter;
    exposures_lock(&service->ports->exposures);
    for (struct exposure *e = service->ports->exposures.first; e; e = e->next)
        is_free = is_free && e->letter != letter;
    exposures_unlock(&service->ports->exposures);
    return is_free;
}

static bool is_share_free(struct service *service, const char *share)
{
    bool is_free = true;

    exposures_lock(&service->ports->exposures);
    for (struct exposure *e = service->ports->exposures.first; e; e = e->next)
        is_free = is_free && !(e->share && str_is_equal_nocase(e->share, share));
    exposures_unlock(&service->ports->exposures);
    return is_free;
}

static bool is_folder_free(struct service *service, const struct volume *host, const char *folder)
{
    bool is_free = true;

    exposures_lock(&service->ports->exposures);
    for (struct exposure *e = service->ports->exposures.first; e; e = e->next)
        is_free = is_free && !(e->host == host && str_is_equal_nocase(e->folder, folder));
    exposures_unlock(&service->ports->exposures);
    return is_free;
}

/* "X:" or "X:\". */
static bool is_drive_name(const char *name)
{
    return isalpha((unsigned char)name[0]) && name[1] == ':' &&
           (!name[2] || (name[2] == '\\' && !name[3]));
}

/* The folder must be empty, as for any volume that is mounted at one; it may itself lie on a volume
 * that is mounted. */
static HRESULT take_folder(struct service *service, const char *name, struct exposed_name *exposed)
{
    const char root[] = { name[0], ':', '\\', 0 };
    size_t length = 0;
    struct volume *host =
        name[0] && name[1] == ':' && name[2] == '\\' ? service_find_volume(service, root) : NULL;
    struct volume *mounted = host ? service_mounted_at(service, name, &length) : NULL;
    const char *rest = mounted ? name + length + (name[length] == '\\') : host ? name + 3 : NULL;
    host = mounted ? mounted : host;
    char *folder = host ? find_folder(host, VOLUME_ORIGIN, rest) : NULL;

    exposed->folder = folder;
    if (!folder || !*folder || host->ops->list(host, VOLUME_ORIGIN, folder, any_entry, NULL) != 0 ||
        !is_folder_free(service, host, folder))
        return E_INVALIDARG;
    exposed->listed.host = host;
    exposed->listed.folder = folder;
    exposed->name = str_printf("%s%s", name, name[strlen(name) - 1] == '\\' ? "" : "\\");
    return S_OK;
}

static HRESULT take_local_name(struct service *service, const char *name,
                               struct exposed_name *exposed)
{
    if (!is_drive_name(name))
        return take_folder(service, name, exposed);
    char letter = (char)toupper((unsigned char)name[0]);

    if (!is_letter_free(service, letter))
        return E_INVALIDARG;
    exposed->listed.letter = letter;
    exposed->name = str_printf("%c:\\", letter);
    return S_OK;
}

static HRESULT take_share_name(struct service *service, const struct snapshot *snapshot,
                               const char *name, struct exposed_name *exposed)
{
    const char *device = strrchr(snapshot->device ? snapshot->device : "", '\\');

    exposed->share = name && *name ? mem_strdup(name) : mem_strdup(device ? device + 1 : "Shadow");
    if (strpbrk(exposed->share, "\\/:*?\"<>|") || !is_share_free(service, exposed->share))
        return E_INVALIDARG;
    exposed->listed.share = exposed->share;
    exposed->name = mem_strdup(exposed->share);
    return S_OK;
}

/* ---- what may be exposed, and how ---- */

/* The device names the view: "...\HarddiskVolumeShadowCopy7". 0: another provider's device. */
static unsigned view_of(const struct snapshot *snapshot)
{
    static const char prefix[] = "HarddiskVolumeShadowCopy";
    const char *name = snapshot->device ? strstr(snapshot->device, prefix) : NULL;

    unsigned device = name ? (unsigned)strtoul(name + strlen(prefix), NULL, 10) : 0;

    return device ? volume_view_of(snapshot->volume, device) : 0;
}

static HRESULT check_kind(const struct snapshot *snapshot, LONG attributes, const char *root,
                          const char *name)
{
    bool is_local = attributes == VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY;

    if (!is_local && attributes != VSS_VOLSNAP_ATTR_EXPOSED_REMOTELY)
        return E_INVALIDARG;
    if (context_is_client_accessible(snapshot->context) ||
        (snapshot->context & VSS_VOLSNAP_ATTR_TRANSPORTABLE))
        return E_INVALIDARG;
    if (is_local && (root || !name || !*name || context_is_auto_release(snapshot->context)))
        return E_INVALIDARG;
    return snapshot->exposed ? VSS_E_BAD_STATE : S_OK;
}

static HRESULT tell_provider(struct service *service, struct snapshot *snapshot, LONG attribute,
                             const char *name, const char *path)
{
    struct provider *provider = snapshot->provider;
    const VSS_ID id = snapshot->id; /* it may go while its provider is asked */
    VSS_SNAPSHOT_PROP prop = { 0 };
    HRESULT hr = provider->link->properties(provider->link, &id, &prop);

    hr = provider_answered(service, provider, "GetSnapshotProperties", hr);
    if (FAILED(hr))
        return hr;
    LONG attributes = (prop.m_lSnapshotAttributes & ~EXPOSED_BITS) | attribute;
    snapshot_prop_clear(&prop);
    hr = provider->link->set_text(provider->link, &id, VSS_SPROPID_EXPOSED_NAME, name);
    if (SUCCEEDED(hr))
        hr = provider->link->set_text(provider->link, &id, VSS_SPROPID_EXPOSED_PATH, path);
    if (SUCCEEDED(hr))
        hr = provider->link->set_attributes(provider->link, &id, attributes);
    hr = provider_answered(service, provider, "SetSnapshotProperty", hr);
    return SUCCEEDED(hr) && snapshot_find(service, &id) != snapshot ? VSS_E_OBJECT_NOT_FOUND : hr;
}

static HRESULT take_root(const struct snapshot *snapshot, const char *root,
                         struct exposed_name *exposed)
{
    exposed->listed.volume = snapshot->volume;
    exposed->listed.view = view_of(snapshot);
    exposed->root = exposed->listed.view
                        ? find_folder(snapshot->volume, exposed->listed.view, root ? root : "")
                        : mem_strdup("");
    exposed->listed.root = exposed->root;
    return exposed->root ? S_OK : E_INVALIDARG;
}

static HRESULT take_names(struct service *service, const struct snapshot *snapshot,
                          const char *root, const char *name, struct exposed_name *exposed)
{
    HRESULT hr = take_root(snapshot, root, exposed);

    if (FAILED(hr))
        return hr;
    return exposed->attribute == VSS_VOLSNAP_ATTR_EXPOSED_LOCALLY
               ? take_local_name(service, name, exposed)
               : take_share_name(service, snapshot, name, exposed);
}

static void show(struct service *service, struct snapshot *snapshot, struct exposed_name *exposed)
{
    if (exposed->listed.view) {
        exposed->all = &service->ports->exposures;
        exposures_add(exposed->all, &exposed->listed);
    }
    snapshot->exposed = exposed;
}

HRESULT exposure_make(struct service *service, struct snapshot *snapshot, LONG attributes,
                      const char *root, const char *name, char **ret_name)
{
    HRESULT hr = check_kind(snapshot, attributes, root, name);

    if (FAILED(hr))
        return hr;
    struct exposed_name *exposed = mem_new(struct exposed_name);

    exposed->attribute = attributes;
    hr = take_names(service, snapshot, root, name, exposed);
    if (SUCCEEDED(hr))
        hr = tell_provider(service, snapshot, attributes, exposed->name, root);
    if (FAILED(hr)) {
        exposure_free(exposed);
        return hr;
    }
    show(service, snapshot, exposed);
    *ret_name = mem_strdup(exposed->name);
    return S_OK;
}

void exposure_restore(struct service *service, struct snapshot *snapshot, LONG attributes,
                      const char *root, const char *name)
{
    struct exposed_name *exposed = mem_new(struct exposed_name);

    exposed->attribute = attributes & EXPOSED_BITS;
    if (SUCCEEDED(take_names(service, snapshot, root, name, exposed))) {
        show(service, snapshot, exposed);
        return;
    }
    exposure_free(exposed);
    tell_provider(service, snapshot, 0, NULL, NULL);
}

HRESULT exposure_end(struct service *service, struct snapshot *snapshot)
{
    if (!snapshot->exposed)
        return VSS_E_OBJECT_NOT_FOUND;
    HRESULT hr = tell_provider(service, snapshot, 0, NULL, NULL);

    if (FAILED(hr))
        return hr;
    exposure_free(snapshot->exposed);
    snapshot->exposed = NULL;
    return S_OK;
}
