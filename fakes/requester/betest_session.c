/* SPDX-License-Identifier: MIT */
/* The steps that a backup and a restore share (betest_session.h). */
#include "fakes/requester/betest_session.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_files.h"
#include "fakes/requester/betest_metadata.h"

static bool read_configuration(struct session *s)
{
    bool is_list = s->options->component_list != NULL;
    const char *path = is_list ? s->options->component_list : s->options->configuration;
    auto_free char *text = NULL, *error = NULL;
    size_t size = 0;
    uint32_t code = files_read(path, &text, &size);

    if (code) {
        auto_free char *words = report_windows_error(code);

        report_failure(s->report, BETEST_FILE_FAILED, "cannot read %s: %s", path, words);
        return false;
    }
    if (SUCCEEDED((is_list ? betest_config_from_text : betest_config_from_xml)(text, size, path,
                                                                               &s->config, &error)))
        return true;
    report_failure(s->report, BETEST_FILE_FAILED, "%s", error ? error : path);
    return false;
}

bool session_begin(struct session *s, const struct betest_options *options,
                   struct betest_report *report)
{
    *s = (struct session){
        .options = options, .report = report, .document = options->document, .store = options->store
    };
    if ((options->configuration || options->component_list) && !read_configuration(s))
        return false;
    if (!session_did(s, "CreateVssBackupComponents", CreateVssBackupComponents(&s->vss)))
        return false;
    if (FAILED(IVssBackupComponents_QueryInterface(s->vss, &IID_IVssBackupComponentsEx3,
                                                   (void **)&s->vss_ex)))
        s->vss_ex = NULL;
    return true;
}

void session_end(struct session *s)
{
    if (s->vss_ex)
        IVssBackupComponentsEx3_Release(s->vss_ex);
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

/* Longer than every handler's limit together: what is not there then hangs for ever. */
#define PATIENCE_MS (6u * 3600 * 1000)

bool session_finish(struct session *s, const char *call, HRESULT hr, IVssAsync **async)
{
    HRESULT result = VSS_S_ASYNC_PENDING;

    if (FAILED(hr))
        return session_did(s, call, hr);
    /* Learn: "IVssAsync::Wait": that waiting is over says nothing about how it ended. */
    hr = IVssAsync_Wait(*async, PATIENCE_MS);
    if (hr == E_INVALIDARG) /* an old Windows knows no other */
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
