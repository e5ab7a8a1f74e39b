/* SPDX-License-Identifier: MIT */
/* A Test Writer on a stage of its own: this file stands in for the service's side of
 * vssemu_writer.h, with a volume in memory, and plays the events. For one test program only: it
 * defines the functions of vssemu_writer.h. */
#pragma once

#include "tests/support/cmocka_vss.h"

#include "emu/api/create_metadata.h"
#include "emu/api/writer_components.h"
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/com/object.h"
#include "emu/include/vssemu_writer.h"
#include "emu/port/trace.h"
#include "fakes/world/memstore.h"
#include "fakes/world/prng.h"
#include "fakes/world/vsched.h"
#include "provider_sim/cow/cow_port.h"
#include "writer_sim/sim_files.h"
#include "writer_sim/test_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* ---- the service's side ---- */

struct vssemu_writer {
    const struct vssemu_writer_ops *ops;
    void *self;
    HRESULT failure;
    VSS_BACKUP_TYPE backup_type;
    WCHAR device[80];
};

static struct vssemu_writer *the_writer;

struct vssemu_writer *vssemu_writer_new(const struct vssemu_writer_ops *ops, void *self,
                                        unsigned flags)
{
    assert_int_equal(flags, VSSEMU_WRITER_INLINE);
    the_writer = mem_new(struct vssemu_writer);
    the_writer->ops = ops;
    the_writer->self = self;
    the_writer->backup_type = VSS_BT_FULL;
    return the_writer;
}

void vssemu_writer_free(struct vssemu_writer *writer)
{
    free(writer);
}

void vssemu_writer_identity_init(struct vssemu_writer_identity *identity)
{
    memset(identity, 0, sizeof(*identity));
}

HRESULT vssemu_writer_initialize(struct vssemu_writer *writer,
                                 const struct vssemu_writer_identity *identity)
{
    (void)writer;
    assert_int_equal(identity->writer_id.Data1, 0x5affb034);
    return S_OK;
}

HRESULT vssemu_writer_subscribe(struct vssemu_writer *writer, DWORD timeout_ms, DWORD event_mask)
{
    (void)writer, (void)timeout_ms, (void)event_mask;
    return S_OK;
}

HRESULT vssemu_writer_set_failure(struct vssemu_writer *writer, HRESULT failure)
{
    writer->failure = failure;
    return S_OK;
}

VSS_BACKUP_TYPE vssemu_writer_backup_type(struct vssemu_writer *writer)
{
    return writer->backup_type;
}

bool vssemu_writer_is_partial_file_support_enabled(struct vssemu_writer *writer)
{
    (void)writer;
    return true;
}

bool vssemu_writer_is_path_affected(struct vssemu_writer *writer, const WCHAR *path)
{
    (void)writer;
    return path[0] == 'C' || path[0] == 'c';
}

HRESULT vssemu_writer_snapshot_device(struct vssemu_writer *writer, const WCHAR *volume,
                                      const WCHAR **ret_device)
{
    (void)volume;
    *ret_device = writer->device;
    return S_OK;
}

/* ---- the cast: a world with one volume, and a writer ---- */

struct note_trace {
    struct trace port;
    struct str notes;
};

struct cast {
    struct vsched *sched;
    struct prng *random;
    struct note_trace trace;
    struct volume *volume;
    struct world_ports ports;
    struct test_writer *writer;
    struct bcd *bcd;
    struct bcd_writer *components;
};

static void remember_note(struct trace *trace, const struct trace_record *record)
{
    struct note_trace *notes = (struct note_trace *)trace;

    str_addf(&notes->notes, "[%s] %s: %s\n", record->who, record->what, record->detail);
}

static void put(struct cast *cast, const char *path, const char *text)
{
    struct volume *v = cast->volume;
    auto_free char *directory = mem_strdup(path);
    char *slash = strrchr(directory, '/');
    struct volume_file *file;

    if (slash) {
        *slash = '\0';
        assert_int_equal(sim_make_directories(v, directory), 0);
    }
    assert_int_equal(
        v->ops->open(v, VOLUME_ORIGIN, path, O_WRONLY | O_CREAT | O_TRUNC, 0666, &file), 0);
    assert_int_equal(v->ops->write(file, text, strlen(text), 0), strlen(text));
    v->ops->close(file);
}

static bool is_there(struct cast *cast, unsigned view, const char *path)
{
    struct stat st;

    return cast->volume->ops->stat(cast->volume, view, path, &st) == 0;
}

