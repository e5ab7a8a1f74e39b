/* SPDX-License-Identifier: MIT */
/* One array of counters; a cell's place in it is computed. Names in records become numbers through
 * a table of their hashes, made once. */
#include "emu/search/coverage.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/hash.h"
#include "emu/base/list.h"
#include "emu/com/hresult.h"
#include "emu/port/trace.h"
#include "emu/proto/api_rules.h"
#include "emu/proto/fault_rules.h"
#include "emu/proto/writer_rules.h"
#include "fakes/world/fault.h"

#include <stdio.h>
#include <string.h>

#define N_ACTIONS (N_FAULT_ACTIONS + 1u) /* and none */
#define NO_FAULT  ((unsigned)N_FAULT_ACTIONS)
#define N_STATES  ((unsigned)VSS_WS_COUNT)

/* A fault of a writer that has been told of; the event's record comes behind it. */
struct pending {
    struct pending *next;
    unsigned action;
    char who[];
};

enum name_kind { A_STATE, A_POINT };

struct known_name {
    struct hash_link link;
    enum name_kind kind;
    enum fault_actor actor;
    const char *name;
    unsigned value;
};

struct coverage {
    size_t first[N_FAULT_ACTORS + 1]; /* of each actor's cells */
    uint32_t *counts;
    unsigned n_new;
    struct pending *pending;
    struct hash names;
    ARRAY(struct known_name *) owned_names;
};

/* ---- places of cells ---- */

static unsigned states_of(enum fault_actor actor)
{
    return actor == FAULT_WRITER ? N_STATES : 1;
}

static size_t place_of(const struct coverage *c, const struct coverage_cell *cell)
{
    size_t n_points = fault_point_count_of_backups(cell->actor);

    return c->first[cell->actor] + (cell->state * n_points + cell->point) * N_ACTIONS +
           cell->action;
}

static bool is_possible(const struct coverage_cell *cell)
{
    if (cell->action != NO_FAULT &&
        !fault_rules_allow(cell->actor, cell->point, (enum fault_action)cell->action))
        return false;
    return cell->actor != FAULT_WRITER ||
           (cell->state >= VSS_WS_STABLE &&
            writer_rules_allow((VSS_WRITER_STATE)cell->state, (enum writer_event)cell->point));
}

/* ---- names ---- */

static uint64_t key_of(enum name_kind kind, enum fault_actor actor, const char *name)
{
    return hash_text(name) ^ hash_number((uint64_t)kind * 16 + (uint64_t)actor + 1);
}

static void know(struct coverage *c, enum name_kind kind, enum fault_actor actor, const char *name,
                 unsigned value)
{
    struct known_name *known = mem_new(struct known_name);

    known->kind = kind;
    known->actor = actor;
    known->name = name;
    known->value = value;
    hash_add(&c->names, &known->link, key_of(kind, actor, name));
    array_add(&c->owned_names, known);
}

static bool look_up(const struct coverage *c, enum name_kind kind, enum fault_actor actor,
                    const char *name, unsigned *ret_value)
{
    uint64_t key = key_of(kind, actor, name);

    for (struct hash_link *link = hash_chain(&c->names, key); link; link = link->next) {
        struct known_name *known = container_of(link, struct known_name, link);

        if (link->hash == key && known->kind == kind && known->actor == actor &&
            strcmp(known->name, name) == 0) {
            *ret_value = known->value;
            return true;
        }
    }
    return false;
}

static const char *state_text(unsigned state)
{
    const char *name = writer_state_name((VSS_WRITER_STATE)state);

    return str_starts_with(name, "VSS_WS_") ? name + strlen("VSS_WS_") : name;
}

struct coverage *coverage_new(void)
{
    struct coverage *c = mem_new(struct coverage);
    size_t n = 0;

    for (unsigned actor = 0; actor < N_FAULT_ACTORS; actor++) {
        enum fault_actor who = (enum fault_actor)actor;

        c->first[actor] = n;
        n += states_of(who) * fault_point_count_of_backups(who) * N_ACTIONS;
        for (unsigned i = 0; i < fault_point_count_of_backups(who); i++)
            know(c, A_POINT, who, fault_point_name(who, i), i);
    }
    c->first[N_FAULT_ACTORS] = n;
    for (unsigned state = VSS_WS_STABLE; state < N_STATES; state++)
        know(c, A_STATE, FAULT_WRITER, state_text(state), state);
    c->counts = mem_alloc(n * sizeof(*c->counts));
    return c;
}

