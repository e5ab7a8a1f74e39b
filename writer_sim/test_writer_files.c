/* SPDX-License-Identifier: MIT */
/* What a Test Writer does with its files: copies to alternate paths ("spit") before the snapshot,
 * deletion so that a requester must read from the snapshot, and the comparison after a restore
 * (Learn: "VSS Test Writer Tool"). Only files on volumes of the snapshot set are ever deleted. */
#include "writer_sim/test_writer_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/com/bstr.h"
#include "emu/base/utf.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* ---- file sets ---- */

struct place {
    struct volume *volume;
    char *path; /* owned; real names */
};

static void place_fini(struct place *place)
{
    free(place->path);
}
#define auto_place __attribute__((cleanup(place_fini)))

static bool locate(struct test_writer *writer, const char *windows_path, struct place *ret_place)
{
    char *path, *real;

    if (!sim_locate(writer->sim.ports, windows_path, &ret_place->volume, &path)) {
        sim_writer_note(&writer->sim, "no volume", "%s is on no volume of this world",
                        windows_path);
        return false;
    }
    real = sim_real_path(ret_place->volume, VOLUME_ORIGIN, path);
    free(path);
    ret_place->path = real;
    return true;
}

static bool is_in_snapshot(struct test_writer *writer, const char *windows_path)
{
    auto_free char *expanded = sim_expand(windows_path);
    auto_free uint16_t *wide = utf16_from_utf8(expanded);

    return vssemu_writer_is_path_affected(writer->sim.writer, (const WCHAR *)wide);
}

static bool is_excluded(struct test_writer *writer, const struct volume *volume, const char *path)
{
    const struct filespecs *excludes = &writer->config->exclude_files;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    for (size_t i = 0; i < excludes->count; i++) {
        const struct filespec *spec = &excludes->items[i];
        auto_free char *directory = NULL;
        struct volume *where;
        size_t length;

        if (!sim_locate(writer->sim.ports, spec->path, &where, &directory) || where != volume)
            continue;
        length = strlen(directory);
        if (!str_matches(name, spec->filespec) || strncasecmp(path, directory, length) != 0 ||
            (length && path[length] != '/'))
            continue;
        if (spec->recursive || name == path + length + (length != 0))
            return true;
    }
    return false;
}

/* What is done with one file set of one component. */
struct set {
    struct test_writer *writer;
    size_t component;
    const struct filespec *files;
    bool is_partial; /* a partial file that is in no set of its component */
    struct volume *volume;
    const char *directory; /* on the volume */
    unsigned view;
    struct place *target; /* where spit files go */
    const char *ranges;   /* of a partial file */
};

static const char *below(const struct set *set, const char *path)
{
    size_t length = strlen(set->directory);

    return length ? path + length + 1 : path;
}

static void note_error(struct test_writer *writer, const char *what, const struct volume *volume,
                       const char *path, int error)
{
    auto_free char *name = sim_windows_path(volume, path);

    sim_writer_note(&writer->sim, what, "%s: %s", name, strerror(-error));
}

/* Calls act for every file set of the components that take part. */
static void each_set(struct test_writer *writer, void (*act)(struct set *set))
{
    for (size_t i = 0; i < writer->config->components.count; i++) {
        const struct test_writer_component *component = &writer->config->components.items[i];

        for (size_t j = 0; writer->is_chosen[i] && j < component->files.count; j++) {
            const struct filespec *files = &component->files.items[j];
            auto_place struct place place = { NULL, NULL };

            if (locate(writer, files->path, &place))
                act(&(struct set){ .writer = writer,
                                   .component = i,
                                   .files = files,
                                   .volume = place.volume,
                                   .directory = place.path });
        }
    }
}

/* ---- deleting ---- */

static int delete_file(void *arg, const char *path, const struct stat *st)
{
    const struct set *set = arg;
    int r;

    (void)st;
    if (is_excluded(set->writer, set->volume, path))
        return 0;
    r = set->volume->ops->unlink(set->volume, VOLUME_ORIGIN, path);
    if (r < 0)
        note_error(set->writer, "not deleted", set->volume, path, r);
    return 0;
}

