/* SPDX-License-Identifier: MIT */
/* The restore (betest_restore.h): what to restore is in the saved backup components document, which
 * files and by which method in the saved writer metadata. Living writers are only asked whether
 * they are there. The document is checked and everything selected before any file is touched. */
#include "fakes/requester/betest_restore.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_metadata.h"
#include "fakes/requester/betest_place_back.h"
#include "fakes/requester/betest_session.h"

struct restore {
    struct session session;
    struct selection live; /* the writers that run now */
};

/* ---- what was backed up ---- */

static bool begin(struct restore *r)
{
    struct session *s = &r->session;
    auto_bstr BSTR document = documents_load_components(s->options->document, s->report);

    if (!document)
        return false;
    HRESULT hr = IVssBackupComponents_InitializeForRestore(s->vss, document);
    if (hr == VSS_E_INVALID_XML_DOCUMENT) {
        report_failure(s->report, BETEST_FILE_FAILED,
                       "%s is damaged or no backup components document; nothing was restored",
                       s->options->document);
        return false;
    }
    return session_did(s, "InitializeForRestore", hr);
}

static bool load_writer(struct restore *r, const char *text)
{
    struct session *s = &r->session;
    auto_com IVssExamineWriterMetadata *examine = NULL;
    auto_wide WCHAR *xml = wide(text);
    auto_bstr BSTR document = SysAllocString(xml);
    struct wmd *wmd = NULL;
    const char *call = NULL;
    HRESULT hr = CreateVssExamineWriterMetadata(document, &examine);

    /* S_FALSE: not well-formed (requester-notes: OQ-32). */
    if (hr == S_FALSE || hr == VSS_E_INVALID_XML_DOCUMENT || (SUCCEEDED(hr) && !examine)) {
        auto_free char *path = documents_writers_path(s->options->document);

        report_failure(s->report, BETEST_FILE_FAILED,
                       "%s: a writer's metadata document is damaged; nothing was restored", path);
        return false;
    }
    if (FAILED(hr))
        return session_did(s, "CreateVssExamineWriterMetadata", hr);
    hr = metadata_read(examine, &wmd, &call);
    if (FAILED(hr))
        return session_did(s, call, hr);
    selection_add_writer(&s->selection, wmd);
    return true;
}

static bool load_writers(struct restore *r)
{
    struct documents writers = { 0 };
    bool is_ok = documents_load_writers(r->session.options->document, &writers, r->session.report);

    for (size_t i = 0; is_ok && i < writers.texts.count; i++)
        is_ok = load_writer(r, writers.texts.items[i]);
    documents_free(&writers);
    return is_ok;
}

/* ---- choosing ---- */

/* The saved document of a writer in the backup, by instance, or else by class alone. */
static size_t find_saved(const struct selection *s, const VSS_ID *instance, const VSS_ID *class)
{
    size_t by_class = s->writers.count;

    for (size_t i = 0; i < s->writers.count; i++) {
        const struct wmd *wmd = s->writers.items[i].wmd;

        if (!IsEqualGUID(&wmd->writer_id, class))
            continue;
        if (IsEqualGUID(&wmd->instance_id, instance))
            return i;
        by_class = i;
    }
    return by_class;
}

static bool choose_component(struct restore *r, size_t writer, const VSS_ID *class,
                             IVssComponent *component)
{
    struct session *s = &r->session;
    BSTR path = NULL, name = NULL;
    HRESULT hr = IVssComponent_GetLogicalPath(component, &path);

    if (SUCCEEDED(hr))
        hr = IVssComponent_GetComponentName(component, &name);
    auto_free char *path8 = betest_take_bstr(path), *name8 = betest_take_bstr(name);
    if (FAILED(hr))
        return session_did(s, "IVssComponent", hr);
    if (s->config && !betest_config_names(s->config, class, path8, name8))
        return true;
    if (writer == s->selection.writers.count ||
        !selection_add_explicit(&s->selection, writer, path8, name8))
        report_failure(s->report, BETEST_COMPONENT_FAILED,
                       "component \"%s%s%s\" of writer {%s} is in the backup, but no saved writer "
                       "document describes it",
                       path8, *path8 ? "\\" : "", name8, BETEST_GUID(class));
    return true;
}

static bool choose_of_writer(struct restore *r, IVssWriterComponentsExt *components)
{
    struct session *s = &r->session;
    VSS_ID instance, class;
    UINT count = 0;
    HRESULT hr = IVssWriterComponentsExt_GetWriterInfo(components, &instance, &class);

    if (SUCCEEDED(hr))
        hr = IVssWriterComponentsExt_GetComponentCount(components, &count);
    if (FAILED(hr))
        return session_did(s, "IVssWriterComponents", hr);
    size_t writer = find_saved(&s->selection, &instance, &class);
    for (UINT i = 0; i < count; i++) {
        auto_com IVssComponent *component = NULL;

        hr = IVssWriterComponentsExt_GetComponent(components, i, &component);
        if (FAILED(hr))
            return session_did(s, "IVssWriterComponents::GetComponent", hr);
        if (!choose_component(r, writer, &class, component))
            return false;
    }
    return true;
}

