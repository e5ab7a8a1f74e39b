/* SPDX-License-Identifier: MIT */
/* See replay_writer.h. Each function of a method takes its arguments from the record, by the names
 * of docs/trace-format.md. */
#include "emu/setup/replay_writer.h"

#include "emu/base/cleanup.h"
#include "emu/base/list.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/bstr.h"
#include "emu/com/object.h"
#include "emu/doc/wmd.h"
#include "emu/host/host_trace.h"
#include "emu/include/vssemu_writer.h"
#include "emu/proto/writer_rules.h"
#include "emu/scenario/scenario.h"
#include "emu/setup/description.h"
#include "emu/setup/world_writers.h"
#include "writer_sim/metadata_writer.h"

#include <string.h>

struct saying {
    struct trace_line line; /* a call, or an event whose handler reported a failure with words */
    unsigned nth;           /* event of its name */
};

struct replay_writer {
    struct metadata_writer_ways ways;
    ARRAY(struct saying) sayings;
    ARRAY(struct wmd *) documents; /* of each Identify a reference; NULL: of the beginning */
    unsigned heard[N_WRITER_EVENTS];
};

/* ---- methods ---- */

struct call {
    IVssComponentEx2 *face;
    const struct trace_record *record;
};

#define WIDE(c, name)       ((WCHAR *)utf16_from_utf8(trace_record_text((c)->record, name)))
#define SAY(c, method, ...) ((c)->face->lpVtbl->method((c)->face, ##__VA_ARGS__))
#define NUMBER_OF(c, name)  trace_record_number((c)->record, name, 0)

#define CALL_WITH_TEXT(method)                      \
    static void call_##method(const struct call *c) \
    {                                               \
        auto_free WCHAR *text = WIDE(c, "text");    \
                                                    \
        SAY(c, method, text);                       \
    }
CALL_WITH_TEXT(SetBackupMetadata)
CALL_WITH_TEXT(SetRestoreMetadata)
CALL_WITH_TEXT(SetBackupStamp)
CALL_WITH_TEXT(SetPreRestoreFailureMsg)
CALL_WITH_TEXT(SetPostRestoreFailureMsg)
CALL_WITH_TEXT(SetPrepareForBackupFailureMsg)
CALL_WITH_TEXT(SetPostSnapshotFailureMsg)

static void call_SetRestoreTarget(const struct call *c)
{
    SAY(c, SetRestoreTarget, (VSS_RESTORE_TARGET)NUMBER_OF(c, "target"));
}

static void call_SetFailure(const struct call *c)
{
    auto_free WCHAR *message = WIDE(c, "message");

    SAY(c, SetFailure, (HRESULT)NUMBER_OF(c, "failure"), (HRESULT)NUMBER_OF(c, "application"),
        message, (DWORD)NUMBER_OF(c, "reserved"));
}

static void call_AddPartialFile(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "file_path"), *name = WIDE(c, "filename"),
                    *ranges = WIDE(c, "ranges"), *metadata = WIDE(c, "metadata");

    SAY(c, AddPartialFile, path, name, ranges, metadata);
}

static void call_AddDirectedTarget(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "source_path"), *name = WIDE(c, "source_filename"),
                    *ranges = WIDE(c, "source_ranges"), *to_path = WIDE(c, "destination_path"),
                    *to_name = WIDE(c, "destination_filename"),
                    *to_ranges = WIDE(c, "destination_ranges");

    SAY(c, AddDirectedTarget, path, name, ranges, to_path, to_name, to_ranges);
}

static void call_AddDifferencedFilesByLastModifyTime(const struct call *c)
{
    auto_free WCHAR *path = WIDE(c, "file_path"), *spec = WIDE(c, "filespec");
    uint64_t time = (uint64_t)NUMBER_OF(c, "time");

    SAY(c, AddDifferencedFilesByLastModifyTime, path, spec, NUMBER_OF(c, "recursive") != 0,
        (FILETIME){ (DWORD)time, (DWORD)(time >> 32) });
}

#define HERE(method)           \
    {                          \
#method, call_##method \
    }

