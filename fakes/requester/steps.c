/* SPDX-License-Identifier: MIT */
/* Sessions, results, macros and faults of the scripted requester (steps.h). */
#include "fakes/requester/steps_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/str.h"

#include <string.h>

/* ---- life ---- */

struct steps_player *steps_new(const struct steps_hooks *hooks)
{
    struct steps_player *player = mem_new(struct steps_player);

    player->hooks = *hooks;
    /* Learn: "Security Considerations for Requesters". */
    player->initialised = SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    if (!hooks->lacks_security)
        CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                             RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);
    return player;
}

static void release(struct steps_session *s)
{
    if (s->running)
        IVssAsync_Release(s->running);
    if (s->vss)
        IVssBackupComponents_Release(s->vss);
    s->running = NULL;
    s->vss = NULL;
    steps_forget_metadata(s);
    steps_forget_status(s);
    steps_forget_snapshots(s);
}

void steps_free(struct steps_player *player)
{
    for (size_t i = 0; i < player->sessions.count; i++) {
        release(player->sessions.items[i]);
        free(player->sessions.items[i]);
    }
    array_free(&player->sessions);
    SysFreeString(player->document);
    free(player->why);
    if (player->initialised)
        CoUninitialize();
    free(player);
}

static struct steps_session *session_of(struct steps_player *player, const char *name)
{
    for (size_t i = 0; i < player->sessions.count; i++) {
        if (strcmp(player->sessions.items[i]->name, name) == 0)
            return player->sessions.items[i];
    }
    struct steps_session *s = mem_new(struct steps_session);

    strcpy(s->name, name);
    s->player = player;
    array_add(&player->sessions, s);
    return s;
}

/* ---- what is told ---- */

HRESULT steps_explain(struct steps_session *s, const char *format, ...)
{
    auto_str struct str text = { 0 };
    va_list args;

    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    if (!s->player->why)
        s->player->why = str_take(&text);
    return S_FALSE;
}

void steps_note(struct steps_session *s, const char *what, const char *format, ...)
{
    auto_str struct str text = { 0 };
    va_list args;

    if (!s->player->hooks.note)
        return;
    va_start(args, format);
    str_vaddf(&text, format, args);
    va_end(args);
    s->player->hooks.note(s->player->hooks.arg, what, text.text ? text.text : "");
}

/* ---- asynchronous methods ---- */

/* What an operation has come to; a good end is S_OK. */
static HRESULT status_of(IVssAsync *async)
{
    HRESULT result = S_OK;
    HRESULT hr = IVssAsync_QueryStatus(async, &result, NULL);

    if (FAILED(hr))
        return hr;
    return result == VSS_S_ASYNC_FINISHED ? S_OK : result;
}

static HRESULT wait_for(IVssAsync *async, DWORD limit_ms)
{
    HRESULT hr = IVssAsync_Wait(async, limit_ms);

    return FAILED(hr) ? hr : status_of(async);
}

/* What a requester reads once an operation has ended well. */
static HRESULT read_result(struct steps_session *s, const struct step *step)
{
    const char *word = step_argument(step, 0);

    if (word && strcmp(word, "unread") == 0)
        return S_OK;
    if (step->method == STEP_GatherWriterMetadata)
        return steps_read_metadata(s);
    if (step->method == STEP_GatherWriterStatus)
        return steps_read_status(s);
    return S_OK;
}

static void take_async(struct steps_session *s, IVssAsync *async)
{
    if (s->running)
        IVssAsync_Release(s->running);
    s->running = async;
}

static HRESULT play_async(struct steps_session *s, const struct step *step,
                          const struct fault_hit *hit)
{
    IVssAsync *async = NULL;
    HRESULT hr = step_plays[step->method](s, step, &async);

    if (FAILED(hr) || !async)
        return hr;
    take_async(s, async);
    if (hit && hit->action == FAULT_CANCEL)
        IVssAsync_Cancel(async);
    if (hit && hit->action == FAULT_SHORT_WAIT)
        return wait_for(async, (DWORD)(hit->duration_ns / 1000000));
    if (step->is_started)
        return S_OK;
    hr = wait_for(async, INFINITE);
    return hr == S_OK ? read_result(s, step) : hr;
}

/* ---- steps of the script itself ---- */

static int64_t duration_of(const struct step *step)
{
    int64_t ns = 0;

    duration_parse(step_argument(step, 0), &ns);
    return ns;
}