static bool choose(struct restore *r)
{
    struct session *s = &r->session;
    UINT count = 0;
    HRESULT hr = IVssBackupComponents_GetWriterComponentsCount(s->vss, &count);

    if (FAILED(hr))
        return session_did(s, "GetWriterComponentsCount", hr);
    for (UINT i = 0; i < count; i++) {
        IVssWriterComponentsExt *components = NULL;

        hr = IVssBackupComponents_GetWriterComponents(s->vss, i, &components);
        if (FAILED(hr))
            return session_did(s, "GetWriterComponents", hr);
        bool is_ok = choose_of_writer(r, components);
        betest_release_writer_components(components);
        if (!is_ok)
            return false;
    }
    selection_complete(&s->selection);
    if (s->selection.components.count == 0)
        report_failure(s->report, BETEST_COMPONENT_FAILED,
                       "the backup has no component to restore");
    return s->selection.components.count > 0;
}

/* Which running writer a saved one is now: of its class, with its first component. Its instance
 * takes the place of the saved one, so that its status is recognised. */
static bool adopt_instance(struct restore *r, struct wmd *saved,
                           const struct wmd_component *component)
{
    for (size_t i = 0; i < r->live.writers.count; i++) {
        struct wmd *live = r->live.writers.items[i].wmd;

        if (IsEqualGUID(&live->writer_id, &saved->writer_id) &&
            wmd_find_component(live, component->logical_path, component->name)) {
            saved->instance_id = live->instance_id;
            return true;
        }
    }
    return false;
}

static bool select_one(struct restore *r, const struct chosen_component *chosen)
{
    struct session *s = &r->session;
    struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
    auto_free char *name = chosen_full_name(chosen->component);
    auto_wide WCHAR *wide_path = wide(chosen->component->logical_path);
    auto_wide WCHAR *wide_name = wide(chosen->component->name);

    adopt_instance(r, wmd, chosen->component);
    HRESULT hr =
        IVssBackupComponents_SetSelectedForRestore(s->vss, wmd->writer_id, chosen->component->type,
                                                   *wide_path ? wide_path : NULL, wide_name, TRUE);
    /* Learn: "Restores without Writer Participation": its files come back all the same. */
    if (hr == VSS_E_OBJECT_NOT_FOUND) {
        report_line(s->report, "component \"%s\": its writer '%s' does not run; only its files",
                    name, wmd->name);
        return true;
    }
    report_line(s->report, "component \"%s\" of '%s'", name, wmd->name);
    return session_did(s, "SetSelectedForRestore", hr);
}

static bool select_components(struct restore *r)
{
    struct session *s = &r->session;

    for (size_t i = 0; i < s->selection.components.count; i++)
        if (chosen_is_explicit(&s->selection, i) &&
            !select_one(r, &s->selection.components.items[i]))
            return false;
    return true;
}

/* ---- events and files ---- */

static bool send_pre_restore(struct restore *r)
{
    struct session *s = &r->session;
    IVssAsync *async = NULL;
    HRESULT hr = IVssBackupComponents_PreRestore(s->vss, &async);

    return session_finish(s, "PreRestore", hr, &async) && session_check_writers(s, "PreRestore");
}

static bool send_post_restore(struct restore *r)
{
    struct session *s = &r->session;
    IVssAsync *async = NULL;
    HRESULT hr = IVssBackupComponents_PostRestore(s->vss, &async);

    return session_finish(s, "PostRestore", hr, &async) && session_check_writers(s, "PostRestore");
}

static bool set_status(struct restore *r, const struct chosen_component *chosen,
                       VSS_FILE_RESTORE_STATUS status)
{
    struct session *s = &r->session;
    const struct wmd *wmd = s->selection.writers.items[chosen->writer].wmd;
    auto_wide WCHAR *path = wide(chosen->component->logical_path);
    auto_wide WCHAR *name = wide(chosen->component->name);

    return session_did(
        s, "SetFileRestoreStatus",
        IVssBackupComponents_SetFileRestoreStatus(s->vss, wmd->writer_id, chosen->component->type,
                                                  *path ? path : NULL, name, status));
}

static bool restore_components(struct restore *r)
{
    struct session *s = &r->session;

    for (size_t i = 0; i < s->selection.components.count; i++) {
        struct chosen_component *chosen = &s->selection.components.items[i];
        VSS_FILE_RESTORE_STATUS status = VSS_RS_NONE;

        if (!chosen_is_explicit(&s->selection, i))
            continue;
        /* A writer that refused PreRestore is not ready for its files. */
        if (!chosen->has_failed)
            status = place_back(s, i);
        if (!set_status(r, chosen, status))
            return false;
    }
    return true;
}

static bool run(struct restore *r)
{
    struct session *s = &r->session;

    if (!begin(r) || !load_writers(r) || !session_gather_metadata(s, &r->live, NULL))
        return false;
    if (!choose(r) || !select_components(r) || !send_pre_restore(r))
        return false;
    /* PostRestore is due once PreRestore was sent, whatever became of the files. */
    bool is_restored = !s->options->store || restore_components(r);
    return send_post_restore(r) && is_restored;
}

void betest_restore(const struct betest_options *options, struct betest_report *report)
{
    struct restore r = { 0 };
    enum betest_exit before = report->worst;

    report->worst = BETEST_DONE;
    report_line(report, "restore begins");
    if (session_begin(&r.session, options, report))
        run(&r);
    selection_free(&r.live);
    session_end(&r.session);
    report_line(report,
                report->worst == BETEST_DONE ? "restore done" : "restore ended with failures");
    if (before > report->worst)
        report->worst = before;
}
