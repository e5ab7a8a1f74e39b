/* SPDX-License-Identifier: MIT */
/* Marks first, then lists: every component of a writer gets a mark (out, asked for, explicit), and
 * the list is made from the marks. Ancestors are looked up by name, one look-up for each element of
 * a logical path, so thousands of components cost no more than their names. */
#include "fakes/requester/betest_selection.h"
#include "fakes/requester/betest_selection_i.h"

#include "emu/base/str.h"

#include <string.h>

void selection_add_writer(struct selection *s, struct wmd *wmd)
{
    *array_push(&s->writers) = (struct chosen_writer){ .wmd = wmd };
}

void selection_free(struct selection *s)
{
    for (size_t i = 0; i < s->writers.count; i++) {
        wmd_free(s->writers.items[i].wmd);
        free(s->writers.items[i].places);
    }
    for (size_t i = 0; i < s->components.count; i++)
        component_details_free(s->components.items[i].details);
    array_free(&s->writers);
    array_free(&s->components);
}

char *chosen_full_name(const struct wmd_component *component)
{
    const char *path = component->logical_path;

    return str_printf("%s%s%s", path, *path ? "\\" : "", component->name);
}

char *config_full_name(const struct betest_component *component)
{
    const char *path = component_path(component->logical_path);

    return str_printf("%s%s%s", path, *path ? "\\" : "", component->name);
}

const struct filespecs *component_files(const struct wmd_component *component, int list)
{
    const struct filespecs *lists[COMPONENT_FILE_LISTS] = { &component->files,
                                                            &component->database_files,
                                                            &component->log_files };

    return lists[list];
}

struct wmd_component *selection_marked_ancestor(struct wmd *wmd,
                                                const struct wmd_component *component,
                                                const unsigned char *marks, enum mark wanted)
{
    auto_free char *path = mem_strdup(component->logical_path);
    const char *parent = "";
    char *name = path;

    while (*name) {
        char *end = strchr(name, '\\');

        if (end)
            *end = 0;
        struct wmd_component *above = wmd_find_component(wmd, parent, name);
        if (above && above->selectable && marks[above - wmd->components.items] >= wanted)
            return above;
        if (!end)
            break;
        /* The path up to here becomes the parent: put back the separator before it. */
        if (name != path)
            name[-1] = '\\';
        parent = path;
        name = end + 1;
    }
    return NULL;
}

/* Marks what one entry names of one writer; false if the writer has no such component. */
static bool mark_named(struct wmd *wmd, unsigned char *marks, const struct betest_component *wanted)
{
    bool is_found = false;

    if (wanted->logical_path) {
        const struct wmd_component *component =
            wmd_find_component(wmd, wanted->logical_path, wanted->name);

        if (component)
            marks[component - wmd->components.items] = ASKED_FOR;
        return component != NULL;
    }
    for (size_t i = 0; i < wmd->components.count; i++) {
        if (!str_is_equal(wmd->components.items[i].name, wanted->name))
            continue;
        marks[i] = ASKED_FOR;
        is_found = true;
    }
    return is_found;
}

static void mark_of_writer(struct selection *s, const struct betest_writer *wanted,
                           unsigned char **marks, struct betest_report *report)
{
    for (size_t j = 0; j < wanted->components.count; j++) {
        const struct betest_component *name = &wanted->components.items[j];
        bool is_found = false;

        for (size_t w = 0; w < s->writers.count; w++) {
            struct wmd *wmd = s->writers.items[w].wmd;

            if (IsEqualGUID(&wmd->writer_id, &wanted->writer_id))
                is_found |= mark_named(wmd, marks[w], name);
        }
        if (is_found)
            continue;
        auto_free char *full_name = config_full_name(name);
        report_failure(report, BETEST_COMPONENT_FAILED,
                       "no writer of class %s offers component \"%s\"",
                       BETEST_GUID(&wanted->writer_id), full_name);
    }
}

static void mark_from_config(struct selection *s, const struct betest_config *config,
                             unsigned char **marks, struct betest_report *report)
{
    for (size_t i = 0; i < config->writers.count; i++)
        mark_of_writer(s, &config->writers.items[i], marks, report);
}

/* Learn: "Working with Selectability for Backup": what has no selectable ancestor is always named;
 * not selectable and no selectable ancestor means mandatory as soon as the writer takes part. */
static void mark_explicit(struct wmd *wmd, unsigned char *marks, struct betest_report *report)
{
    bool takes_part = false;

    for (size_t i = 0; i < wmd->components.count; i++)
        takes_part = takes_part || marks[i] == ASKED_FOR;

    for (size_t i = 0; takes_part && i < wmd->components.count; i++) {
        struct wmd_component *component = &wmd->components.items[i];

        if (!wmd_has_selectable_ancestor(wmd, component)) {
            if (marks[i] == ASKED_FOR || !component->selectable)
                marks[i] = EXPLICIT;
        } else if (marks[i] == ASKED_FOR &&
                   !selection_marked_ancestor(wmd, component, marks, ASKED_FOR)) {
            auto_free char *name = chosen_full_name(component);

            if (component->selectable)
                marks[i] = EXPLICIT;
            else
                report_failure(report, BETEST_COMPONENT_FAILED,
                               "component \"%s\" of '%s' can be had with its parent only", name,
                               wmd->name);
        }
    }
}

