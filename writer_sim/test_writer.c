/* SPDX-License-Identifier: MIT */
/* See test_writer.h: the events of a Test Writer, its metadata, and its failures on request. */
#include "writer_sim/test_writer_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/hresult.h"
#include "emu/com/object.h"
#include "emu/doc/xml.h"

#include <errno.h>

/* {5affb034-969f-4919-8875-88f830d0ef89}: the class of every Test Writer (Learn: "VSS Test Writer
 * Tool"). */
static const GUID test_writer_class = {
    0x5affb034, 0x969f, 0x4919, { 0x88, 0x75, 0x88, 0xf8, 0x30, 0xd0, 0xef, 0x89 }
};

#define CONFIG_SIZE_LIMIT (64u << 20)

#define auto_wide auto_free uint16_t

static const WCHAR *wide(const uint16_t *text)
{
    return (const WCHAR *)text;
}

bool test_writer_says(const struct test_writer *writer, enum test_writer_verbosity at_least)
{
    return writer->config->verbosity >= at_least;
}

/* ---- failures on request ---- */

/* Whether this occurrence of the event is to fail; *ret_fail tells how. */
static bool must_fail(struct test_writer *writer, enum test_writer_event event,
                      const struct test_writer_fail **ret_fail)
{
    for (size_t i = 0; i < writer->config->fail_events.count; i++) {
        const struct test_writer_fail *fail = &writer->config->fail_events.items[i];

        if (fail->event != event || !writer->failures_left[i])
            continue;
        if (fail->n_failures != TEST_WRITER_EVERY_TIME)
            writer->failures_left[i]--;
        *ret_fail = fail;
        return true;
    }
    return false;
}

/* The end of every handler: true, or the failure that the file asks for. */
static bool answer(struct test_writer *writer, enum test_writer_event event)
{
    const char *name = test_writer_event_name(event);
    const struct test_writer_fail *fail;

    if (test_writer_says(writer, TEST_WRITER_MEDIUM))
        sim_writer_note(&writer->sim, "event received", "%s", name);
    if (!must_fail(writer, event, &fail))
        return true;
    if (event == TEST_WRITER_IDENTIFY) { /* SetWriterFailure is not allowed there */
        sim_writer_note(&writer->sim, "failing as configured", "%s", name);
    } else {
        HRESULT code = sim_writer_fail(&writer->sim, fail->retryable);

        sim_writer_note(&writer->sim, "failing as configured", "%s with %s", name,
                        HRESULT_NAME(code));
    }
    return false;
}

/* ---- Identify ---- */

static void expect_ok(struct test_writer *writer, HRESULT hr, const char *call, const char *what)
{
    if (FAILED(hr))
        sim_writer_note(&writer->sim, "writer failure", "%s(%s): %s", call, what, HRESULT_NAME(hr));
}

static void describe_files(struct test_writer *writer, IVssCreateWriterMetadata *metadata,
                           const struct test_writer_component *component)
{
    auto_wide *path = utf16_from_utf8(component->logical_path);
    auto_wide *name = utf16_from_utf8(component->name);

    for (size_t i = 0; i < component->files.count; i++) {
        const struct filespec *files = &component->files.items[i];
        auto_wide *directory = utf16_from_utf8(files->path);
        auto_wide *filespec = utf16_from_utf8(files->filespec);
        auto_wide *alternate = utf16_from_utf8(files->alternate_path);
        HRESULT hr;

        if (component->type == VSS_CT_DATABASE)
            hr = metadata->lpVtbl->AddDatabaseFiles(metadata, wide(path), wide(name),
                                                    wide(directory), wide(filespec),
                                                    files->backup_type_mask);
        else
            hr = metadata->lpVtbl->AddFilesToFileGroup(
                metadata, wide(path), wide(name), wide(directory), wide(filespec), files->recursive,
                wide(alternate), files->backup_type_mask);
        expect_ok(writer, hr, "AddFiles", files->path);
    }
}