static void delete_set(struct set *set, const char *windows_path)
{
    if (!is_in_snapshot(set->writer, windows_path))
        return;
    sim_walk(set->volume, VOLUME_ORIGIN, set->directory, set->files->filespec,
             set->files->recursive, delete_file, set);
    if (test_writer_says(set->writer, TEST_WRITER_HIGH))
        sim_writer_note(&set->writer->sim, "files deleted", "%s %s", windows_path,
                        set->files->filespec);
}

/* Files named on their own: partial and differenced ones. */
static void delete_named(struct test_writer *writer, const char *path, const char *filespec,
                         bool recursive)
{
    struct filespec files = { .filespec = (char *)filespec, .recursive = recursive };
    auto_place struct place place = { NULL, NULL };

    if (locate(writer, path, &place))
        delete_set(&(struct set){ .writer = writer,
                                  .files = &files,
                                  .volume = place.volume,
                                  .directory = place.path },
                   path);
}

static void delete_named_of(struct test_writer *writer,
                            const struct test_writer_component *component)
{
    const struct test_writer_config *config = writer->config;

    for (size_t i = 0; config->delete_partial_files && i < component->partial_files.count; i++)
        delete_named(writer, component->partial_files.items[i].path,
                     component->partial_files.items[i].filespec, false);
    for (size_t i = 0; config->delete_differenced_files && i < component->differenced_files.count;
         i++)
        delete_named(writer, component->differenced_files.items[i].path,
                     component->differenced_files.items[i].filespec,
                     component->differenced_files.items[i].recursive);
}

/* ---- before and after the snapshot ---- */

static int spit_file(void *arg, const char *path, const struct stat *st)
{
    const struct set *set = arg;
    const char *relative = below(set, path);
    auto_free char *to = *set->target->path ? str_printf("%s/%s", set->target->path, relative)
                                            : mem_strdup(relative);
    auto_free char *directory = mem_strdup(to);
    char *slash = strrchr(directory, '/');
    int r = 0;

    (void)st;
    if (slash) {
        *slash = '\0';
        r = sim_make_directories(set->target->volume, directory);
    }
    if (r == 0)
        r = sim_copy_file(set->volume, VOLUME_ORIGIN, path, set->target->volume, to);
    if (r < 0)
        note_error(set->writer, "not copied to the alternate path", set->volume, path, r);
    return 0;
}

static void spit_set(struct set *set)
{
    auto_place struct place target = { NULL, NULL };

    if (!set->files->alternate_path || !locate(set->writer, set->files->alternate_path, &target))
        return;
    set->target = &target;
    sim_walk(set->volume, VOLUME_ORIGIN, set->directory, set->files->filespec,
             set->files->recursive, spit_file, set);
    if (set->writer->config->delete_files)
        delete_set(set, set->files->path);
}

void test_writer_before_snapshot(struct test_writer *writer)
{
    each_set(writer, spit_set);
}

static const char *partial_ranges(const struct set *set, const char *path)
{
    const struct test_writer_component *component =
        &set->writer->config->components.items[set->component];

    for (size_t i = 0; i < component->partial_files.count; i++) {
        const struct test_writer_partial *partial = &component->partial_files.items[i];
        auto_free char *directory = NULL, *whole = NULL;
        struct volume *volume;

        if (!sim_locate(set->writer->sim.ports, partial->path, &volume, &directory))
            continue;
        whole = *directory ? str_printf("%s/%s", directory, partial->filespec)
                           : mem_strdup(partial->filespec);
        if (volume == set->volume && str_is_equal_nocase(whole, path))
            return partial->ranges;
    }
    return NULL;
}

