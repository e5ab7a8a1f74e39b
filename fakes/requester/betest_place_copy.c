/* SPDX-License-Identifier: MIT */
/* Copies files from the store to where the plan puts them (betest_place_i.h): whole files, the
 * parts of partial files into what is there, and directed targets. */
#include "fakes/requester/betest_place_i.h"

#include "emu/base/str.h"

/* Reads ranges, from a list or a ranges file that lies at `path` (NULL: as the text names it). */
static bool read_ranges(struct placing *p, const char *text, const char *path, struct ranges *ret)
{
    const char *named = ranges_file_of(text);
    auto_free char *bytes = NULL;
    auto_free char *directory = files_directory(named ? named : "");
    size_t size = 0;
    bool is_good = named ? !files_read(path ? path : directory, &bytes, &size) &&
                               ranges_parse_file(bytes, size, ret)
                         : ranges_parse(text, ret);

    if (!is_good)
        report_failure(p->session->report, BETEST_COMPONENT_FAILED,
                       "\"%s\": \"%s\" are no ranges, or no file that holds any", p->name, text);
    return is_good;
}

/* Where the copy of a ranges file lies in the store. The caller frees. */
static char *place_of_ranges_file(const struct placing *p, const char *text)
{
    const char *named = ranges_file_of(text);
    auto_free char *folder = store_folder(p->session->store, p->wmd, p->owner->component);
    auto_free char *path = files_directory(named ? named : "");

    return named ? store_place(folder, path) : NULL;
}

static const struct partial_file *partial_of(const struct placing *p, const char *original)
{
    auto_free char *key = files_key(original);
    size_t number;

    if (!text_index_find(&p->named, key, &number) || number == SIZE_MAX)
        return NULL;
    return &p->owner->details->partial_files.items[number];
}

/* The parts go into the file that an earlier backup, or nobody, has put there. */
static uint32_t copy_parts(struct placing *p, const struct betest_file *file, const char *target)
{
    const struct partial_file *partial = partial_of(p, file->original);
    auto_free char *place = partial ? place_of_ranges_file(p, partial->ranges) : NULL;
    struct ranges ranges = { 0 };
    uint64_t size = 0;
    uint32_t error = ERROR_INVALID_DATA;

    if (!partial)
        report_failure(p->session->report, BETEST_COMPONENT_FAILED,
                       "the document does not tell which parts of %s are in the backup",
                       file->original);
    if (partial && !files_exists(target))
        report_line(p->session->report,
                    "%s was not there: now it holds only the parts of this backup", target);
    if (partial && read_ranges(p, partial->ranges, place, &ranges))
        error = files_copy_ranges(file->source, &ranges, target, NULL, &size);
    ranges_free(&ranges);
    return error;
}

/* A ranges file that cannot be put back where it was: the writer is told where it is instead
 * (Learn: "IVssBackupComponents::SetRangesFilePath"). */
static bool put_ranges_file_beside(struct placing *p, const struct betest_file *file)
{
    auto_free char *key = files_key(file->original);
    auto_free char *beside = str_printf("%s.restored", file->original);
    auto_wide WCHAR *wide_beside = wide(beside);
    auto_wide WCHAR *path = wide(p->owner->component->logical_path);
    auto_wide WCHAR *name = wide(p->owner->component->name);
    const struct component_details *details = p->owner->details;
    size_t number;
    uint64_t size;

    if (!text_index_find(&p->named, key, &number) || number != SIZE_MAX ||
        files_copy(file->source, beside, &size))
        return false;
    for (size_t i = 0; i < details->partial_files.count; i++) {
        const char *ranges_file = ranges_file_of(details->partial_files.items[i].ranges);
        auto_free char *named = files_directory(ranges_file ? ranges_file : "");
        auto_free char *named_key = files_key(named);

        if (!str_is_equal(named_key, key))
            continue;
        if (!session_did(p->session, "SetRangesFilePath",
                         IVssBackupComponents_SetRangesFilePath(
                             p->session->vss, p->wmd->writer_id, p->owner->component->type,
                             *path ? path : NULL, name, (UINT)i, wide_beside)))
            return false;
    }
    report_line(p->session->report, "the ranges file %s is now %s", file->original, beside);
    return true;
}

static uint32_t copy_whole(struct placing *p, const struct betest_file *file, const char *target,
                           bool is_elsewhere)
{
    uint64_t size = 0;

    if (file->is_directory)
        return files_make_directories(target);
    if (p->plan == AT_REBOOT && !is_elsewhere)
        return files_copy_at_reboot(file->source, target, &size);
    return files_copy(file->source, target, &size);
}