static const struct {
    const char *name;
    void (*run)(const struct call *c);
} methods[] = {
    HERE(SetBackupMetadata),
    HERE(SetRestoreMetadata),
    HERE(SetBackupStamp),
    HERE(SetPreRestoreFailureMsg),
    HERE(SetPostRestoreFailureMsg),
    HERE(SetPrepareForBackupFailureMsg),
    HERE(SetPostSnapshotFailureMsg),
    HERE(SetRestoreTarget),
    HERE(SetFailure),
    HERE(AddPartialFile),
    HERE(AddDirectedTarget),
    HERE(AddDifferencedFilesByLastModifyTime),
};

static void say(IVssComponent *component, const struct trace_record *record)
{
    auto_release(IVssComponentEx2) *face = NULL;

    if (component->lpVtbl->QueryInterface(component, &IID_IVssComponentEx2, (void **)&face) != S_OK)
        return;
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(methods[i].name, record->what) == 0)
            methods[i].run(&(const struct call){ face, record });
    }
}

/* ---- the component that a record means ---- */

static bool is_text(BSTR take_text, const char *text)
{
    auto_free char *own = utf8_from_wide(take_text);

    bstr_free(take_text);
    return strcmp(own ? own : "", text ? text : "") == 0;
}

static bool is_meant(IVssComponent *component, const struct trace_record *record)
{
    VSS_COMPONENT_TYPE type = VSS_CT_UNDEFINED;
    BSTR path = NULL, name = NULL;

    component->lpVtbl->GetComponentType(component, &type);
    component->lpVtbl->GetLogicalPath(component, &path);
    component->lpVtbl->GetComponentName(component, &name);
    bool is_path = is_text(path, trace_record_text(record, "path"));
    bool is_name = is_text(name, trace_record_text(record, "name"));

    return is_path && is_name && type == trace_record_number(record, "type", type);
}

static void say_of(IVssWriterComponents *components, const struct trace_record *record)
{
    UINT n = 0;

    components->lpVtbl->GetComponentCount(components, &n);
    for (UINT i = 0; i < n; i++) {
        auto_release(IVssComponent) *component = NULL;

        if (components->lpVtbl->GetComponent(components, i, &component) != S_OK ||
            !is_meant(component, record))
            continue;
        say(component, record);
        return;
    }
}

/* ---- events ---- */

static int event_named(const char *name)
{
    for (int i = 0; name && i < N_WRITER_EVENTS; i++) {
        if (strcmp(writer_event_name((enum writer_event)i), name) == 0)
            return i;
    }
    return -1;
}

static struct replay_writer *writer_of(struct metadata_writer_ways *ways)
{
    return container_of(ways, struct replay_writer, ways);
}

/* Behind the last of the trace the writer stays with the last. */
static struct wmd *identify(struct metadata_writer_ways *ways)
{
    struct replay_writer *w = writer_of(ways);
    size_t i = w->heard[ON_IDENTIFY]++;

    if (!w->documents.count)
        return NULL;
    return w->documents.items[i < w->documents.count ? i : w->documents.count - 1];
}

/* What SetWriterFailureEx was given besides the code; whether it was a veto, a fault says. */
static void report(struct vssemu_writer *writer, const struct trace_record *record)
{
    auto_free WCHAR *message = (WCHAR *)utf16_from_utf8(trace_record_text(record, "message"));

    vssemu_writer_set_failure_ex(
        writer, record->result, (HRESULT)trace_record_number(record, "application", S_OK), message);
}

static void handle(struct metadata_writer_ways *ways, struct vssemu_writer *writer,
                   const char *event, IVssWriterComponents *components)
{
    struct replay_writer *w = writer_of(ways);
    unsigned nth = ++w->heard[event_named(event)];

    for (size_t i = 0; i < w->sayings.count; i++) {
        const struct trace_record *record = &w->sayings.items[i].line.record;

        if (w->sayings.items[i].nth != nth)
            continue;
        if (record->kind == TRACE_EVENT && strcmp(record->what, event) == 0)
            report(writer, record);
        else if (components && str_is_equal(trace_record_text(record, "event"), event))
            say_of(components, record);
    }
}

