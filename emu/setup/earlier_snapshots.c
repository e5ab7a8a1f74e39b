/* SPDX-License-Identifier: MIT */
#include "emu/setup/earlier_snapshots.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/guid.h"
#include "emu/com/hresult.h"
#include "emu/port/volume.h"
#include "emu/proto/context_rules.h"
#include "emu/setup/script.h"
#include "emu/setup/snapshot_spec.h"
#include "emu/setup/world.h"
#include "emu/svc/snapshot_set.h"
#include "fakes/windows/classes.h"

#include <string.h>
#include <windows.h>

/* ---- what is copied over a volume, with the functions that programs call ---- */

static bool copy_folder(const char *from, const char *to, char **ret_error);

static bool copy_entry(const char *from, const char *to, const WIN32_FIND_DATAW *found,
                       char **ret_error)
{
    auto_free char *name = utf8_from_utf16((const uint16_t *)found->cFileName);

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return true;
    auto_free char *source = str_printf("%s/%s", from, name);
    auto_free char *target = str_printf("%s%s", to, name);
    auto_free WCHAR *wide_source = (WCHAR *)utf16_from_utf8(source);
    auto_free WCHAR *wide_target = (WCHAR *)utf16_from_utf8(target);

    if (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
        auto_free char *below = str_printf("%s\\", target);

        CreateDirectoryW(wide_target, NULL);
        return copy_folder(source, below, ret_error);
    }
    if (CopyFileW(wide_source, wide_target, FALSE))
        return true;
    *ret_error =
        str_printf("cannot copy %s to %s: error %u", source, target, (unsigned)GetLastError());
    return false;
}

/* to ends with a backslash. */
static bool copy_folder(const char *from, const char *to, char **ret_error)
{
    auto_free char *all = str_printf("%s/*", from);
    auto_free WCHAR *pattern = (WCHAR *)utf16_from_utf8(all);
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    bool is_good = search != INVALID_HANDLE_VALUE;

    if (!is_good) {
        *ret_error = str_printf("cannot read %s: error %u", from, (unsigned)GetLastError());
        return false;
    }
    do
        is_good = copy_entry(from, to, &found, ret_error);
    while (is_good && FindNextFileW(search, &found));
    FindClose(search);
    return is_good;
}

static bool copy_what_comes_then(const struct snapshot_spec *spec, char **ret_error)
{
    for (size_t i = 0; i < spec->then.count; i++) {
        const char to[] = { spec->then.items[i].letter, ':', '\\', 0 };

        if (!copy_folder(spec->then.items[i].directory, to, ret_error))
            return false;
    }
    return true;
}

/* ---- the set ---- */

static bool has_volumes(const struct vssemu_world *world, const char *letters, char **ret_error)
{
    for (; *letters; letters++) {
        bool is_there = false;

        for (size_t i = 0; i < world->volumes.count; i++)
            is_there = is_there || world->volumes.items[i]->letter == *letters;
        if (!is_there) {
            *ret_error = str_printf("there is no volume %c:", *letters);
            return false;
        }
    }
    return true;
}

static void note(struct vssemu_world *world, const struct snapshot *snapshot, const char *label)
{
    auto_free char *detail =
        str_printf("%c: snapshot {%s} of set {%s}%s%s, %s", snapshot->volume->letter,
                   GUID_TEXT(&snapshot->id), GUID_TEXT(&snapshot->set_id), label ? " " : "",
                   label ? label : "", context_name(snapshot->context));

    service_trace(&world->service, &(struct trace_record){ .kind = TRACE_NOTE,
                                                           .who = "built-in requester",
                                                           .what = "an earlier snapshot",
                                                           .detail = detail });
}

/* Marks what the program has not made, and tells its ids. Answers how many there are. */
static size_t introduce(struct vssemu_world *world, const VSS_ID *set, const char *label)
{
    size_t n = 0;

    sched_enter(world->ports.sched);
    list_each (struct snapshot, snapshot, &world->service.snapshots, link) {
        if (!guid_is_equal(&snapshot->set_id, set))
            continue;
        snapshot->is_earlier = true;
        note(world, snapshot, label);
        n++;
    }
    sched_leave(world->ports.sched);
    return n;
}

/* A requester from its first call to its last Release. */
static HRESULT run_requester(struct vssemu_world *world, const struct snapshot_spec *spec,
                             VSS_ID *ret_set)
{
    struct script script;

    world_make_passing(world, true);
    script_init(&script, world);
    script.context = spec->context;
    script.letters = spec->letters;
    HRESULT hr = script_backup(&script, VSSEMU_END);
    script_fini(&script);
    world_make_passing(world, false);
    *ret_set = script.set;
    return hr;
}

bool earlier_snapshots_make(struct vssemu_world *world, const struct snapshot_spec *spec,
                            VSS_ID *ret_set, char **ret_error)
{
    *ret_set = GUID_NULL;
    if (!has_volumes(world, spec->letters, ret_error))
        return false;
    com_classes()->enter_apartment();
    HRESULT hr = run_requester(world, spec, ret_set);
    com_classes()->leave_apartment();
    size_t n = introduce(world, ret_set, spec->label);

    if (FAILED(hr) || !n) {
        *ret_error = FAILED(hr)
                         ? str_printf("no snapshot has been made: 0x%08x (%s)", (unsigned)hr,
                                      HRESULT_NAME(hr))
                         : str_printf("no snapshot has been made: a writer has prevented it");
        return false;
    }
    return copy_what_comes_then(spec, ret_error);
}