void coverage_begin_run(struct coverage *c)
{
    for (struct pending *p = c->pending, *next; p; p = next) {
        next = p->next;
        free(p);
    }
    c->pending = NULL;
}

void coverage_free(struct coverage *c)
{
    if (!c)
        return;
    coverage_begin_run(c);
    for (size_t i = 0; i < c->owned_names.count; i++)
        free(c->owned_names.items[i]);
    array_free(&c->owned_names);
    hash_free(&c->names);
    free(c->counts);
    free(c);
}

/* ---- records ---- */

static void count(struct coverage *c, const struct coverage_cell *cell, uint32_t n)
{
    uint32_t *counter = &c->counts[place_of(c, cell)];

    c->n_new += !*counter && n && is_possible(cell);
    if (__builtin_add_overflow(*counter, n, counter))
        *counter = UINT32_MAX;
}

static void remember(struct coverage *c, const char *who, unsigned action)
{
    size_t size = strlen(who) + 1;
    struct pending *p = mem_alloc(sizeof(*p) + size);

    memcpy(p->who, who, size);
    p->action = action;
    p->next = c->pending;
    c->pending = p;
}

static unsigned take_pending(struct coverage *c, const char *who)
{
    for (struct pending **at = &c->pending; *at; at = &(*at)->next) {
        struct pending *p = *at;

        if (strcmp(p->who, who) != 0)
            continue;
        unsigned action = p->action;

        *at = p->next;
        free(p);
        return action;
    }
    return NO_FAULT;
}

/* A fault that happened: a writer's is counted with the event, others where they are told of. */
static void record_fault(struct coverage *c, const struct trace_record *record)
{
    struct fault fault;
    auto_free char *error = NULL;

    if (!record->detail || !fault_parse(record->detail, &fault, &error))
        return;
    if (fault.actor == FAULT_WRITER)
        remember(c, record->who, fault.hit.action);
    else if (!fault.is_timed && fault.point != FAULT_ANY_POINT)
        count(c,
              &(struct coverage_cell){
                  .actor = fault.actor, .point = fault.point, .action = fault.hit.action },
              1);
    fault_fini(&fault);
}

static void record_event(struct coverage *c, const struct trace_record *record)
{
    struct coverage_cell cell = { .actor = FAULT_WRITER };

    if (!record->before || !look_up(c, A_STATE, FAULT_WRITER, record->before, &cell.state) ||
        !look_up(c, A_POINT, FAULT_WRITER, record->what, &cell.point))
        return;
    cell.action = take_pending(c, record->who);
    count(c, &cell, 1);
}

static void record_place(struct coverage *c, enum fault_actor actor,
                         const struct trace_record *record)
{
    struct coverage_cell cell = { .actor = actor, .action = NO_FAULT };

    if (look_up(c, A_POINT, actor, record->what, &cell.point))
        count(c, &cell, 1);
}

void coverage_record(struct coverage *c, const struct trace_record *record)
{
    switch (record->kind) {
    case TRACE_EVENT:
        record_event(c, record);
        break;
    case TRACE_PROVIDER:
        record_place(c, FAULT_PROVIDER, record);
        break;
    case TRACE_VOLUME:
        record_place(c, FAULT_VOLUME, record);
        break;
    case TRACE_CALL:
        if (!str_starts_with(record->who, "writer "))
            record_place(c, FAULT_REQUESTER, record);
        break;
    case TRACE_NOTE:
        if (str_is_equal(record->what, "fault"))
            record_fault(c, record);
        break;
    default:
        break;
    }
}

/* ---- questions ---- */

unsigned coverage_take_new(struct coverage *c)
{
    unsigned n = c->n_new;

    c->n_new = 0;
    return n;
}

uint32_t coverage_get(const struct coverage *c, const struct coverage_cell *cell)
{
    return c->counts[place_of(c, cell)];
}

