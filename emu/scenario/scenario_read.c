/* SPDX-License-Identifier: MIT */
/* The whole of a world file (scenario_read.h); its parts are in read_*.c. */
#include "emu/scenario/scenario_read.h"

#include "emu/base/cleanup.h"
#include "emu/doc/xml.h"
#include "emu/proto/choices.h"
#include "emu/scenario/read_i.h"
#include "emu/scenario/step.h"

#include <string.h>

static bool read_clock(struct reader *r, const struct tree_node *node, void *into)
{
    auto_free char *text = NULL;

    if (!read_text(r, node, &text))
        return false;
    ((struct scenario *)into)->is_real_clock = strcmp(text, "real") == 0;
    return strcmp(text, "real") == 0 || strcmp(text, "virtual") == 0 ||
           read_fail(r, node, "clock is virtual or real, not %s", text);
}

static bool read_seed(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario *s = into;

    s->has_seed = true;
    return read_u64(r, node, &s->seed);
}

static bool read_windows(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario *s = into;
    enum windows_version version;

    return read_text(r, node, &s->windows) &&
           (windows_version_named(s->windows, &version) ||
            read_fail(r, node, "windows is 2003, 2008r2, 2012r2, 2016 or 2022, not %s",
                      s->windows));
}

static bool add_choice(struct reader *r, const char *line, const struct tree_node *place,
                       void *into)
{
    struct choices choices;

    choices_init(&choices);
    if (!choices_set_pair(&choices, line))
        return read_fail(r, place,
                         "%s is no choice or no value of one; `vssemu states choices` lists them",
                         line);
    scenario_texts_add(&((struct scenario *)into)->choices, line);
    return true;
}

static bool read_choices(struct reader *r, const struct tree_node *node, void *into)
{
    if (node->kind != TREE_MAP)
        return read_lines(r, node, add_choice, into);
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *item = node->items.items[i];

        if (item->kind != TREE_SCALAR)
            return read_fail(r, item, "a choice has one value");
        auto_free char *pair = str_printf("%s=%s", item->key, item->text);

        if (!add_choice(r, pair, item, into))
            return false;
    }
    return true;
}

static bool read_caller(struct reader *r, const struct tree_node *node, void *into)
{
    static const char *const callers[] = { "administrator", "backup-operator", "user" };
    struct scenario *s = into;

    if (!read_text(r, node, &s->caller))
        return false;
    for (size_t i = 0; i < sizeof(callers) / sizeof(*callers); i++) {
        if (strcmp(s->caller, callers[i]) == 0)
            return true;
    }
    return read_fail(r, node, "caller is administrator, backup-operator or user, not %s",
                     s->caller);
}

static bool read_service(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario *s = into;

    s->is_service = true;
    return tree_is_null(node) || read_text(r, node, &s->service);
}

static bool read_unnamed(struct reader *r, const struct tree_node *node, void *into)
{
    uint64_t n;

    if (!read_u64(r, node, &n))
        return false;
    if (n > 1000)
        return read_fail(r, node, "a world has at most 1000 volumes without a letter");
    while (n--)
        scenario_add_volume(into, 0);
    return true;
}

static const struct key_row transaction_rows[] = {
    { "freeze", VALUE_DURATION, offsetof(struct scenario, transaction_freeze_ns), NULL },
    { "thaw", VALUE_DURATION, offsetof(struct scenario, transaction_thaw_ns), NULL },
    { NULL, VALUE_OWN, 0, NULL },
};

static bool read_transactions(struct reader *r, const struct tree_node *node, void *into)
{
    return read_map(r, node, transaction_rows, "transactions", into);
}

static bool add_fault(struct reader *r, const char *line, const struct tree_node *place, void *into)
{
    auto_free char *error = NULL;

    return scenario_add_fault(into, line, &error) || read_fail(r, place, "%s", error);
}

/* YAML reads the line "volume=C: op=flush do=hang" as a mapping of one member. */
static bool is_line_with_colon(const struct tree_node *node)
{
    return node->items.count == 1 && strchr(node->items.items[0]->key, '=');
}

/* A fault is no mapping, however much it looks like one. */
static const struct tree_node *find_mapping(const struct tree_node *node)
{
    if (node->kind == TREE_MAP)
        return is_line_with_colon(node) ? NULL : node;
    for (size_t i = 0; node->kind == TREE_LIST && i < node->items.count; i++) {
        const struct tree_node *item = node->items.items[i];

        if (item->kind == TREE_MAP && !is_line_with_colon(item))
            return item;
    }
    return NULL;
}

static bool read_faults(struct reader *r, const struct tree_node *node, void *into)
{
    const struct tree_node *map = find_mapping(node);

    if (map)
        return read_fail(r, map,
                         "a fault is one line, as of --fault: - writer=Sql event=Freeze "
                         "do=hang");
    return read_lines(r, node, add_fault, into);
}

static bool add_step(struct reader *r, const char *line, const struct tree_node *place, void *into)
{
    struct scenario *s = into;
    auto_free char *error = NULL;
    struct step step;

    if (!step_parse(line, &step, &error))
        return read_fail(r, place, "%s", error);
    step_fini(&step);
    scenario_add_step(s, line);
    s->steps.items[s->steps.count - 1].line = place->line;
    return true;
}

