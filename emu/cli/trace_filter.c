/* SPDX-License-Identifier: MIT */
#include "emu/cli/trace_filter.h"

#include "emu/base/duration.h"
#include "emu/base/str.h"
#include "emu/cli/say.h"
#include "emu/base/cleanup.h"
#include "emu/trace/trace_json.h"

#include <string.h>

bool trace_filter_set_who(struct trace_filter *filter, const char *value)
{
    array_add(&filter->who, value);
    return true;
}

bool trace_filter_set_kinds(struct trace_filter *filter, const char *value)
{
    for (const char *at = value; *at;) {
        size_t n = strcspn(at, ",");
        auto_free char *name = str_printf("%.*s", (int)n, at);
        enum trace_kind kind;

        if (!trace_kind_named(name, &kind)) {
            say("--kind takes call, event, provider, volume, state, log, finding or note, not %s",
                name);
            return false;
        }
        filter->kinds |= 1u << kind;
        at += n + (at[n] == ',');
    }
    return true;
}

bool trace_filter_set_time(int64_t *ret_ns, const char *option, const char *value)
{
    if (duration_parse(value, ret_ns) && *ret_ns >= 0)
        return true;
    say("%s takes a time such as 90s or 250ms, not %s", option, value);
    return false;
}

void trace_filter_fini(struct trace_filter *filter)
{
    array_free(&filter->who);
}

bool trace_filter_takes(const struct trace_record *record, const void *arg)
{
    const struct trace_filter *filter = arg;
    bool is_theirs = filter->who.count == 0;

    for (size_t i = 0; i < filter->who.count && !is_theirs; i++)
        is_theirs = str_matches(record->who, filter->who.items[i]);
    return is_theirs && record->at_ns >= filter->from_ns && record->at_ns <= filter->to_ns &&
           (!filter->kinds || filter->kinds & 1u << record->kind);
}
