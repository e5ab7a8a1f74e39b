/* SPDX-License-Identifier: MIT */
/* The functions of vssemu.h about broken rules of the documentation. */
#include "emu/base/str.h"
#include "emu/include/vssemu.h"
#include "emu/lint/lint_objects.h"
#include "emu/setup/test_world.h"
#include "emu/svc/leftovers.h"

unsigned vssemu_finding_count(struct vssemu_world *w, const char *rule)
{
    const struct lint *lint = &w->service.lint;
    enum finding_rule wanted = finding_rule_named(rule);
    unsigned n = 0;

    if (!rule)
        return lint->n_must;
    for (size_t i = 0; i < lint->findings.count; i++) {
        if (lint->findings.items[i].rule == wanted)
            n += lint->findings.items[i].count;
    }
    return n;
}

bool vssemu_finding(struct vssemu_world *w, unsigned i, struct vssemu_finding *ret)
{
    const struct lint *lint = &w->service.lint;

    if (i >= lint->findings.count)
        return false;
    const struct finding *f = &lint->findings.items[i];
    const struct finding_row *row = finding_row(f->rule);

    *ret = (struct vssemu_finding){ .rule = row->id,
                                    .level = finding_level_name(row->level),
                                    .who = f->who,
                                    .call = f->call,
                                    .object = f->object,
                                    .page = row->page,
                                    .time_ms = f->at_ns / SCHED_MS,
                                    .count = f->count };
    return true;
}

const char *vssemu_findings(struct vssemu_world *w)
{
    struct str *out = &w->test->answer;
    struct vssemu_finding f;

    str_free(out);
    for (unsigned i = 0; vssemu_finding(w, i, &f); i++)
        str_addf(out, "%s %s %s %s%s%s: the %s %s (%s)\n", f.level, f.rule, f.who, f.call,
                 *f.object ? " " : "", f.object,
                 finding_side_name(finding_row(finding_rule_named(f.rule))->side),
                 finding_row(finding_rule_named(f.rule))->broken, f.page);
    return out->text ? out->text : "";
}

void vssemu_set_strict_api(struct vssemu_world *w, bool is_strict)
{
    atomic_store(&w->service.lint.is_strict_api, is_strict);
}

unsigned vssemu_find_leaks(struct vssemu_world *w)
{
    sched_enter(w->ports.sched);
    unsigned n = leftovers_find(&w->service);
    sched_leave(w->ports.sched);
    return n + lint_leaks(&w->service.lint);
}