bool scenario_read_steps(const char *text, struct scenario *ret, char **ret_error)
{
    unsigned n_line = 1;

    *ret = (struct scenario){ 0 };
    for (const char *at = text; *at; n_line++) {
        size_t n = strcspn(at, "\n");
        auto_free char *line = str_printf("%.*s", (int)n, at), *error = NULL;
        struct step step;

        const char *step_text = line + strspn(line, " \t\r");

        for (char *end = line + n; end > line && strchr(" \t\r", end[-1]);)
            *--end = 0;
        at += n + (at[n] == '\n');
        if (!*step_text || *step_text == '#')
            continue;
        if (!step_parse(step_text, &step, &error)) {
            *ret_error = str_printf("line %u: %s", n_line, error);
            scenario_fini(ret);
            return false;
        }
        step_fini(&step);
        scenario_add_step(ret, step_text);
        ret->steps.items[ret->steps.count - 1].line = n_line;
    }
    return true;
}

static bool read_steps(struct reader *r, const struct tree_node *node, void *into)
{
    return read_lines(r, node, add_step, into);
}

static bool read_betest(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario *s = into;

    s->requester = SCENARIO_REQUESTER_BETEST;
    return tree_is_null(node) || read_text(r, node, &s->betest);
}

static bool read_program(struct reader *r, const struct tree_node *node, void *into)
{
    struct scenario *s = into;
    auto_words struct words words = { 0 };

    if (node->kind == TREE_LIST)
        return read_texts(r, node, &s->program);
    if (node->kind != TREE_SCALAR || !words_split(node->text, &words))
        return read_fail(r, node, "program is a line, or a list of the program and its arguments");
    for (size_t i = 0; i < words.count; i++)
        scenario_texts_add(&s->program, words.items[i]);
    return true;
}

#define AT(member) offsetof(struct scenario, member)

static const struct key_row rows[] = {
    { "name", VALUE_TEXT, AT(name), NULL },
    { "catalogue", VALUE_TEXT, AT(catalogue), NULL },
    { "about", VALUE_TEXT, AT(about), NULL },
    { "clock", VALUE_OWN, 0, read_clock },
    { "seed", VALUE_OWN, 0, read_seed },
    { "schedule", VALUE_TEXT, AT(schedule), NULL },
    { "fine", VALUE_BOOL, AT(is_fine), NULL },
    { "windows", VALUE_OWN, 0, read_windows },
    { "choices", VALUE_OWN, 0, read_choices },
    { "caller", VALUE_OWN, 0, read_caller },
    { "document-limit", VALUE_SIZE, AT(document_limit), NULL },
    { "strict", VALUE_BOOL, AT(is_strict), NULL },
    { "strict-api", VALUE_BOOL, AT(is_strict_api), NULL },
    { "service", VALUE_OWN, 0, read_service },
    { "transactions", VALUE_OWN, 0, read_transactions },
    { "volumes", VALUE_OWN, 0, read_volumes },
    { "unnamed-volumes", VALUE_OWN, 0, read_unnamed },
    { "writers", VALUE_OWN, 0, read_writers },
    { "providers", VALUE_TEXTS, AT(providers), NULL },
    { "registry", VALUE_OWN, 0, read_registry },
    { "snapshots", VALUE_OWN, 0, read_snapshots },
    { "faults", VALUE_OWN, 0, read_faults },
    { "steps", VALUE_OWN, 0, read_steps },
    { "betest", VALUE_OWN, 0, read_betest },
    { "program", VALUE_OWN, 0, read_program },
    { "expect", VALUE_OWN, 0, read_expectations },
    { NULL, VALUE_OWN, 0, NULL },
};

static bool read_all(struct reader *r, const struct tree_node *root)
{
    struct scenario *s = r->scenario;

    if (!root)
        return true;
    if (!read_map(r, root, rows, "a world file", s))
        return false;
    if (s->steps.count && s->requester == SCENARIO_REQUESTER_BETEST)
        return read_fail(r, root, "a run has one requester: steps or betest");
    if (s->steps.count)
        s->requester = SCENARIO_REQUESTER_STEPS;
    return true;
}

bool scenario_read(const char *text, size_t size, const char *name, struct scenario *ret,
                   char **ret_error)
{
    struct scenario scenario = { .path = mem_strdup(name) };
    struct reader r = {
        .name = name, .text = text, .size = size, .scenario = &scenario, .ret_error = ret_error
    };
    struct tree_node *root = NULL;

    *ret_error = NULL;
    bool is_good = tree_parse(text, size, name, &root, ret_error) && read_all(&r, root);
    tree_free(root);
    if (is_good)
        *ret = scenario;
    else
        scenario_fini(&scenario);
    return is_good;
}

bool scenario_read_file(const char *path, struct scenario *ret, char **ret_error)
{
    auto_free char *text = NULL;
    size_t size = 0;

    if (xml_load_file(path, TREE_MAX_SIZE, &text, &size, ret_error) ||
        !scenario_read(text, size, path, ret, ret_error))
        return false;
    const char *slash = strrchr(path, '/');

    ret->directory = slash ? str_printf("%.*s", (int)(slash - path), path) : NULL;
    if (slash == path) {
        free(ret->directory);
        ret->directory = mem_strdup("/");
    }
    return true;
}
