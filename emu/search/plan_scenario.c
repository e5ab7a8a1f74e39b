/* SPDX-License-Identifier: MIT */
/* A plan as a scenario and back: numbers become names, names numbers. */
#include "emu/search/plan.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/proto/choices.h"
#include "emu/proto/fault_rules.h"
#include "emu/scenario/cast.h"
#include "emu/scenario/scenario.h"
#include "emu/search/plan_steps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static char volume_letter(unsigned i)
{
    return (char)('C' + i);
}

static const char *writer_name(const struct plan *plan, unsigned i)
{
    return cast_get(plan->writers[i])->writer.name;
}

/* ---- to a scenario ---- */

static void add_fault(const struct plan *plan, const struct plan_fault *f, struct scenario *s)
{
    struct fault *fault = array_push(&s->faults);
    enum fault_argument takes = fault_action_argument((enum fault_action)f->action);

    *fault = (struct fault){ .actor = (enum fault_actor)f->actor,
                             .point = f->point,
                             .nth = f->nth ? f->nth : FAULT_EVERY,
                             .hit.action = (enum fault_action)f->action };
    if (f->actor == FAULT_WRITER && f->subject < plan->n_writers)
        fault->name = mem_strdup(writer_name(plan, f->subject));
    if (f->actor == FAULT_VOLUME && f->subject < plan->n_volumes)
        fault->name = str_printf("%c:", volume_letter(f->subject));
    if (takes == FAULT_TAKES_CODE)
        fault->hit.code = plan_code(fault->actor, f->code);
    if (takes == FAULT_TAKES_DURATION || takes == FAULT_MAY_TAKE_DURATION ||
        takes == FAULT_TAKES_JUMP)
        fault->hit.duration_ns = plan_duration(f->duration);
}

void plan_to_scenario(const struct plan *plan, struct scenario *ret_scenario)
{
    *ret_scenario = (struct scenario){ .has_seed = true, .seed = plan->seed };
    ret_scenario->schedule = mem_strdup(plan_schedule(plan->schedule));
    if (plan->windows != N_WINDOWS_VERSIONS - 1)
        ret_scenario->windows =
            mem_strdup(windows_version_name((enum windows_version)plan->windows));
    for (unsigned i = 0; i < plan->n_volumes; i++)
        scenario_add_volume(ret_scenario, volume_letter(i));
    for (unsigned i = 0; i < plan->n_writers; i++)
        scenario_add_writer(ret_scenario, SCENARIO_WRITER_CAST,
                            cast_get(plan->writers[i])->writer.key);
    for (unsigned i = 0; i < plan->n_faults; i++)
        add_fault(plan, &plan->faults[i], ret_scenario);
    for (unsigned i = 0; i < plan->n_steps; i++) {
        auto_free char *text = plan_step_text(plan, &plan->steps[i]);

        scenario_add_step(ret_scenario, text);
    }
}

/* ---- and back ---- */

static bool refuse(char **ret_error, const char *what, const char *which)
{
    *ret_error = str_printf("%s %s has no form in bytes: only what the search draws has one", what,
                            which ? which : "");
    return false;
}

static bool take_world(const struct scenario *s, struct plan *p, char **ret_error)
{
    enum windows_version version = WINDOWS_2022;

    if (s->seed > UINT16_MAX)
        return refuse(ret_error, "a seed above 65535", NULL);
    p->seed = (uint16_t)(s->has_seed ? s->seed : 1);
    while (!str_is_equal(plan_schedule(p->schedule), s->schedule)) {
        if (++p->schedule == PLAN_N_SCHEDULES)
            return refuse(ret_error, "schedule", s->schedule);
    }
    if (s->windows && !windows_version_named(s->windows, &version))
        return refuse(ret_error, "windows", s->windows);
    p->windows = (uint8_t)version;
    if (s->choices.count || s->registry.count || s->registry_files.count || s->providers.count ||
        s->snapshots.count || s->document_limit || s->is_real_clock || s->is_fine)
        return refuse(ret_error, "a choice, registry, provider, snapshot, limit or clock", NULL);
    return true;
}