static HRESULT step_Wait(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
{
    (void)ret_async;
    if (!s->running)
        return steps_explain(s, "nothing runs that could be waited for");
    return wait_for(s->running,
                    step_argument(step, 0) ? (DWORD)(duration_of(step) / 1000000) : INFINITE);
}

static HRESULT step_Cancel(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
{
    (void)step;
    (void)ret_async;
    return s->running ? IVssAsync_Cancel(s->running)
                      : steps_explain(s, "nothing runs that could be cancelled");
}

static HRESULT step_QueryStatus(struct steps_session *s, const struct step *step,
                                IVssAsync **ret_async)
{
    (void)step;
    (void)ret_async;
    return s->running ? status_of(s->running) : steps_explain(s, "nothing runs");
}

static HRESULT step_Release(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
{
    (void)step;
    (void)ret_async;
    release(s);
    return S_OK;
}

/* COM gives back what a process held that has died. */
static HRESULT step_Die(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
{
    (void)step;
    (void)ret_async;
    steps_note(s, "died", "%s", s->name);
    release(s);
    s->is_gone = true;
    return S_OK;
}

static void let_pass(struct steps_player *player, int64_t ns)
{
    if (player->hooks.pause)
        player->hooks.pause(player->hooks.arg, ns);
    else
        Sleep((DWORD)(ns / 1000000));
}

static HRESULT step_Pause(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
{
    (void)ret_async;
    let_pass(s->player, duration_of(step));
    return S_OK;
}

static HRESULT step_Status(struct steps_session *s, const struct step *step, IVssAsync **ret_async)
{
    const char *writer = step_argument(step, 0), *state = step_argument(step, 1);
    const char *code = step_argument(step, 2);

    (void)ret_async;
    for (size_t i = 0; i < s->status.count; i++) {
        const struct steps_status *status = &s->status.items[i];

        if (!str_is_equal_nocase(status->writer, writer))
            continue;
        bool is_state = strcmp(state, "any") == 0 || strcmp(step_state(status->state), state) == 0;

        if (is_state && (!code || strcmp(STEP_CODE(status->failure), code) == 0))
            return S_OK;
        steps_explain(s, "%s is %s %s; expected %s %s", writer, step_state(status->state),
                      STEP_CODE(status->failure), state, code ? code : "");
    }
    if (strcmp(state, "absent") == 0)
        return S_OK;
    return steps_explain(s, "%s has no status; expected %s", writer, state);
}

static step_play *own_play(enum step_method method)
{
    switch (method) {
    case STEP_Wait:
        return step_Wait;
    case STEP_Cancel:
        return step_Cancel;
    case STEP_QueryStatus:
        return step_QueryStatus;
    case STEP_Release:
        return step_Release;
    case STEP_Die:
        return step_Die;
    case STEP_Pause:
        return step_Pause;
    case STEP_Status:
        return step_Status;
    default:
        return step_plays[method];
    }
}

/* ---- faults ---- */

/* What happens instead of the call: true, with its result. Otherwise the call is made, and *hit
 * says what besides. */
static bool is_replaced(struct steps_session *s, const struct fault_hit *hit)
{
    s->player->was_hurt = true;
    switch (hit->action) {
    case FAULT_DIE:
    case FAULT_CRASH:
        for (size_t i = 0; i < s->player->sessions.count; i++) {
            release(s->player->sessions.items[i]);
            s->player->sessions.items[i]->is_gone = true;
        }
        return true;
    case FAULT_RELEASE:
        release(s);
        s->is_gone = true;
        return true;
    case FAULT_SKIP:
        return true;
    case FAULT_ABORT:
        if (s->vss) /* the first call makes it */
            IVssBackupComponents_AbortBackup(s->vss);
        return false;
    case FAULT_DELAY:
        let_pass(s->player, hit->duration_ns);
        return false;
    case FAULT_CANCEL: /* what this call begins is cancelled behind it */
        if (s->running)
            IVssAsync_Cancel(s->running);
        return false;
    default:
        return false;
    }
}

bool steps_is_replaced(struct steps_session *s, const char *method)
{
    struct fault_hit hit;

    return s->player->hooks.meet && s->player->hooks.meet(s->player->hooks.arg, method, &hit) &&
           is_replaced(s, &hit);
}

static HRESULT play_call(struct steps_session *s, const struct step *step)
{
    enum step_how how = step_how(step->method);
    struct fault_hit hit, *met = NULL;

    if (how == STEP_OWN)
        return own_play(step->method)(s, step, NULL);
    if (!s->vss && step->method != STEP_CreateVssBackupComponents)
        return steps_explain(s,
                             "there is no IVssBackupComponents: CreateVssBackupComponents first");
    if (s->player->hooks.meet &&
        s->player->hooks.meet(s->player->hooks.arg, step_name(step->method), &hit)) {
        if (is_replaced(s, &hit))
            return S_OK;
        met = &hit;
    }
    if (met && met->action == FAULT_TWICE && how == STEP_ASYNC)
        play_async(s, step, NULL);
    else if (met && met->action == FAULT_TWICE)
        step_plays[step->method](s, step, NULL);
    return how == STEP_ASYNC ? play_async(s, step, met) : step_plays[step->method](s, step, NULL);
}

/* ---- results ---- */

static bool judge(struct steps_session *s, const struct step *step, HRESULT hr, char **ret_error)
{
    struct steps_player *player = s->player;

    if (player->why) {
        *ret_error = str_printf("%s: %s", step_name(step->method), player->why);
        free(player->why);
        player->why = NULL;
        if (!player->was_hurt)
            return false;
        free(*ret_error);
        *ret_error = NULL;
        return true;
    }
    if (step->is_any || (step->has_expected ? hr == step->expected : SUCCEEDED(hr)))
        return true;
    if (!step->has_expected && player->was_hurt)
        return true;
    *ret_error = str_printf("%s gave %s; expected %s", step_name(step->method), STEP_CODE(hr),
                            step->has_expected ? STEP_CODE(step->expected) : "success");
    return false;
}

static bool play_macro(struct steps_player *player, const struct step *macro, char **ret_error)
{
    const char *argument = step_argument(macro, 0);

    for (const char *const *line = step_macro(macro->method); *line; line++) {
        const char *hole = strstr(*line, "{}");
        auto_free char *text = str_printf("%s%s%.*s%s", macro->session, *macro->session ? ": " : "",
                                          hole ? (int)(hole - *line) : (int)strlen(*line), *line,
                                          hole && argument ? argument : "");

        if (!steps_play(player, text, ret_error))
            return false;
    }
    return true;
}

bool steps_play(struct steps_player *player, const char *text, char **ret_error)
{
    struct step step;

    if (!step_parse(text, &step, ret_error))
        return false;
    struct steps_session *s = session_of(player, step.session);
    bool is_good = true;

    if (step_how(step.method) == STEP_MACRO)
        is_good = play_macro(player, &step, ret_error);
    else if (!s->is_gone)
        is_good = judge(s, &step, play_call(s, &step), ret_error);
    step_fini(&step);
    return is_good;
}