static int record_file(void *arg, const char *path, const struct stat *st)
{
    const struct set *set = arg;
    struct test_writer_record record = { .component = set->component,
                                         .directory = set->files->path,
                                         .files = set->is_partial ? NULL : set->files };
    int r;

    /* Named on its own a file goes before the mask and the exclusions of its set. */
    record.ranges = mem_strdup(partial_ranges(set, path));
    if (!record.ranges && (is_excluded(set->writer, set->volume, path) ||
                           !test_writer_needs(set->writer, set->component, set->files, st)))
        return 0;
    r = sim_fingerprint(set->volume, set->view, path, record.ranges, &record.fingerprint);
    if (r < 0) {
        note_error(set->writer, "not read", set->volume, path, r);
        free(record.ranges);
        return 0;
    }
    record.relative_path = mem_strdup(below(set, path));
    array_add(&set->writer->records, record);
    return 0;
}

/* A spit set is backed up from its alternate path. */
static void record_set(struct set *set)
{
    auto_place struct place spit = { NULL, NULL };

    if (set->files->alternate_path) {
        if (!locate(set->writer, set->files->alternate_path, &spit))
            return;
        set->volume = spit.volume;
        set->directory = spit.path;
    }
    set->view = sim_writer_snapshot_of(&set->writer->sim, set->volume);
    sim_walk(set->volume, set->view, set->directory, set->files->filespec, set->files->recursive,
             record_file, set);
}

static void delete_after_snapshot(struct set *set)
{
    auto_place struct place spit = { NULL, NULL };

    if (!set->files->alternate_path) {
        delete_set(set, set->files->path);
    } else if (locate(set->writer, set->files->alternate_path, &spit)) {
        set->volume = spit.volume;
        set->directory = spit.path;
        delete_set(set, set->files->alternate_path);
    }
}

/* Whether some file set of the component holds a file of this directory and name. */
static bool is_in_a_set(struct test_writer *writer, const struct test_writer_component *component,
                        const struct volume *volume, const char *directory, const char *name)
{
    for (size_t i = 0; i < component->files.count; i++) {
        const struct filespec *files = &component->files.items[i];
        auto_free char *own = NULL;
        struct volume *where;

        if (!sim_locate(writer->sim.ports, files->path, &where, &own) || where != volume ||
            !str_matches(name, files->filespec))
            continue;
        size_t length = strlen(own);
        char next = strncasecmp(directory, own, length) ? '!' : directory[length];
        if (!next || (files->recursive && (!length || next == '/')))
            return true;
    }
    return false;
}

/* A partial file may be one that no file set names (Learn: "VSS Test Writer Tool"). */
static void record_partial_files(struct test_writer *writer, size_t component)
{
    const struct test_writer_component *chosen = &writer->config->components.items[component];

    for (size_t i = 0; i < chosen->partial_files.count; i++) {
        const struct test_writer_partial *partial = &chosen->partial_files.items[i];
        struct filespec files = { .path = partial->path, .filespec = partial->filespec };
        auto_place struct place place = { NULL, NULL };

        if (locate(writer, partial->path, &place) &&
            !is_in_a_set(writer, chosen, place.volume, place.path, partial->filespec))
            record_set(&(struct set){ .writer = writer,
                                      .component = component,
                                      .files = &files,
                                      .volume = place.volume,
                                      .directory = place.path,
                                      .is_partial = true });
    }
}

void test_writer_forget_records(struct test_writer *writer)
{
    for (size_t i = 0; i < writer->records.count; i++) {
        free(writer->records.items[i].relative_path);
        free(writer->records.items[i].ranges);
    }
    array_free(&writer->records);
}

void test_writer_after_snapshot(struct test_writer *writer)
{
    if (writer->config->check_includes) {
        test_writer_forget_records(writer);
        each_set(writer, record_set);
        for (size_t i = 0; i < writer->config->components.count; i++) {
            if (writer->is_chosen[i] &&
                vssemu_writer_is_partial_file_support_enabled(writer->sim.writer))
                record_partial_files(writer, i);
        }
    }
    if (writer->config->delete_files)
        each_set(writer, delete_after_snapshot);
    for (size_t i = 0; i < writer->config->components.count; i++) {
        if (writer->is_chosen[i])
            delete_named_of(writer, &writer->config->components.items[i]);
    }
}