static bool take_cast(const struct scenario *s, struct plan *p, char **ret_error)
{
    if (s->volumes.count > PLAN_MAX_VOLUMES || s->writers.count > PLAN_MAX_WRITERS)
        return refuse(ret_error, "so many volumes or writers", NULL);
    for (size_t i = 0; i < s->volumes.count; i++) {
        const struct scenario_volume *volume = &s->volumes.items[i];

        if (volume->letter != volume_letter((unsigned)i) || volume->directory ||
            volume->files.count)
            return refuse(ret_error, "a volume with files, a directory or another letter", NULL);
    }
    p->n_volumes = (uint8_t)(s->volumes.count ? s->volumes.count : 1);
    for (size_t i = 0; i < s->writers.count; i++) {
        const struct scenario_writer *writer = &s->writers.items[i];
        size_t member =
            writer->kind == SCENARIO_WRITER_CAST ? cast_find(writer->text) : cast_count();

        if (member == cast_count())
            return refuse(ret_error, "a writer that is not of the cast", writer->text);
        p->writers[p->n_writers++] = (uint8_t)member;
    }
    return true;
}

static bool take_subject(const struct fault *fault, const struct plan *p, uint8_t *ret_subject)
{
    *ret_subject = PLAN_ANYBODY;
    if (!fault->name)
        return true;
    for (unsigned i = 0; fault->actor == FAULT_WRITER && i < p->n_writers; i++) {
        if (!str_is_equal(fault->name, writer_name(p, i)))
            continue;
        *ret_subject = (uint8_t)i;
        return true;
    }
    for (unsigned i = 0; fault->actor == FAULT_VOLUME && i < p->n_volumes; i++) {
        if (fault->name[0] != volume_letter(i) || !str_is_equal(fault->name + 1, ":"))
            continue;
        *ret_subject = (uint8_t)i;
        return true;
    }
    return false;
}

static bool take_argument(const struct fault *fault, struct plan_fault *f)
{
    enum fault_argument takes = fault_action_argument(fault->hit.action);

    if (takes == FAULT_TAKES_CODE) {
        while (plan_code(fault->actor, f->code) != fault->hit.code) {
            if (++f->code == PLAN_N_CODES)
                return false;
        }
    }
    if (takes == FAULT_TAKES_DURATION || takes == FAULT_MAY_TAKE_DURATION ||
        takes == FAULT_TAKES_JUMP) {
        while (plan_duration(f->duration) != fault->hit.duration_ns) {
            if (++f->duration == PLAN_N_DURATIONS)
                return false;
        }
    }
    return !fault->hit.size;
}

static bool take_faults(const struct scenario *s, struct plan *p, char **ret_error)
{
    for (size_t i = 0; i < s->faults.count; i++) {
        const struct fault *fault = &s->faults.items[i];
        struct plan_fault f = { .actor = (uint8_t)fault->actor,
                                .point = (uint16_t)fault->point,
                                .action = (uint8_t)fault->hit.action };
        bool is_ours = p->n_faults < PLAN_MAX_FAULTS && !fault->is_timed &&
                       fault->point != FAULT_ANY_POINT &&
                       (fault->nth == FAULT_EVERY || fault->nth <= UINT8_MAX) &&
                       take_subject(fault, p, &f.subject) && take_argument(fault, &f);

        if (!is_ours) {
            auto_free char *text = fault_text(fault);
            return refuse(ret_error, "the fault", text);
        }
        f.nth = (uint8_t)(fault->nth == FAULT_EVERY ? 0 : fault->nth);
        p->faults[p->n_faults++] = f;
    }
    return true;
}

static bool take_steps(const struct scenario *s, struct plan *p, char **ret_error)
{
    if (s->steps.count > PLAN_MAX_STEPS)
        return refuse(ret_error, "so many steps", NULL);
    for (size_t i = 0; i < s->steps.count; i++) {
        if (!plan_step_parse(p, s->steps.items[i].text, &p->steps[p->n_steps]))
            return refuse(ret_error, "the step", s->steps.items[i].text);
        p->n_steps++;
    }
    return true;
}

bool plan_from_scenario(const struct scenario *s, struct plan *ret_plan, char **ret_error)
{
    memset(ret_plan, 0, sizeof(*ret_plan));
    if (!scenario_is_inline(s))
        return refuse(ret_error, "a program", s->program.items[0]);
    return take_world(s, ret_plan, ret_error) && take_cast(s, ret_plan, ret_error) &&
           take_faults(s, ret_plan, ret_error) && take_steps(s, ret_plan, ret_error);
}
