/* SPDX-License-Identifier: MIT */
/* The steps that a backup and a restore share (betest_session.h). */
#include "fakes/requester/betest_session.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_metadata.h"

static bool read_configuration(struct session *s)
{
    const char *path = s->options->configuration;
    auto_free char *text = NULL, *error = NULL;
    size_t size = 0;
    uint32_t code = files_read(path, &text, &size);

    if (code) {
        auto_free char *words = report_windows_error(code);

        report_failure(s->report, BETEST_FILE_FAILED, "cannot read %s: %s", path, words);
        return false;
    }
    if (SUCCEEDED(betest_config_from_xml(text, size, path, &s->config, &error)))
        return true;
    report_failure(s->report, BETEST_FILE_FAILED, "%s", error ? error : path);
    return false;
}

bool session_begin(struct session *s, const struct betest_options *options,
                   struct betest_report *report)
{
    *s = (struct session){ .options = options, .report = report };
    if (options->configuration && !read_configuration(s))
        return false;
    return session_did(s, "CreateVssBackupComponents", CreateVssBackupComponents(&s->vss));
}

void session_end(struct session *s)
{
    if (s->vss)
        IVssBackupComponents_Release(s->vss);
    selection_free(&s->selection);
    betest_config_free(s->config);
    *s = (struct session){ 0 };
}

bool session_did(struct session *s, const char *call, HRESULT hr)
{
    if (FAILED(hr))
        report_call_failed(s->report, call, hr);
    else
        report_detail(s->report, "%s", call);
    return SUCCEEDED(hr);
}

bool session_finish(struct session *s, const char *call, HRESULT hr, IVssAsync **async)
{
    HRESULT result = VSS_S_ASYNC_PENDING;

    if (FAILED(hr))
        return session_did(s, call, hr);
    /* Learn: "IVssAsync::Wait": that waiting is over says nothing about how it ended. */
    hr = IVssAsync_Wait(*async, INFINITE);
    if (SUCCEEDED(hr))
        hr = IVssAsync_QueryStatus(*async, &result, NULL);
    IVssAsync_Release(*async);
    *async = NULL;
    if (FAILED(hr))
        return session_did(s, call, hr);
    if (SUCCEEDED(result) && result != VSS_S_ASYNC_FINISHED) {
        report_call_failed(s->report, call, result);
        return false;
    }
    return session_did(s, call, result);
}

static bool take_text(struct session *s, IVssExamineWriterMetadata *examine,
                      struct documents *texts)
{
    BSTR xml = NULL;

    if (!session_did(s, "IVssExamineWriterMetadata::SaveAsXML",
                     IVssExamineWriterMetadata_SaveAsXML(examine, &xml)))
        return false;
    array_add(&texts->texts, betest_take_bstr(xml));
    return true;
}

static bool gather_one(struct session *s, UINT i, struct selection *writers,
                       struct documents *texts)
{
    auto_com IVssExamineWriterMetadata *examine = NULL;
    struct wmd *wmd = NULL;
    const char *call = NULL;
    VSS_ID instance;

    HRESULT hr = IVssBackupComponents_GetWriterMetadata(s->vss, i, &instance, &examine);
    if (FAILED(hr))
        return session_did(s, "GetWriterMetadata", hr);
    hr = metadata_read(examine, &wmd, &call);
    if (FAILED(hr))
        return session_did(s, call, hr);
    report_detail(s->report, "writer '%s' {%s}: %zu components", wmd->name,
                  BETEST_GUID(&wmd->writer_id), wmd->components.count);
    wmd->instance_id = instance;
    selection_add_writer(writers, wmd);
    return !texts || take_text(s, examine, texts);
}

bool session_gather_metadata(struct session *s, struct selection *writers, struct documents *texts)
{
    IVssAsync *async = NULL;
    UINT count = 0;
    HRESULT hr = IVssBackupComponents_GatherWriterMetadata(s->vss, &async);

    if (!session_finish(s, "GatherWriterMetadata", hr, &async))
        return false;
    hr = IVssBackupComponents_GetWriterMetadataCount(s->vss, &count);
    if (FAILED(hr))
        return session_did(s, "GetWriterMetadataCount", hr);
    report_line(s->report, "%u writer%s answered", count, count == 1 ? "" : "s");
    for (UINT i = 0; i < count; i++)
        if (!gather_one(s, i, writers, texts))
            return false;
    return true;
}

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

static void fail_writer(struct session *s, struct chosen_writer *writer, const char *after,
                        VSS_WRITER_STATE state, HRESULT failure)
{
    auto_free char *code = report_code(failure);
    size_t index = (size_t)(writer - s->selection.writers.items);

    writer->has_failed = true;
    report_failure(s->report, BETEST_COMPONENT_FAILED, "writer '%s' %s after %s: %s",
                   writer->wmd->name, report_writer_state(state), after, code);
    for (size_t i = 0; i < s->selection.components.count; i++)
        if (s->selection.components.items[i].writer == index)
            s->selection.components.items[i].has_failed = true;
}

static bool check_writer(struct session *s, UINT i, const char *after)
{
    VSS_ID instance, class;
    VSS_WRITER_STATE state = VSS_WS_UNKNOWN;
    HRESULT failure = S_OK;
    BSTR name = NULL;
    HRESULT hr =
        IVssBackupComponents_GetWriterStatus(s->vss, i, &instance, &class, &name, &state, &failure);

    if (FAILED(hr))
        return session_did(s, "GetWriterStatus", hr);
    auto_free char *words = betest_take_bstr(name);
    struct chosen_writer *writer = find_writer(&s->selection, &instance, &class);
    report_detail(s->report, "writer '%s' is %s", words, report_writer_state(state));
    /* A writer that takes no part may still show what an earlier session left. */
    if (writer && writer->is_chosen && !writer->has_failed &&
        (is_failed_state(state) || FAILED(failure)))
        fail_writer(s, writer, after, state, failure);
    return true;
}

bool session_check_writers(struct session *s, const char *after)
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