void coverage_each(const struct coverage *c,
                   void (*each)(void *arg, const struct coverage_cell *cell, uint32_t count),
                   void *arg)
{
    for (unsigned actor = 0; actor < N_FAULT_ACTORS; actor++) {
        enum fault_actor who = (enum fault_actor)actor;
        struct coverage_cell cell = { .actor = who };

        for (cell.state = 0; cell.state < states_of(who); cell.state++) {
            for (cell.point = 0; cell.point < fault_point_count_of_backups(who); cell.point++) {
                for (cell.action = 0; cell.action < N_ACTIONS; cell.action++) {
                    if (is_possible(&cell))
                        each(arg, &cell, coverage_get(c, &cell));
                }
            }
        }
    }
}

struct tally {
    unsigned met, possible;
};

static void add_to_tally(void *arg, const struct coverage_cell *cell, uint32_t count)
{
    struct tally *tally = arg;

    (void)cell;
    tally->met += count > 0;
    tally->possible++;
}

void coverage_count(const struct coverage *c, unsigned *ret_met, unsigned *ret_possible)
{
    struct tally tally = { 0 };

    coverage_each(c, add_to_tally, &tally);
    *ret_met = tally.met;
    *ret_possible = tally.possible;
}

/* ---- text ---- */

void coverage_cell_text(const struct coverage_cell *cell, struct str *out)
{
    str_addf(out, "%s ", fault_actor_name(cell->actor));
    if (cell->actor == FAULT_WRITER)
        str_addf(out, "%s ", state_text(cell->state));
    str_addf(out, "%s %s", fault_point_name(cell->actor, cell->point),
             cell->action == NO_FAULT ? "-" : fault_action_name((enum fault_action)cell->action));
}

static void write_cell(void *arg, const struct coverage_cell *cell, uint32_t count)
{
    struct str *out = arg;

    if (!count)
        return;
    str_add_u64(out, count);
    str_add_char(out, ' ');
    coverage_cell_text(cell, out);
    str_add_char(out, '\n');
}

void coverage_write(const struct coverage *c, struct str *out)
{
    coverage_each(c, write_cell, out);
}

static bool parse_action(const char *word, unsigned *ret_action)
{
    for (unsigned i = 0; i < N_FAULT_ACTIONS; i++) {
        if (strcmp(word, fault_action_name((enum fault_action)i)) != 0)
            continue;
        *ret_action = i;
        return true;
    }
    *ret_action = NO_FAULT;
    return strcmp(word, "-") == 0;
}

static bool parse_line(const struct coverage *c, char *line, struct coverage_cell *ret_cell,
                       uint32_t *ret_count)
{
    char *words[6] = { NULL }, *rest = line;
    size_t n = 0;
    char end;

    for (char *word; n < 6 && (word = strsep(&rest, " "));)
        words[n++] = word;
    *ret_cell = (struct coverage_cell){ 0 };
    if (n < 4 || n > 5 || sscanf(words[0], "%u%c", ret_count, &end) != 1)
        return false;
    while (strcmp(words[1], fault_actor_name(ret_cell->actor)) != 0) {
        if (++ret_cell->actor == N_FAULT_ACTORS)
            return false;
    }
    bool is_writer = ret_cell->actor == FAULT_WRITER;

    return n == (is_writer ? 5 : 4) &&
           (!is_writer || look_up(c, A_STATE, FAULT_WRITER, words[2], &ret_cell->state)) &&
           look_up(c, A_POINT, ret_cell->actor, words[n - 2], &ret_cell->point) &&
           parse_action(words[n - 1], &ret_cell->action) && is_possible(ret_cell);
}

bool coverage_add_text(struct coverage *c, const char *text, char **ret_error)
{
    auto_free char *copy = mem_strdup(text);
    char *rest = copy;
    unsigned n = 0;

    for (char *line; (line = strsep(&rest, "\n"));) {
        struct coverage_cell cell;
        uint32_t times;

        n++;
        if (!*line)
            continue;
        auto_free char *shown = mem_strdup(line);

        if (!parse_line(c, line, &cell, &times)) {
            *ret_error = str_printf("line %u of the coverage is none of ours: %.60s", n, shown);
            return false;
        }
        count(c, &cell, times);
    }
    return true;
}
