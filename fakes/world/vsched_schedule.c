/* SPDX-License-Identifier: MIT */
#include "fakes/world/vsched_schedule.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "fakes/world/prng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool takes_n;
    unsigned least, usual; /* of n */
    unsigned drawn_from, drawn_to;
} kinds[] = {
    [VSCHED_RANDOM] = { "random", false, 0, 0, 0, 0 },
    [VSCHED_PCT] = { "pct", true, 1, 3, 2, 4 },
    [VSCHED_BOUNDED] = { "bounded", true, 0, 2, 1, 3 },
    [VSCHED_MIX] = { "mix", false, 0, 0, 0, 0 },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Lengths that are drawn: 2^4 to 2^14 switch points. */
#define LEAST_LENGTH_BITS 4
#define DRAWN_BITS        10

static bool fail(char **ret_error, char *take_text)
{
    if (ret_error)
        *ret_error = take_text;
    else
        free(take_text);
    return false;
}

static bool parse_number(const char *text, size_t length, uint64_t most, uint64_t *ret)
{
    uint64_t value = 0;

    if (!length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
        if (value > most)
            return false;
    }
    *ret = value;
    return true;
}

static bool find_kind(const char *text, size_t length, enum vsched_schedule_kind *ret)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, text, length) == 0) {
            *ret = (enum vsched_schedule_kind)i;
            return true;
        }
    }
    return false;
}

/* ":N"; answers what stands behind it, NULL on failure. */
static const char *parse_n(const char *at, struct vsched_schedule *s, char **ret_error)
{
    size_t length;
    uint64_t n;

    if (*at != ':')
        return at;
    length = strcspn(++at, ",");
    if (!kinds[s->kind].takes_n) {
        fail(ret_error, str_printf("schedule %s takes no number", kinds[s->kind].name));
        return NULL;
    }
    if (!parse_number(at, length, VSCHED_MAX_POINTS, &n) || n < kinds[s->kind].least) {
        fail(ret_error, str_printf("schedule %s takes a number from %u to %d, not \"%.*s\"",
                                   kinds[s->kind].name, kinds[s->kind].least, VSCHED_MAX_POINTS,
                                   (int)length, at));
        return NULL;
    }
    s->has_n = true;
    s->n = (unsigned)n;
    return at + length;
}

bool vsched_schedule_parse(const char *text, struct vsched_schedule *ret, char **ret_error)
{
    static const char length_key[] = ",length=";
    struct vsched_schedule s = { 0 };
    size_t length = strcspn(text, ":,");

    if (!find_kind(text, length, &s.kind))
        return fail(ret_error, str_printf("a schedule is random, pct[:DEPTH], bounded[:N] or mix, "
                                          "not \"%s\"",
                                          text));
    const char *rest = parse_n(text + length, &s, ret_error);
    if (!rest)
        return false;
    if (*rest && (strncmp(rest, length_key, strlen(length_key)) != 0 ||
                  !parse_number(rest + strlen(length_key), strlen(rest + strlen(length_key)),
                                INT64_MAX, &s.length) ||
                  !s.length))
        return fail(ret_error, str_printf("behind a schedule's name stands ,length=SWITCH_POINTS, "
                                          "not \"%s\"",
                                          rest));
    *ret = s;
    return true;
}

char *vsched_schedule_text(const struct vsched_schedule *s)
{
    struct str text = { 0 };

    str_add(&text, kinds[s->kind].name);
    if (s->has_n && kinds[s->kind].takes_n)
        str_addf(&text, ":%u", s->n);
    if (s->length)
        str_addf(&text, ",length=%llu", (unsigned long long)s->length);
    return str_take(&text);
}

struct vsched_schedule vsched_schedule_resolve(const struct vsched_schedule *schedule,
                                               uint64_t seed)
{
    struct vsched_schedule s = *schedule;
    struct prng prng;

    if (s.kind == VSCHED_RANDOM)
        return (struct vsched_schedule){ 0 };
    prng_init(&prng, seed, "mix");
    unsigned third = (unsigned)random_below(&prng.port, 3);
    uint64_t n = random_next(&prng.port);
    uint64_t bits = LEAST_LENGTH_BITS + random_below(&prng.port, DRAWN_BITS);
    uint64_t length = (UINT64_C(1) << bits) + random_below(&prng.port, UINT64_C(1) << bits);
    if (s.kind == VSCHED_MIX) {
        s.kind = (enum vsched_schedule_kind)third;
        if (s.kind == VSCHED_RANDOM)
            return (struct vsched_schedule){ 0 };
        s.n = kinds[s.kind].drawn_from +
              (unsigned)(n % (kinds[s.kind].drawn_to - kinds[s.kind].drawn_from + 1));
    } else if (!s.has_n) {
        s.n = kinds[s.kind].usual;
    }
    s.has_n = true;
    if (!s.length)
        s.length = length;
    return s;
}