static void append(struct selection *s, size_t w, struct wmd_component *component, size_t owner)
{
    size_t place = s->components.count;

    array_add(&s->components, ((struct chosen_component){ .writer = w,
                                                          .component = component,
                                                          .owner = owner,
                                                          .next_member = SIZE_MAX,
                                                          .last_member = place }));
    if (owner == place)
        return;
    struct chosen_component *set = &s->components.items[owner];
    s->components.items[set->last_member].next_member = place;
    set->last_member = place;
}

/* Appends the explicit ones of a writer, then those that come with them. */
static void list_chosen(struct selection *s, size_t w, const unsigned char *marks)
{
    struct wmd *wmd = s->writers.items[w].wmd;
    size_t first = s->components.count;
    /* Where each explicit component of the writer stands in the list. */
    size_t *places = mem_alloc(wmd->components.count * sizeof(*places));

    free(s->writers.items[w].places);
    s->writers.items[w].places = places;
    for (size_t i = 0; i < wmd->components.count; i++) {
        places[i] = SIZE_MAX;
        if (marks[i] != EXPLICIT)
            continue;
        places[i] = s->components.count;
        append(s, w, &wmd->components.items[i], places[i]);
    }
    s->writers.items[w].is_chosen = s->components.count > first;
    for (size_t i = 0; s->writers.items[w].is_chosen && i < wmd->components.count; i++) {
        struct wmd_component *owner =
            marks[i] == EXPLICIT
                ? NULL
                : selection_marked_ancestor(wmd, &wmd->components.items[i], marks, EXPLICIT);

        if (owner)
            append(s, w, &wmd->components.items[i], places[owner - wmd->components.items]);
    }
}

static unsigned char **marks_new(const struct selection *s)
{
    unsigned char **marks = mem_alloc(s->writers.count * sizeof(*marks));

    for (size_t w = 0; w < s->writers.count; w++)
        marks[w] = mem_alloc(s->writers.items[w].wmd->components.count);
    return marks;
}

static void marks_free(const struct selection *s, unsigned char **marks)
{
    for (size_t w = 0; w < s->writers.count; w++)
        free(marks[w]);
    free(marks);
}

/* Learn: "VSS Backup State": what claims to be a bootable system state holds all of it. */
static void mark_bootable_state(struct selection *s, unsigned char **marks)
{
    for (size_t w = 0; w < s->writers.count; w++) {
        const struct wmd *wmd = s->writers.items[w].wmd;

        if (wmd->usage != VSS_UT_BOOTABLESYSTEMSTATE)
            continue;
        for (size_t i = 0; i < wmd->components.count; i++)
            if (!(wmd->components.items[i].flags & VSS_CF_NOT_SYSTEM_STATE))
                marks[w][i] = ASKED_FOR;
    }
}

void selection_choose(struct selection *s, const struct betest_config *config, bool bootable_state,
                      struct betest_report *report)
{
    unsigned char **marks = marks_new(s);

    if (config)
        mark_from_config(s, config, marks, report);
    if (bootable_state)
        mark_bootable_state(s, marks);
    for (size_t w = 0; w < s->writers.count; w++)
        if (!config)
            memset(marks[w], ASKED_FOR, s->writers.items[w].wmd->components.count);
    selection_mark_dependencies(s, marks, report);
    for (size_t w = 0; w < s->writers.count; w++) {
        mark_explicit(s->writers.items[w].wmd, marks[w], report);
        list_chosen(s, w, marks[w]);
    }
    marks_free(s, marks);
}

struct chosen_component *selection_find_explicit(struct selection *s, const VSS_ID *class,
                                                 const char *logical_path, const char *name)
{
    for (size_t w = 0; w < s->writers.count; w++) {
        const struct chosen_writer *writer = &s->writers.items[w];

        if (!writer->places || !IsEqualGUID(&writer->wmd->writer_id, class))
            continue;
        const struct wmd_component *found = wmd_find_component(writer->wmd, logical_path, name);
        size_t place = found ? writer->places[found - writer->wmd->components.items] : SIZE_MAX;
        if (place != SIZE_MAX)
            return &s->components.items[place];
    }
    return NULL;
}

bool selection_add_explicit(struct selection *s, size_t writer, const char *logical_path,
                            const char *name)
{
    struct wmd_component *component =
        wmd_find_component(s->writers.items[writer].wmd, logical_path, name);

    if (!component)
        return false;
    append(s, writer, component, s->components.count);
    return true;
}

void selection_complete(struct selection *s)
{
    unsigned char **marks = marks_new(s);

    for (size_t i = 0; i < s->components.count; i++) {
        const struct chosen_component *chosen = &s->components.items[i];
        struct wmd *wmd = s->writers.items[chosen->writer].wmd;

        marks[chosen->writer][chosen->component - wmd->components.items] = EXPLICIT;
    }
    array_free(&s->components);
    for (size_t w = 0; w < s->writers.count; w++)
        list_chosen(s, w, marks[w]);
    marks_free(s, marks);
}