static bool copy_one(struct placing *p, size_t i)
{
    const struct betest_file *file = &p->files.files.items[i];
    const struct filespec *used = p->used[i];
    auto_free char *directory = used ? files_directory(used->alternate_path) : NULL;
    auto_free char *target =
        used ? files_rebased(file->original, used, directory) : mem_strdup(file->original);
    uint32_t error =
        file->ranges ? copy_parts(p, file, target) : copy_whole(p, file, target, used != NULL);

    if (error && !put_ranges_file_beside(p, file)) {
        auto_free char *words = report_windows_error(error);

        report_failure(p->session->report, BETEST_COMPONENT_FAILED, "cannot restore %s: %s", target,
                       words);
        return false;
    }
    report_detail(p->session->report, "%s", target);
    return true;
}

size_t place_copy(struct placing *p)
{
    size_t n_restored = 0;

    for (size_t i = 0; i < p->files.files.count; i++) {
        n_restored += copy_one(p, i);
        report_progress(p->session->report, p->name, i + 1, p->files.files.count);
    }
    return n_restored;
}

/* ---- directed targets ---- */

static bool fail_directed(struct placing *p, const char *original, const char *why)
{
    report_failure(p->session->report, BETEST_COMPONENT_FAILED,
                   "cannot restore %s where its writer directs it: %s", original, why);
    return false;
}

/* Learn: "Working with Directed Targets": the ranges of both sides agree in number and size. */
static bool copy_directed_ranges(struct placing *p, const struct betest_file *file,
                                 const struct directed_target *target, const char *to)
{
    struct ranges from_ranges = { 0 }, to_ranges = { 0 };
    uint64_t size = 0;
    uint32_t error = 0;
    bool is_read = read_ranges(p, target->from_ranges, NULL, &from_ranges) &&
                   read_ranges(p, target->to_ranges, NULL, &to_ranges);
    bool do_match = is_read && ranges_match(&from_ranges, &to_ranges);

    if (do_match)
        error = files_copy_ranges(file->source, &from_ranges, to, &to_ranges, &size);
    ranges_free(&from_ranges);
    ranges_free(&to_ranges);
    if (is_read && !do_match)
        return fail_directed(p, file->original, "its ranges and those of the target do not agree");
    auto_free char *words = error ? report_windows_error(error) : NULL;
    return is_read && (!error || fail_directed(p, file->original, words));
}

static bool copy_directed(struct placing *p, const struct betest_file *file,
                          const struct directed_target *target)
{
    auto_free char *directory = files_directory(target->to_path);
    auto_free char *to = str_printf("%s\\%s", directory, target->to_name);
    uint64_t size = 0;

    report_detail(p->session->report, "%s to %s", file->original, to);
    if (*target->from_ranges || *target->to_ranges)
        return copy_directed_ranges(p, file, target, to);
    uint32_t error = files_copy(file->source, to, &size);
    auto_free char *words = error ? report_windows_error(error) : NULL;
    return !error || fail_directed(p, file->original, words);
}

size_t place_copy_directed(struct placing *p)
{
    const struct component_details *details = p->owner->details;
    size_t n_files = p->files.files.count, n_restored = 0;
    auto_free bool *is_directed = mem_alloc(n_files * sizeof(*is_directed));
    auto_free bool *has_failed = mem_alloc(n_files * sizeof(*has_failed));
    struct text_index by_name = { 0 };

    for (size_t i = 0; i < n_files; i++) {
        auto_free char *key = files_key(p->files.files.items[i].original);

        text_index_add(&by_name, key, i);
    }
    for (size_t t = 0; t < details->directed_targets.count; t++) {
        const struct directed_target *target = &details->directed_targets.items[t];
        auto_free char *directory = files_directory(target->from_path);
        auto_free char *original = str_printf("%s\\%s", directory, target->from_name);
        auto_free char *key = files_key(original);
        size_t i;

        if (!text_index_find(&by_name, key, &i)) {
            report_line(p->session->report,
                        "%s, which its writer directs elsewhere, is not in "
                        "the backup",
                        original);
            continue;
        }
        is_directed[i] = true;
        has_failed[i] |= !copy_directed(p, &p->files.files.items[i], target);
    }
    text_index_free(&by_name);
    /* Of the others the writer says nothing: they go where they were. */
    for (size_t i = 0; i < n_files; i++)
        n_restored += is_directed[i] ? !has_failed[i] : copy_one(p, i);
    return n_restored;
}
