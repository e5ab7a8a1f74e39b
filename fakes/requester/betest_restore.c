/* SPDX-License-Identifier: MIT */
/* The course of a restore (betest_restore.h): what to restore is in the saved backup components
 * document, which files and by which method in the saved writer metadata. Living writers are only
 * asked whether they are there. The document is checked and everything selected before any file is
 * touched. With /Pre there is a pass for each backup of the chain, the oldest first. */
#include "fakes/requester/betest_restore.h"

#include "emu/base/str.h"
#include "fakes/requester/betest_history.h"
#include "fakes/requester/betest_metadata.h"
#include "fakes/requester/betest_restore_i.h"

/* ---- what was backed up ---- */

static bool begin(struct restore *r)
{
    struct session *s = &r->session;
    auto_bstr BSTR document = documents_load_components(s->document, s->report);

    if (!document)
        return false;
    HRESULT hr = IVssBackupComponents_InitializeForRestore(s->vss, document);
    if (hr == VSS_E_INVALID_XML_DOCUMENT) {
        report_failure(s->report, BETEST_FILE_FAILED,
                       "%s is damaged or no backup components document; nothing was restored",
                       s->document);
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
        auto_free char *path = documents_writers_path(s->document);

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
    struct session *s = &r->session;
    bool is_ok = documents_load_writers(s->document, &writers, s->report);

    for (size_t i = 0; is_ok && i < writers.texts.count; i++)
        is_ok = load_writer(r, writers.texts.items[i]);
    if (is_ok && writers.previous && !s->options->previous)
        report_line(s->report, "%s builds on %s: /Pre %s restores that first", s->document,
                    writers.previous, writers.previous);
    documents_free(&writers);
    return is_ok;
}

/* ---- events and files ---- */

static bool send_pre_restore(struct restore *r)
{
    struct session *s = &r->session;
    IVssAsync *async = NULL;

    if (!session_did(s, "SetRestoreState",
                     IVssBackupComponents_SetRestoreState(s->vss, VSS_RTYPE_BY_COPY)))
        return false;
    HRESULT hr = IVssBackupComponents_PreRestore(s->vss, &async);

    return session_finish(s, "PreRestore", hr, &async);
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

static bool restore_components(struct restore *r, bool is_stopped)
{
    struct session *s = &r->session;

    for (size_t i = 0; i < s->selection.components.count; i++) {
        struct chosen_component *chosen = &s->selection.components.items[i];
        VSS_FILE_RESTORE_STATUS status = VSS_RS_NONE;

        if (!chosen_is_explicit(&s->selection, i))
            continue;
        /* A writer that refused PreRestore is not ready for its files. */
        if (!chosen->has_failed && !is_stopped)
            status = place_back(s, i, r->memory);
        if (!set_status(r, chosen, status))
            return false;
    }
    return true;
}

/* Learn: "IVssCreateWriterMetadata::SetRestoreMethod": a restart is the requester's to ask for. */
static void tell_reboot(struct restore *r)
{
    const struct selection *selection = &r->session.selection;

    for (size_t w = 0; w < selection->writers.count; w++)
        if (selection->writers.items[w].is_chosen &&
            selection->writers.items[w].wmd->reboot_required)
            report_line(r->session.report, "'%s' wants a restart of the system after its restore",
                        selection->writers.items[w].wmd->name);
}

static bool run(struct restore *r)
{
    struct session *s = &r->session;

    if (!begin(r) || !load_writers(r) || !session_gather_metadata(s, &r->live, NULL))
        return false;
    if (!restore_choose(r) || !restore_select(r) || !send_pre_restore(r))
        return false;
    /* PostRestore is due once PreRestore was sent, whatever became of the writers and files. */
    bool may_go_on = session_check_writers(s, "PreRestore");
    bool is_restored = !s->store || restore_components(r, !may_go_on);
    if (!r->has_more)
        tell_reboot(r);
    return send_post_restore(r) && is_restored;
}

/* ---- passes ---- */

struct passes {
    const struct betest_options *options;
    struct betest_report *report;
    struct history *chain; /* the last document and what it builds on; NULL: it builds on nothing */
    struct place_memory memory;
};

static void restore_pass(struct passes *p, const char *document, const char *store, bool has_more)
{
    struct restore r = { .has_more = has_more, .memory = &p->memory, .chain = p->chain };

    if (session_begin(&r.session, p->options, p->report)) {
        r.session.document = document;
        r.session.store = store;
        r.session.is_restore = true;
        run(&r);
    }
    selection_free(&r.live);
    session_end(&r.session);
}

/* The chain of /Pre, its oldest backup first; stops at one that does not come back whole. */
static bool restore_earlier(struct passes *p, const struct history *history)
{
    if (!history)
        return true;
    if (!restore_earlier(p, history->earlier))
        return false;
    if (p->options->store && !history->writers.store) {
        report_failure(p->report, BETEST_FILE_FAILED,
                       "%s was made without /D: there are no files that later backups could build "
                       "on",
                       history->document);
        return false;
    }
    report_line(p->report, "%s, which later backups build on", history->document);
    restore_pass(p, history->document, p->options->store ? history->writers.store : NULL, true);
    if (p->report->worst != BETEST_DONE)
        report_line(p->report, "what builds on %s is not restored: it did not come back whole",
                    history->document);
    return p->report->worst == BETEST_DONE;
}

static void restore_chain(struct passes *p)
{
    struct history *earlier = history_load(p->options->previous, p->report);

    p->chain = earlier ? history_load_one(p->options->document, p->report) : NULL;
    if (!p->chain) {
        history_free(earlier);
        return;
    }
    p->chain->earlier = earlier;
    if (restore_earlier(p, earlier)) {
        report_line(p->report, "%s", p->options->document);
        restore_pass(p, p->options->document, p->options->store, false);
    }
    history_free(p->chain);
}

void betest_restore(const struct betest_options *options, struct betest_report *report)
{
    struct passes p = { .options = options, .report = report };
    enum betest_exit before = report->worst;

    report->worst = BETEST_DONE;
    report_line(report, "restore begins");
    if (options->previous)
        restore_chain(&p);
    else
        restore_pass(&p, options->document, options->store, false);
    place_memory_free(&p.memory);
    report_line(report,
                report->worst == BETEST_DONE ? "restore done" : "restore ended with failures");
    if (before > report->worst)
        report->worst = before;
}