static void expect_note(struct cast *cast, const char *part)
{
    if (!cast->trace.notes.text || !strstr(cast->trace.notes.text, part))
        fail_msg("no \"%s\" in the notes:\n%s", part,
                 cast->trace.notes.text ? cast->trace.notes.text : "(none)");
}

static struct cast *cast_new(const char *xml)
{
    static const GUID writer_id = { .Data1 = 0x5affb034 }, instance_id = { .Data1 = 1 };
    struct cast *cast = mem_new(struct cast);
    char *error = NULL;

    cast->sched = vsched_new(1, NULL);
    cast->random = prng_new(1, "test");
    cast->trace.port.write = remember_note;
    assert_int_equal(cow_port_new(vsched_port(cast->sched), 'C', memstore_new(NULL), &cast->volume),
                     0);
    cast->ports = (struct world_ports){ .sched = vsched_port(cast->sched),
                                        .random = &cast->random->port,
                                        .trace = &cast->trace.port,
                                        .volumes = &cast->volume,
                                        .n_volumes = 1 };
    if (test_writer_new_from_text(&cast->ports, xml, strlen(xml), "w.xml", &error, &cast->writer) <
        0)
        fail_msg("%s", error);
    cast->bcd = bcd_new();
    cast->components = bcd_add_writer(cast->bcd, &writer_id, &instance_id, NULL, 0);
    return cast;
}

static void cast_free(struct cast *cast)
{
    auto_free char *names = NULL;

    test_writer_free(cast->writer);
    bcd_free(cast->bcd);
    cast->volume->ops->free(cast->volume);
    vsched_free(cast->sched);
    free(cast->random);
    str_free(&cast->trace.notes);
    free(cast);
    if (com_object_count_live(&names))
        fail_msg("left alive: %s", names);
}

/* ---- events ---- */

static struct wmd *identify(bool *ret_agreed)
{
    struct wmd *wmd = wmd_new();
    struct create_metadata *metadata = create_metadata_new(wmd);

    wmd->usage = VSS_UT_USERDATA;
    wmd->source = VSS_ST_OTHER;
    *ret_agreed = the_writer->ops->OnIdentify(the_writer->self, create_metadata_face(metadata));
    create_metadata_free(metadata);
    return wmd;
}

typedef bool components_handler(void *self, IVssWriterComponents *components);

static bool play(struct cast *cast, components_handler *handler, enum components_access access)
{
    struct components_lease *lease = components_lease_new(access, NULL);
    struct writer_components *components = writer_components_new(lease, cast->components);
    bool agreed;

    the_writer->failure = S_OK;
    agreed = handler(the_writer->self, writer_components_face(components));
    components_lease_end(lease);
    writer_components_free(components);
    return agreed;
}

static void ignore(struct volume_done *done, int error)
{
    (void)done;
    assert_int_equal(error, 0);
}

/* PrepareBackup to PostSnapshot, with a copy of the volume. */
static unsigned back_up(struct cast *cast)
{
    struct volume_done done = { ignore };
    struct volume *v = cast->volume;
    unsigned number = v->ops->next_number(v);

    assert_true(play(cast, the_writer->ops->OnPrepareBackup, COMPONENTS_PREPARE_BACKUP));
    assert_true(the_writer->ops->OnPrepareSnapshot(the_writer->self));
    assert_true(the_writer->ops->OnFreeze(the_writer->self));
    v->ops->hold(v, &done);
    v->ops->commit(v, number, &done);
    v->ops->release(v, &done);
    assert_true(the_writer->ops->OnThaw(the_writer->self));
    for (size_t i = 0; i < 80; i++) {
        auto_free char *text =
            str_printf("\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy%u", number);

        the_writer->device[i] = i < strlen(text) ? (WCHAR)text[i] : 0;
    }
    assert_true(play(cast, the_writer->ops->OnPostSnapshot, COMPONENTS_POST_SNAPSHOT));
    assert_true(play(cast, the_writer->ops->OnBackupComplete, COMPONENTS_BACKUP_COMPLETE));
    return number;
}

static void select_for_restore(struct cast *cast)
{
    for (size_t i = 0; i < cast->components->components.count; i++) {
        cast->components->components.items[i]->selected_for_restore = BCD_YES;
        cast->components->components.items[i]->restore_status = VSS_RS_ALL;
    }
}