static void free_ways(struct metadata_writer_ways *ways)
{
    struct replay_writer *w = writer_of(ways);

    for (size_t i = 0; i < w->sayings.count; i++)
        trace_line_fini(&w->sayings.items[i].line);
    for (size_t i = 0; i < w->documents.count; i++)
        wmd_free(w->documents.items[i]);
    array_free(&w->sayings);
    array_free(&w->documents);
    free(w);
}

/* ---- reading ---- */

/* args.metadata is null when the document is the one before. */
static struct wmd *document_of(const struct replay_writer *w, const struct trace_record *record)
{
    const char *text = trace_record_text(record, "metadata");
    struct wmd *last = w->documents.count ? w->documents.items[w->documents.count - 1] : NULL;
    auto_free char *why = NULL;
    struct wmds wmds = { 0 };
    struct wmd *wmd = NULL;

    if (text && wmds_from_xml(text, strlen(text), &wmds, &why) == S_OK && wmds.count)
        wmd = wmd_ref(wmds.items[0]);
    wmds_free(&wmds);
    return wmd || !last ? wmd : wmd_ref(last);
}

/* The end of an event's handler: its record, or a note when its time had been over. */
static bool is_end_of_event(const struct trace_record *record)
{
    return record->kind == TRACE_EVENT ||
           (record->kind == TRACE_NOTE && event_named(record->what) >= 0);
}

static void take(struct replay_writer *w, struct trace_line *line, unsigned ended[N_WRITER_EVENTS])
{
    const struct trace_record *record = &line->record;
    int event = event_named(record->what);

    if (record->kind == TRACE_CALL) {
        event = event_named(trace_record_text(record, "event"));
        if (event < 0)
            return;
        array_add(&w->sayings, ((struct saying){ *line, ended[event] + 1 }));
        *line = (struct trace_line){ 0 };
    } else if (is_end_of_event(record) && event >= 0) {
        ended[event]++;
        if (event == ON_IDENTIFY) {
            struct wmd *wmd = document_of(w, record);

            array_add(&w->documents, wmd);
        } else if (trace_record_arg(record, "application") || trace_record_arg(record, "message")) {
            array_add(&w->sayings, ((struct saying){ *line, ended[event] }));
            *line = (struct trace_line){ 0 };
        }
    }
}

static bool load(const char *path, struct metadata_writer_ways **ret, char **ret_error)
{
    struct replay_writer *w;
    unsigned ended[N_WRITER_EVENTS] = { 0 }, number = 0;
    auto_str struct str text = { 0 };
    char *why = NULL;

    if (!host_trace_text(path, &text, ret_error))
        return false;
    w = mem_new(struct replay_writer);
    w->ways = (struct metadata_writer_ways){ identify, handle, free_ways };
    for (const char *at = text.text, *end; at && (end = strchr(at, '\n')) && !why; at = end + 1) {
        struct trace_line line = { 0 };

        number++;
        if (trace_json_read_or_say(at, (size_t)(end - at), &line, &why) &&
            line.kind == TRACE_LINE_RECORD)
            take(w, &line, ended);
        trace_line_fini(&line);
    }
    if (why) {
        *ret_error = str_printf("%s:%u: %s", path, number, why);
        free(why);
        free_ways(&w->ways);
        return false;
    }
    *ret = &w->ways;
    return true;
}

void replay_writers_replace(struct scenario *s)
{
    while (s->writers.count)
        scenario_writer_fini(&s->writers.items[--s->writers.count]);
    for (size_t i = s->faults.count; i > 0; i--) {
        struct fault *fault = &s->faults.items[i - 1];

        if (fault->actor != FAULT_WRITER && fault->actor != FAULT_REQUESTER)
            continue;
        fault_fini(fault);
        array_remove(&s->faults, i - 1);
    }
}

bool replay_writers_add(struct vssemu_world *world, const struct description *description,
                        char **ret_error)
{
    for (size_t i = 0; i < description->recorded_writers.count; i++) {
        const struct recorded_writer *recorded = &description->recorded_writers.items[i];
        struct metadata_writer_options options = { .level = recorded->level,
                                                   .freeze_timeout_ms =
                                                       recorded->freeze_timeout_ms };

        if (recorded->answers && !load(recorded->answers, &options.ways, ret_error))
            return false;
        if (world_add_recorded_writer(world, recorded->path, &options, ret_error))
            return false;
    }
    return true;
}
