/* SPDX-License-Identifier: MIT */
/* Dependencies (Learn: "Dependencies between Components Managed by Different Writers"): a component
 * and what it depends on are to be backed up together. VSS does not see to it, the requester does.
 * The marks are gone over until nothing is added; each round is linear, and there are as many
 * rounds as the longest chain of dependencies has links. */
#include "fakes/requester/betest_selection_i.h"

#include "emu/base/str.h"

struct following {
    struct selection *selection;
    unsigned char **marks;
    struct betest_report *report;
    bool has_changed;
    bool tells; /* the last round: says what could not be followed */
};

static size_t number_of(const struct wmd *wmd, const struct wmd_component *component)
{
    return (size_t)(component - wmd->components.items);
}

/* Whether it takes part: named, with its parent, or mandatory because its writer takes part. */
static bool is_in(const struct following *f, size_t w, const struct wmd_component *component,
                  bool writer_takes_part)
{
    struct wmd *wmd = f->selection->writers.items[w].wmd;

    if (f->marks[w][number_of(wmd, component)] >= ASKED_FOR)
        return true;
    if (writer_takes_part && !component->selectable && !wmd_has_selectable_ancestor(wmd, component))
        return true;
    return selection_marked_ancestor(wmd, component, f->marks[w], ASKED_FOR) != NULL;
}

static bool takes_part(const struct following *f, size_t w)
{
    for (size_t i = 0; i < f->selection->writers.items[w].wmd->components.count; i++)
        if (f->marks[w][i] >= ASKED_FOR)
            return true;
    return false;
}

/* Learn, the same page: a leading "\\machine\" means a component of another machine. */
static bool is_remote(const struct wmd_dependency *dependency)
{
    return str_starts_with(dependency->logical_path, "\\\\") ||
           str_starts_with(dependency->name, "\\\\");
}

/* Marks the component, or what brings it along when it cannot be named itself. */
static void bring_along(struct following *f, size_t w, const struct wmd_component *needed,
                        const struct wmd_component *dependent)
{
    struct wmd *wmd = f->selection->writers.items[w].wmd;
    auto_free char *name = chosen_full_name(needed), *because = chosen_full_name(dependent);
    const struct wmd_component *above =
        needed->selectable ? NULL : selection_marked_ancestor(wmd, needed, f->marks[w], NOT_CHOSEN);

    f->marks[w][number_of(wmd, above ? above : needed)] = ASKED_FOR;
    f->has_changed = true;
    report_line(f->report, "component \"%s\" of '%s' comes along: \"%s\" depends on it", name,
                wmd->name, because);
}

static void follow(struct following *f, const struct wmd_component *dependent,
                   const struct wmd_dependency *dependency)
{
    auto_free char *because = chosen_full_name(dependent);
    const char *path = dependency->logical_path;

    if (is_remote(dependency)) {
        if (f->tells)
            report_line(f->report,
                        "\"%s\" depends on \"%s\\%s\" of another machine, which has to be backed "
                        "up there",
                        because, path, dependency->name);
        return;
    }
    for (size_t w = 0; w < f->selection->writers.count; w++) {
        struct wmd *wmd = f->selection->writers.items[w].wmd;

        if (!IsEqualGUID(&wmd->writer_id, &dependency->writer_id))
            continue;
        const struct wmd_component *needed = wmd_find_component(wmd, path, dependency->name);
        if (!needed)
            continue;
        if (!is_in(f, w, needed, takes_part(f, w)))
            bring_along(f, w, needed, dependent);
        return;
    }
    if (f->tells)
        report_line(f->report,
                    "\"%s\" depends on \"%s%s%s\" of writer {%s}, which is not there; backed up "
                    "without it",
                    because, path, *path ? "\\" : "", dependency->name,
                    BETEST_GUID(&dependency->writer_id));
}

static void go_over(struct following *f)
{
    f->has_changed = false;
    for (size_t w = 0; w < f->selection->writers.count; w++) {
        const struct wmd *wmd = f->selection->writers.items[w].wmd;
        bool writer_takes_part = takes_part(f, w);

        for (size_t i = 0; i < wmd->components.count; i++) {
            const struct wmd_component *component = &wmd->components.items[i];

            if (component->dependencies.count == 0 || !is_in(f, w, component, writer_takes_part))
                continue;
            for (size_t d = 0; d < component->dependencies.count; d++)
                follow(f, component, &component->dependencies.items[d]);
        }
    }
}

void selection_mark_dependencies(struct selection *s, unsigned char **marks,
                                 struct betest_report *report)
{
    struct following f = { .selection = s, .marks = marks, .report = report };

    do
        go_over(&f);
    while (f.has_changed);
    f.tells = true;
    go_over(&f);
}
