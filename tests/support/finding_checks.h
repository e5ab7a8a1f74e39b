/* SPDX-License-Identifier: MIT */
/* What a story about a broken rule expects: that rule alone, with its level, call and object; of
 * its correct twin: nothing at all. Rules that were seen broken are told to the file that
 * VSSEMU_FINDINGS_SHOWN names (tests/proto/findings_shown.py). */
#pragma once

#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu.h"
#include "emu/proto/finding_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct expected_finding {
    const char *rule, *call, *object; /* object "": none */
    const char *who;
};

static inline void finding_was_shown(const char *rule)
{
    const char *path = getenv("VSSEMU_FINDINGS_SHOWN");
    FILE *file = path ? fopen(path, "a") : NULL;

    if (!file)
        return;
    fprintf(file, "%s\n", rule);
    fclose(file);
}

static inline bool finding_is(const struct vssemu_finding *f, const struct expected_finding *e)
{
    const struct finding_row *row = finding_row(finding_rule_named(e->rule));

    return strcmp(f->rule, e->rule) == 0 && strcmp(f->call, e->call) == 0 &&
           strcmp(f->object, e->object) == 0 && strcmp(f->who, e->who) == 0 &&
           strcmp(f->level, finding_level_name(row->level)) == 0 && strcmp(f->page, row->page) == 0;
}

static inline void expect_finding(struct vssemu_world *w, const struct expected_finding *expected)
{
    struct vssemu_finding f;
    bool is_seen = false, is_alone = true;

    assert_int_not_equal(finding_rule_named(expected->rule), N_FINDING_RULES);
    for (unsigned i = 0; vssemu_finding(w, i, &f); i++) {
        is_seen |= finding_is(&f, expected);
        is_alone &= strcmp(f.rule, expected->rule) == 0;
    }
    if (!is_seen || !is_alone)
        fail_msg("expected %s %s [%s: %s] and no other rule, got:\n%s", expected->who,
                 expected->rule, expected->call, expected->object, vssemu_findings(w));
    finding_was_shown(expected->rule);
}

static inline void expect_no_finding(struct vssemu_world *w, const char *twin_of)
{
    if (*vssemu_findings(w))
        fail_msg("the correct twin of %s:\n%s", twin_of, vssemu_findings(w));
}