static void describe_dependencies(struct test_writer *writer, IVssCreateWriterMetadata *metadata,
                                  const struct test_writer_component *component)
{
    auto_wide *path = utf16_from_utf8(component->logical_path);
    auto_wide *name = utf16_from_utf8(component->name);

    for (size_t i = 0; i < component->dependencies.count; i++) {
        const struct wmd_dependency *dependency = &component->dependencies.items[i];
        auto_wide *on_path = utf16_from_utf8(dependency->logical_path);
        auto_wide *on_name = utf16_from_utf8(dependency->name);

        expect_ok(writer,
                  metadata->lpVtbl->AddComponentDependency(metadata, wide(path), wide(name),
                                                           dependency->writer_id, wide(on_path),
                                                           wide(on_name)),
                  "AddComponentDependency", dependency->name);
    }
}

static void describe_component(struct test_writer *writer, IVssCreateWriterMetadata *metadata,
                               const struct test_writer_component *component)
{
    auto_wide *path = utf16_from_utf8(component->logical_path);
    auto_wide *name = utf16_from_utf8(component->name);
    auto_wide *caption = utf16_from_utf8(component->caption);

    expect_ok(writer,
              metadata->lpVtbl->AddComponent(metadata, component->type, wide(path), wide(name),
                                             wide(caption), NULL, 0, false, false,
                                             component->selectable, false, 0),
              "AddComponent", component->name);
    describe_files(writer, metadata, component);
    describe_dependencies(writer, metadata, component);
}

static void describe_restore(struct test_writer *writer, IVssCreateWriterMetadata *metadata)
{
    const struct test_writer_config *config = writer->config;

    expect_ok(writer,
              metadata->lpVtbl->SetRestoreMethod(metadata, config->restore_method, NULL, NULL,
                                                 config->writer_restore, config->reboot_required),
              "SetRestoreMethod", "");
    for (size_t i = 0; i < config->alternate_mappings.count; i++) {
        const struct filespec *spec = &config->alternate_mappings.items[i];
        auto_wide *path = utf16_from_utf8(spec->path), *filespec = utf16_from_utf8(spec->filespec);
        auto_wide *target = utf16_from_utf8(spec->alternate_path);

        expect_ok(writer,
                  metadata->lpVtbl->AddAlternateLocationMapping(
                      metadata, wide(path), wide(filespec), spec->recursive, wide(target)),
                  "AddAlternateLocationMapping", spec->path);
    }
}

static bool on_identify(void *self, IVssCreateWriterMetadata *metadata)
{
    struct test_writer *writer = self;
    const struct test_writer_config *config = writer->config;

    describe_restore(writer, metadata);
    for (size_t i = 0; i < config->exclude_files.count; i++) {
        const struct filespec *spec = &config->exclude_files.items[i];
        auto_wide *path = utf16_from_utf8(spec->path), *filespec = utf16_from_utf8(spec->filespec);

        expect_ok(writer,
                  metadata->lpVtbl->AddExcludeFiles(metadata, wide(path), wide(filespec),
                                                    spec->recursive),
                  "AddExcludeFiles", spec->path);
    }
    for (size_t i = 0; i < config->components.count; i++)
        describe_component(writer, metadata, &config->components.items[i]);
    expect_ok(writer, metadata->lpVtbl->SetBackupSchema(metadata, config->backup_schema),
              "SetBackupSchema", "");
    return answer(writer, TEST_WRITER_IDENTIFY);
}

/* ---- backup ---- */

/* An unsupported type is only noted (Learn: "VSS Test Writer Tool"). */
static void check_backup_type(struct test_writer *writer)
{
    static const struct {
        VSS_BACKUP_TYPE type;
        uint32_t bit;
        const char *name;
    } types[] = {
        { VSS_BT_INCREMENTAL, VSS_BS_INCREMENTAL, "incremental" },
        { VSS_BT_DIFFERENTIAL, VSS_BS_DIFFERENTIAL, "differential" },
        { VSS_BT_LOG, VSS_BS_LOG, "log" },
        { VSS_BT_COPY, VSS_BS_COPY, "copy" },
    };
    VSS_BACKUP_TYPE type = vssemu_writer_backup_type(writer->sim.writer);

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (types[i].type == type && !(writer->config->backup_schema & types[i].bit))
            sim_writer_note(&writer->sim, "requester mistake",
                            "%s backup, which this writer does not support", types[i].name);
    }
}

