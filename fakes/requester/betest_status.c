/* SPDX-License-Identifier: MIT */
/* How the writers fare after an event (session_check_writers of betest_session.h). Two sources: the
 * gathered status of each writer, and for single components what the writer left in the document
 * (Learn: "Determining Writer Status", "IVssComponentEx2::GetFailure"). */
#include "fakes/requester/betest_session.h"

#include "emu/base/str.h"

/* Learn: "Determining Writer Status": these states, and only these, tell of a failure. */
static bool is_failed_state(VSS_WRITER_STATE state)
{
    return state >= VSS_WS_FAILED_AT_IDENTIFY && state <= VSS_WS_FAILED_AT_BACKUPSHUTDOWN;
}

static struct chosen_writer *find_writer(struct selection *selection, const VSS_ID *instance,
                                         const VSS_ID *class)
{
    for (size_t i = 0; i < selection->writers.count; i++) {
        const struct wmd *wmd = selection->writers.items[i].wmd;

        if (IsEqualGUID(&wmd->instance_id, instance) && IsEqualGUID(&wmd->writer_id, class))
            return &selection->writers.items[i];
    }
    return NULL;
}

struct writer_status {
    VSS_ID instance, class;
    char *name;
    VSS_WRITER_STATE state;
    HRESULT failure, application;
    char *message;
};

static HRESULT read_status(struct session *s, UINT i, struct writer_status *ret)
{
    BSTR name = NULL, message = NULL;
    HRESULT hr;

    *ret = (struct writer_status){ .state = VSS_WS_UNKNOWN };
    if (s->vss_ex)
        hr = IVssBackupComponentsEx3_GetWriterStatusEx(s->vss_ex, i, &ret->instance, &ret->class,
                                                       &name, &ret->state, &ret->failure,
                                                       &ret->application, &message);
    else
        hr = IVssBackupComponents_GetWriterStatus(s->vss, i, &ret->instance, &ret->class, &name,
                                                  &ret->state, &ret->failure);
    ret->name = betest_take_bstr(name);
    ret->message = betest_take_bstr(message);
    return hr;
}

static void fail_writer(struct session *s, struct chosen_writer *writer, const char *after,
                        const struct writer_status *status)
{
    auto_free char *code = report_code(status->failure);
    auto_free char *application =
        status->application ? str_printf(", its own code 0x%08X", (unsigned)status->application)
                            : mem_strdup("");
    bool is_partial = status->failure == VSS_E_WRITERERROR_PARTIAL_FAILURE;
    size_t index = (size_t)(writer - s->selection.writers.items);

    s->has_failed_writer = true;
    report_failure(s->report, BETEST_COMPONENT_FAILED, "writer '%s' %s after %s: %s%s%s%s",
                   writer->wmd->name,
                   is_partial ? "failed in part" : report_writer_state(status->state), after, code,
                   application, *status->message ? ": " : "", status->message);
    if (is_partial)
        return;
    writer->has_failed = true;
    for (size_t i = 0; i < s->selection.components.count; i++)
        if (s->selection.components.items[i].writer == index)
            s->selection.components.items[i].has_failed = true;
}

static bool check_writer(struct session *s, UINT i, const char *after)
{
    struct writer_status status;
    HRESULT hr = read_status(s, i, &status);

    if (SUCCEEDED(hr)) {
        struct chosen_writer *writer = find_writer(&s->selection, &status.instance, &status.class);

        report_detail(s->report, "writer '%s' is %s", status.name,
                      report_writer_state(status.state));
        /* A writer that takes no part may still show what an earlier session left. */
        if (writer && writer->is_chosen && !writer->has_failed &&
            (is_failed_state(status.state) || FAILED(status.failure)))
            fail_writer(s, writer, after, &status);
    }
    free(status.name);
    free(status.message);
    return SUCCEEDED(hr) || session_did(s, "GetWriterStatus", hr);
}

static bool gather_status(struct session *s, const char *after)
{
    IVssAsync *async = NULL;
    UINT count = 0;
    HRESULT hr = IVssBackupComponents_GatherWriterStatus(s->vss, &async);
    bool is_ok = session_finish(s, "GatherWriterStatus", hr, &async);

    if (!is_ok)
        return false;
    hr = IVssBackupComponents_GetWriterStatusCount(s->vss, &count);
    if (FAILED(hr))
        return session_did(s, "GetWriterStatusCount", hr);
    for (UINT i = 0; is_ok && i < count; i++)
        is_ok = check_writer(s, i, after);
    return session_did(s, "FreeWriterStatus", IVssBackupComponents_FreeWriterStatus(s->vss)) &&
           is_ok;
}

/* ---- components ---- */

/* What is new since the details were read before (NULL: never). */
static void note_failure(struct session *s, struct chosen_component *chosen,
                         const struct component_details *before)
{
    const struct component_details *now = chosen->details;
    const char *message = now->message;
    auto_free char *name = chosen_full_name(chosen->component);
    auto_free char *code = report_code(now->failure);

    if (before && before->failure == now->failure && str_is_equal(before->message, message))
        return;
    if (FAILED(now->failure)) {
        chosen->has_failed = s->has_failed_writer = true;
        report_failure(s->report, BETEST_COMPONENT_FAILED, "component \"%s\" failed: %s%s%s", name,
                       code, message ? ": " : "", message ? message : "");
    } else if (message) {
        report_line(s->report, "component \"%s\": its writer says: %s", name, message);
    }
}

static HRESULT read_details(void *arg, const struct document_component *component)
{
    struct session *s = arg;
    struct chosen_component *chosen = selection_find_explicit(
        &s->selection, component->class, component->logical_path, component->name);
    struct component_details *details = NULL;

    if (!chosen)
        return S_OK;
    HRESULT hr = component_details_read(component->face, s->is_restore, &details);
    if (FAILED(hr))
        return hr;
    struct component_details *before = chosen->details;
    chosen->details = details;
    note_failure(s, chosen, before);
    component_details_free(before);
    return S_OK;
}

bool session_check_writers(struct session *s, const char *after)
{
    const char *call = NULL;

    if (!gather_status(s, after))
        return false;
    HRESULT hr = components_each(s->vss, read_details, s, &call);
    if (FAILED(hr))
        return session_did(s, call, hr);
    if (!s->has_failed_writer || !s->options->stop_at_error)
        return true;
    report_line(s->report, "stopped, because of /StopError");
    return false;
}
