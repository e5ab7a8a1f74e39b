/* SPDX-License-Identifier: MIT */
/* See stepper_look.h. Files are read through port volume, which serves reads whatever is held. */
#include "emu/setup/stepper_look.h"

#include "emu/base/cleanup.h"
#include "emu/com/guid.h"
#include "emu/com/hresult.h"
#include "emu/port/volume.h"
#include "emu/port/volume_device.h"
#include "emu/setup/world.h"
#include "emu/svc/backup.h"
#include "emu/svc/snapshot_set.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define DEVICE     "HarddiskVolumeShadowCopy"
#define FILE_LIMIT 65536 /* bytes of a file that are shown */

/* ---- states ---- */

static void add_backup(struct str *out, const struct backup *backup)
{
    str_addf(out, "  requester%s: %s", backup->number > 1 ? " of a further session" : "",
             backup_phase_name(backup->phase));
    if (backup->flags.is_pending)
        str_addf(out, ", %s runs", backup->operation->call);
    str_add(out, "\n");
    list_each (struct writer_session, session, &backup->sessions, link) {
        str_addf(out, "    %s: %s", session->writer->who,
                 writer_state_name(session->state) + strlen("VSS_WS_"));
        if (session->failure != S_OK)
            str_addf(out, ", %s", HRESULT_NAME(session->failure));
        if (session->current)
            str_addf(out, ", at %s", writer_event_name(session->current->event));
        str_add(out, "\n");
    }
}

static void add_snapshot(struct str *out, const struct snapshot *snapshot)
{
    const char *name = strstr(snapshot->device ? snapshot->device : "", DEVICE);

    str_addf(out, "  snapshot of %c: is %s", snapshot->volume->letter,
             name ? name : "not there yet");
    if (name && snapshot->volume->mount_path)
        str_addf(out, ", files in %s/.vss/%s", snapshot->volume->mount_path, name);
    str_add(out, "\n");
}

void stepper_look_states(struct vssemu_world *world, uint32_t held, struct str *out)
{
    struct service *service = &world->service;
    const struct backup *creating = service->creating;

    list_each (struct backup, backup, &service->backups, link)
        add_backup(out, backup);
    for (size_t i = 0; i < world->ports.n_volumes; i++) {
        const struct volume *volume = world->ports.volumes[i];

        if (!volume->letter)
            continue;
        str_addf(out, "  volume %c: %s", volume->letter,
                 held >> (volume->letter - 'A') & 1 ? "writes are held" : "writes go on");
        if (volume->mount_path)
            str_addf(out, ", files in %s", volume->mount_path);
        str_add(out, "\n");
    }
    for (size_t i = 0; creating && creating->set && i < creating->set->snapshots.count; i++)
        add_snapshot(out, creating->set->snapshots.items[i]);
    list_each (struct snapshot, snapshot, &service->snapshots, link)
        add_snapshot(out, snapshot);
}

/* ---- files ---- */

struct place {
    struct volume *volume;
    unsigned view;
    char *path; /* as port volume wants it */
};

static struct volume *volume_of_letter(struct vssemu_world *world, char letter)
{
    char upper = (char)(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);

    for (size_t i = 0; i < world->ports.n_volumes; i++) {
        if (world->ports.volumes[i]->letter == upper)
            return world->ports.volumes[i];
    }
    return NULL;
}

static struct volume *volume_of_device(struct vssemu_world *world, unsigned number)
{
    const struct backup *creating = world->service.creating;
    auto_free char *end = str_printf(DEVICE "%u", number);

    list_each (struct snapshot, snapshot, &world->service.snapshots, link) {
        const char *name = strstr(snapshot->device ? snapshot->device : "", DEVICE);

        if (name && strcmp(name, end) == 0)
            return snapshot->volume;
    }
    for (size_t i = 0; creating && creating->set && i < creating->set->snapshots.count; i++) {
        struct snapshot *snapshot = creating->set->snapshots.items[i];
        const char *name = strstr(snapshot->device ? snapshot->device : "", DEVICE);

        if (name && strcmp(name, end) == 0)
            return snapshot->volume;
    }
    return NULL;
}

static bool find(struct vssemu_world *world, const char *text, struct place *ret, struct str *out)
{
    const char *device = strstr(text, DEVICE), *rest = text + 2;
    unsigned view = VOLUME_ORIGIN;
    struct volume *volume = NULL;

    if (device) {
        char *end;

        view = (unsigned)strtoul(device + strlen(DEVICE), &end, 10);
        volume = volume_of_device(world, view);
        view = volume ? volume_view_of(volume, view) : view;
        rest = end;
    } else if (text[0] && text[1] == ':') {
        volume = volume_of_letter(world, text[0]);
    }
    if (!volume) {
        str_addf(out, "%s: no volume or snapshot of this world: C:\\DIR or " DEVICE "1\\DIR\n",
                 text);
        return false;
    }
    while (*rest == '\\' || *rest == '/')
        rest++;
    *ret = (struct place){ volume, view, mem_strdup(rest) };
    for (char *c = ret->path; *c; c++) {
        if (*c == '\\')
            *c = '/';
    }
    for (size_t n = strlen(ret->path); n && ret->path[n - 1] == '/'; n--)
        ret->path[n - 1] = 0;
    return true;
}

static int add_entry(void *arg, const char *name, const struct stat *st)
{
    str_addf(arg, "%s%12lld  %s\n", S_ISDIR(st->st_mode) ? "d" : " ", (long long)st->st_size, name);
    return 0;
}

void stepper_look_list(struct vssemu_world *world, const char *path, struct str *out)
{
    struct place place;

    if (!find(world, path, &place, out))
        return;
    int error = place.volume->ops->list(place.volume, place.view, place.path, add_entry, out);
    if (error < 0)
        str_addf(out, "%s: %s\n", path, strerror(-error));
    free(place.path);
}

void stepper_look_file(struct vssemu_world *world, const char *path, struct str *out)
{
    struct volume_file *file;
    struct place place;
    char buffer[4096];
    off_t at = 0;
    ssize_t n;

    if (!find(world, path, &place, out))
        return;
    int error = place.volume->ops->open(place.volume, place.view, place.path, O_RDONLY, 0, &file);
    if (error < 0) {
        str_addf(out, "%s: %s\n", path, strerror(-error));
    } else {
        while (at < FILE_LIMIT &&
               (n = place.volume->ops->read(file, buffer, sizeof(buffer), at)) > 0) {
            for (ssize_t i = 0; i < n; i++)
                str_add_char(out, buffer[i] == '\x04' || !buffer[i] ? '?' : buffer[i]);
            at += n;
        }
        place.volume->ops->close(file);
        str_add(out, at >= FILE_LIMIT ? "\n...\n" : "\n");
    }
    free(place.path);
}