static void name_partial_files(struct test_writer *writer, IVssComponent *face,
                               const struct test_writer_component *component)
{
    for (size_t i = 0; i < component->partial_files.count; i++) {
        const struct test_writer_partial *partial = &component->partial_files.items[i];
        auto_wide *path = utf16_from_utf8(partial->path),
                  *name = utf16_from_utf8(partial->filespec);
        auto_wide *ranges = utf16_from_utf8(partial->ranges);

        expect_ok(writer,
                  face->lpVtbl->AddPartialFile(face, wide(path), wide(name), wide(ranges), NULL),
                  "AddPartialFile", partial->filespec);
    }
}

static void name_differenced_files(struct test_writer *writer, IVssComponent *face,
                                   const struct test_writer_component *component)
{
    for (size_t i = 0; i < component->differenced_files.count; i++) {
        const struct test_writer_differenced *file = &component->differenced_files.items[i];
        auto_wide *path = utf16_from_utf8(file->path), *filespec = utf16_from_utf8(file->filespec);
        FILETIME time = { (DWORD)file->last_modify_time, (DWORD)(file->last_modify_time >> 32) };

        expect_ok(writer,
                  face->lpVtbl->AddDifferencedFilesByLastModifyTime(
                      face, wide(path), wide(filespec), file->recursive, time),
                  "AddDifferencedFilesByLastModifyTime", file->path);
    }
}

/* Partial and differenced files belong to the components of the document. */
static void name_special_files(struct test_writer *writer, IVssWriterComponents *components)
{
    bool has_partial = vssemu_writer_is_partial_file_support_enabled(writer->sim.writer);
    UINT n = 0;

    components->lpVtbl->GetComponentCount(components, &n);
    for (UINT i = 0; i < n; i++) {
        auto_release(IVssComponent) *face = NULL;
        auto_free char *key = NULL, *path = NULL, *name = NULL;
        BSTR path_text = NULL, name_text = NULL;
        size_t number;

        if (components->lpVtbl->GetComponent(components, i, &face) != S_OK)
            continue;
        face->lpVtbl->GetLogicalPath(face, &path_text);
        face->lpVtbl->GetComponentName(face, &name_text);
        path = utf8_from_wide(path_text);
        name = utf8_from_wide(name_text);
        bstr_free(path_text);
        bstr_free(name_text);
        key = test_writer_key(path, name ? name : "");
        if (!text_index_find(&writer->by_name, key, &number))
            continue;
        if (has_partial)
            name_partial_files(writer, face, &writer->config->components.items[number]);
        if (writer->config->backup_schema & VSS_BS_LAST_MODIFY)
            name_differenced_files(writer, face, &writer->config->components.items[number]);
    }
}

static bool on_prepare_backup(void *self, IVssWriterComponents *components)
{
    struct test_writer *writer = self;

    check_backup_type(writer);
    test_writer_choose_for_backup(writer, components);
    if (components)
        name_special_files(writer, components);
    return answer(writer, TEST_WRITER_PREPARE_FOR_BACKUP);
}

static bool on_prepare_snapshot(void *self)
{
    struct test_writer *writer = self;

    test_writer_before_snapshot(writer);
    return answer(writer, TEST_WRITER_PREPARE_FOR_SNAPSHOT);
}

static bool on_freeze(void *self)
{
    return answer(self, TEST_WRITER_FREEZE);
}

static bool on_thaw(void *self)
{
    return answer(self, TEST_WRITER_THAW);
}

static bool on_post_snapshot(void *self, IVssWriterComponents *components)
{
    struct test_writer *writer = self;

    (void)components;
    test_writer_after_snapshot(writer);
    return answer(writer, TEST_WRITER_POST_SNAPSHOT);
}

static bool on_abort(void *self)
{
    return answer(self, TEST_WRITER_ABORT);
}

static bool on_backup_complete(void *self, IVssWriterComponents *components)
{
    (void)components;
    return answer(self, TEST_WRITER_BACKUP_COMPLETE);
}

