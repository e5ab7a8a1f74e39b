/* SPDX-License-Identifier: MIT */
#include "emu/scenario/until.h"

#include "emu/base/str.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/words.h"

#include <stdbool.h>
#include <string.h>

/* All that anybody can be asked: what can go wrong somewhere happens there. NULL: the last was. */
static const char *get_name(const void *arg, size_t i)
{
    static const enum fault_actor actors[] = { FAULT_WRITER, FAULT_PROVIDER, FAULT_VOLUME,
                                               FAULT_REQUESTER };

    (void)arg;
    for (size_t k = 0; k < sizeof(actors) / sizeof(actors[0]); k++) {
        if (i < fault_point_count(actors[k]))
            return fault_point_name(actors[k], (unsigned)i);
        i -= fault_point_count(actors[k]);
    }
    return NULL;
}

static bool is_event(const char *pattern)
{
    const char *name;

    for (size_t i = 0; (name = get_name(NULL, i)); i++) {
        const char *method = strrchr(name, ':');

        if (str_matches(name, pattern) || (method && str_matches(method + 1, pattern)))
            return true;
    }
    return false;
}

/* As records name them; who has a name of its own may have any. */
static bool is_somebody(const char *pattern)
{
    static const char *const kinds[] = { "writer ", "provider ", "volume " };
    static const char *const names[] = { "requester", "built-in requester", "system provider" };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_starts_with(pattern, kinds[i]) || str_matches(names[i], pattern))
            return true;
    }
    return false;
}

char *until_wrong(const char *until)
{
    const char *colon = strrchr(until, ':');
    const char *event = colon && colon[1] ? colon + 1 : until;

    if (is_event(event) || (event == until && is_somebody(until)))
        return NULL;
    const char *nearest = word_nearest(event, get_name, NULL);
    return nearest ? str_printf("there is no event %s; did you mean %s?", event, nearest)
                   : str_printf("there is no event %s; it is an event of a writer (Freeze), a call "
                                "of a requester or provider, or flush, hold or release of a volume",
                                event);
}