/* ---- after a restore ---- */

/* Whether the file lies, as recorded, in the directory. */
static bool is_intact_in(struct test_writer *writer, const struct test_writer_record *record,
                         const char *windows_directory)
{
    auto_free char *path = str_printf("%s\\%s", windows_directory, record->relative_path);
    auto_place struct place place = { NULL, NULL };
    uint64_t fingerprint;

    return locate(writer, path, &place) &&
           sim_fingerprint(place.volume, VOLUME_ORIGIN, place.path, record->ranges, &fingerprint) ==
               0 &&
           fingerprint == record->fingerprint;
}

static bool is_intact(struct test_writer *writer, const struct test_writer_record *record,
                      const struct filespecs *targets)
{
    const struct filespec *files = record->files;

    if (is_intact_in(writer, record, record->directory))
        return true;
    for (size_t i = 0; files && i < targets->count; i++) {
        const struct filespec *target = &targets->items[i];

        if (filespec_is_same(target, files->path, files->filespec, files->recursive) &&
            is_intact_in(writer, record, target->alternate_path))
            return true;
    }
    return false;
}

static unsigned check_includes(struct test_writer *writer, const struct filespecs *targets)
{
    unsigned n_checked = 0, n_mistakes = 0;

    for (size_t i = 0; i < writer->records.count; i++) {
        const struct test_writer_record *record = &writer->records.items[i];

        if (!writer->is_chosen[record->component])
            continue;
        n_checked++;
        if (is_intact(writer, record, targets))
            continue;
        n_mistakes++;
        sim_writer_note(&writer->sim, "requester mistake",
                        "%s\\%s did not come back as it was in the snapshot", record->directory,
                        record->relative_path);
    }
    if (test_writer_says(writer, TEST_WRITER_MEDIUM))
        sim_writer_note(&writer->sim, "restored files compared", "%u files, %u wrong%s", n_checked,
                        n_mistakes, n_checked ? "" : "; this writer saw no backup of them");
    return n_mistakes;
}

/* ---- excluded files ---- */

struct exclude_check {
    struct test_writer *writer;
    struct volume *volume;
    bool is_before;
    unsigned n_mistakes;
};

static int see_excluded(void *arg, const char *path, const struct stat *st)
{
    struct exclude_check *check = arg;
    auto_free char *name = sim_windows_path(check->volume, path);
    size_t unused;

    (void)st;
    if (check->is_before) {
        text_index_add(&check->writer->excluded_before, name, 0);
    } else if (!text_index_find(&check->writer->excluded_before, name, &unused)) {
        check->n_mistakes++;
        sim_writer_note(&check->writer->sim, "requester mistake",
                        "%s is excluded from backups and came with the restore", name);
    }
    return 0;
}

static unsigned walk_excluded(struct test_writer *writer, bool is_before)
{
    struct exclude_check check = { .writer = writer, .is_before = is_before };

    for (size_t i = 0; i < writer->config->exclude_files.count; i++) {
        const struct filespec *spec = &writer->config->exclude_files.items[i];
        auto_place struct place place = { NULL, NULL };

        if (!locate(writer, spec->path, &place))
            continue;
        check.volume = place.volume;
        sim_walk(place.volume, VOLUME_ORIGIN, place.path, spec->filespec, spec->recursive,
                 see_excluded, &check);
    }
    return check.n_mistakes;
}

void test_writer_before_restore(struct test_writer *writer)
{
    text_index_free(&writer->excluded_before);
    if (writer->config->check_excludes)
        walk_excluded(writer, true);
}

unsigned test_writer_check_restore(struct test_writer *writer, IVssWriterComponents *components)
{
    struct filespecs targets = { 0 };
    unsigned n_mistakes = 0;

    test_writer_collect_targets(writer, components, &targets);
    if (writer->config->check_includes)
        n_mistakes += check_includes(writer, &targets);
    if (writer->config->check_excludes)
        n_mistakes += walk_excluded(writer, false);
    filespecs_free(&targets);
    return n_mistakes;
}