/* ---- restore ---- */

static bool on_pre_restore(void *self, IVssWriterComponents *components)
{
    struct test_writer *writer = self;

    test_writer_choose_for_restore(writer, components, false);
    test_writer_before_restore(writer);
    return answer(writer, TEST_WRITER_PRE_RESTORE);
}

/* Mistakes of the requester are noted, and end the restore as failed without a veto. */
static bool on_post_restore(void *self, IVssWriterComponents *components)
{
    struct test_writer *writer = self;
    bool agreed;

    test_writer_choose_for_restore(writer, components, true);
    agreed = answer(writer, TEST_WRITER_POST_RESTORE);
    if (test_writer_check_restore(writer, components) && agreed)
        sim_writer_fail(&writer->sim, false);
    return agreed;
}

static const struct vssemu_writer_ops test_writer_ops = {
    .OnIdentify = on_identify,
    .OnPrepareBackup = on_prepare_backup,
    .OnPrepareSnapshot = on_prepare_snapshot,
    .OnFreeze = on_freeze,
    .OnThaw = on_thaw,
    .OnAbort = on_abort,
    .OnPostSnapshot = on_post_snapshot,
    .OnBackupComplete = on_backup_complete,
    .OnPreRestore = on_pre_restore,
    .OnPostRestore = on_post_restore,
};

/* ---- life ---- */

static void free_content(struct test_writer *writer)
{
    test_writer_forget_records(writer);
    text_index_free(&writer->excluded_before);
    text_index_free(&writer->by_name);
    test_writer_config_free(writer->config);
    free(writer->failures_left);
    free(writer->is_chosen);
    free(writer);
}

static struct test_writer *new_content(struct test_writer_config *take_config)
{
    struct test_writer *writer = mem_new(struct test_writer);
    const struct test_writer_config *config = take_config;

    writer->config = take_config;
    writer->failures_left = mem_alloc(config->fail_events.count * sizeof(uint32_t));
    for (size_t i = 0; i < config->fail_events.count; i++)
        writer->failures_left[i] = config->fail_events.items[i].n_failures;
    writer->is_chosen = mem_alloc(config->components.count * sizeof(bool));
    for (size_t i = 0; i < config->components.count; i++) {
        auto_free char *key = test_writer_key(config->components.items[i].logical_path,
                                              config->components.items[i].name);

        text_index_add(&writer->by_name, key, i);
    }
    return writer;
}

int test_writer_new_from_text(struct world_ports *ports, const char *text, size_t size,
                              const char *name, char **ret_error, struct test_writer **ret)
{
    struct vssemu_writer_identity identity;
    struct test_writer_config *config;
    struct test_writer *writer;
    auto_wide *instance = NULL;
    HRESULT hr;

    if (test_writer_config_parse(text, size, name, &config, ret_error) != S_OK)
        return -EINVAL;
    writer = new_content(config);
    instance = utf16_from_utf8(config->instance_name);
    vssemu_writer_identity_init(&identity);
    identity.writer_id = test_writer_class;
    identity.name = L"Test Writer";
    identity.usage = config->usage;
    identity.source = VSS_ST_OTHER;
    identity.instance_name = wide(instance);
    hr = sim_writer_init(&writer->sim, ports, &test_writer_ops, writer, &identity);
    if (FAILED(hr)) {
        *ret_error = str_printf("%s: the writer cannot subscribe: %s", name, HRESULT_NAME(hr));
        free_content(writer);
        return -EIO;
    }
    *ret = writer;
    return 0;
}

int test_writer_new(struct world_ports *ports, const char *xml_path, char **ret_error,
                    struct test_writer **ret)
{
    auto_free char *text = NULL;
    size_t size;
    int r = xml_load_file(xml_path, CONFIG_SIZE_LIMIT, &text, &size, ret_error);

    if (r < 0)
        return r;
    return test_writer_new_from_text(ports, text, size, xml_path, ret_error, ret);
}

void test_writer_free(struct test_writer *writer)
{
    if (!writer)
        return;
    sim_writer_fini(&writer->sim);
    free_content(writer);
}
