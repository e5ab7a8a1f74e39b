/* SPDX-License-Identifier: MIT */
/* RegisterEventSource, ReportEvent, OpenEventLog, ReadEventLog and their relatives (Learn: "Event
 * Logging Functions"). */
#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/port/world.h"
#include "fakes/windows/handle.h"
#include "fakes/windows/last_error.h"
#include "fakes/windows/system/event_log.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_STRING 31839 /* Learn: "ReportEventW" */

struct log_handle {
    struct object object;
    const char *log;
    char *source; /* NULL: opened for reading */
    DWORD next;   /* number of the record that a sequential read takes next; 0: it begins */
    bool goes_back;
};

static void log_handle_destroy(struct object *object)
{
    free(((struct log_handle *)object)->source);
    free(object);
}

static const struct object_class log_class = { .name = "event log", .destroy = log_handle_destroy };

static HANDLE new_handle(const char *log, const char *source)
{
    struct log_handle *handle = mem_new(struct log_handle);

    object_init(&handle->object, &log_class);
    handle->log = log;
    handle->source = mem_strdup(source);
    return handle_new(&handle->object, 0);
}

static bool is_this_machine(const char *server)
{
    while (server && *server == '\\')
        server++;
    return !server || !*server || str_is_equal_nocase(server, WORLD_MACHINE_NAME) ||
           str_is_equal_nocase(server, "localhost");
}

/* ---- writing ---- */

HANDLE WINAPI RegisterEventSourceA(LPCSTR server, LPCSTR source)
{
    DWORD error = ERROR_SUCCESS;

    if (!is_this_machine(server))
        error = RPC_S_SERVER_UNAVAILABLE;
    else if (!source || !*source)
        error = ERROR_INVALID_PARAMETER;
    else if (str_is_equal_nocase(source, "Security"))
        error = ERROR_ACCESS_DENIED; /* Learn: the system's alone */
    if (!error)
        return new_handle(log_of_source(source), source);
    SetLastError(error);
    return NULL;
}

HANDLE WINAPI RegisterEventSourceW(LPCWSTR server, LPCWSTR source)
{
    auto_free char *utf8_server = utf8_from_utf16((const uint16_t *)server);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)source);

    return RegisterEventSourceA(utf8_server, utf8);
}

static BOOL close_log(HANDLE handle)
{
    struct object *object = handle_take(handle, &log_class);

    if (!object)
        return FALSE;
    object_unref(object);
    return TRUE;
}

BOOL WINAPI DeregisterEventSource(HANDLE handle)
{
    return close_log(handle);
}

BOOL WINAPI CloseEventLog(HANDLE handle)
{
    return close_log(handle);
}

static BOOL report(HANDLE handle, struct logged_event *event, PSID sid, DWORD data_size,
                   const void *data)
{
    auto_object struct object *object = handle_get(handle, &log_class, 0);
    struct log_handle *source = (struct log_handle *)object;

    if (!object)
        return FALSE;
    event->log = source->log;
    event->source = mem_strdup(source->source ? source->source : source->log);
    if (data_size && data) {
        event->data = mem_copy(data, data_size);
        event->data_size = data_size;
    }
    if (sid) {
        event->sid_size = GetLengthSid(sid);
        event->sid = mem_copy(sid, event->sid_size);
    }
    log_write(event);
    return TRUE;
}

static void forget_strings(struct logged_event *event)
{
    for (size_t i = 0; i < event->strings.count; i++)
        free(event->strings.items[i]);
    array_free(&event->strings);
}

BOOL WINAPI ReportEventA(HANDLE handle, WORD type, WORD category, DWORD id, PSID sid,
                         WORD n_strings, DWORD data_size, LPCSTR *strings, LPVOID data)
{
    struct logged_event event = { .id = id, .type = type, .category = category };

    if (n_strings && !strings)
        return win_fail(ERROR_INVALID_PARAMETER);
    for (WORD i = 0; i < n_strings; i++) {
        array_add(&event.strings, mem_strdup(strings[i] ? strings[i] : ""));
        if (strlen(event.strings.items[i]) > LONGEST_STRING) {
            forget_strings(&event);
            return win_fail(RPC_X_BAD_STUB_DATA);
        }
    }
    if (report(handle, &event, sid, data_size, data))
        return TRUE;
    forget_strings(&event);
    return FALSE;
}

BOOL WINAPI ReportEventW(HANDLE handle, WORD type, WORD category, DWORD id, PSID sid,
                         WORD n_strings, DWORD data_size, LPCWSTR *strings, LPVOID data)
{
    ARRAY(char *) narrow = { 0 };

    if (n_strings && !strings)
        return win_fail(ERROR_INVALID_PARAMETER);
    for (WORD i = 0; i < n_strings; i++)
        array_add(&narrow, utf8_from_utf16((const uint16_t *)strings[i]));
    BOOL result = ReportEventA(handle, type, category, id, sid, n_strings, data_size,
                               (LPCSTR *)narrow.items, data);
    for (size_t i = 0; i < narrow.count; i++)
        free(narrow.items[i]);
    array_free(&narrow);
    return result;
}

/* ---- reading ---- */

/* Learn: "OpenEventLogW": a name that is no log opens the Application log. */
HANDLE WINAPI OpenEventLogA(LPCSTR server, LPCSTR name)
{
    if (!is_this_machine(server)) {
        SetLastError(RPC_S_SERVER_UNAVAILABLE);
        return NULL;
    }
    if (!name || !*name) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return new_handle(log_of_source(name), NULL);
}

HANDLE WINAPI OpenEventLogW(LPCWSTR server, LPCWSTR name)
{
    auto_free char *utf8_server = utf8_from_utf16((const uint16_t *)server);
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)name);

    return OpenEventLogA(utf8_server, utf8);
}

BOOL WINAPI GetNumberOfEventLogRecords(HANDLE handle, PDWORD ret_n)
{
    auto_object struct object *object = handle_get(handle, &log_class, 0);
    size_t n;

    if (!object)
        return FALSE;
    if (!ret_n)
        return win_fail(ERROR_INVALID_PARAMETER);
    free(log_events(((struct log_handle *)object)->log, &n));
    *ret_n = (DWORD)n;
    return TRUE;
}

BOOL WINAPI GetOldestEventLogRecord(HANDLE handle, PDWORD ret_number)
{
    auto_object struct object *object = handle_get(handle, &log_class, 0);
    size_t n;

    if (!object)
        return FALSE;
    if (!ret_number)
        return win_fail(ERROR_INVALID_PARAMETER);
    auto_free const struct logged_event **events =
        log_events(((struct log_handle *)object)->log, &n);
    *ret_number = n ? events[0]->number : 0;
    return TRUE;
}

static void add_text(struct str *out, const char *text, bool is_wide)
{
    auto_free uint16_t *units = is_wide ? utf16_from_utf8(text) : NULL;

    if (is_wide)
        str_add_bytes(out, (const char *)units, (utf16_length(units) + 1) * sizeof(WCHAR));
    else
        str_add_bytes(out, text, strlen(text) + 1);
}

static void pad(struct str *out)
{
    while (out->length % 4)
        str_add_bytes(out, "", 1);
}

/* Learn: "EVENTLOGRECORD": header, source, computer, identifier, strings, data, the length
 * again. */
static void make_record(struct str *out, const struct logged_event *event, bool is_wide)
{
    EVENTLOGRECORD head = { .Reserved = 0x654c664c, /* "LfLe" */
                            .RecordNumber = event->number,
                            .TimeGenerated = event->time,
                            .TimeWritten = event->time,
                            .EventID = event->id,
                            .EventType = event->type,
                            .NumStrings = (WORD)event->strings.count,
                            .EventCategory = event->category,
                            .UserSidLength = (DWORD)event->sid_size,
                            .DataLength = (DWORD)event->data_size };

    str_add_bytes(out, (const char *)&head, sizeof(head));
    add_text(out, event->source, is_wide);
    add_text(out, WORLD_MACHINE_NAME, is_wide);
    pad(out);
    head.UserSidOffset = (DWORD)out->length;
    str_add_bytes(out, event->sid ? event->sid : "", event->sid_size);
    head.StringOffset = (DWORD)out->length;
    for (size_t i = 0; i < event->strings.count; i++)
        add_text(out, event->strings.items[i], is_wide);
    head.DataOffset = (DWORD)out->length;
    str_add_bytes(out, event->data ? event->data : "", event->data_size);
    pad(out);
    head.Length = (DWORD)(out->length + sizeof(DWORD));
    str_add_bytes(out, (const char *)&head.Length, sizeof(DWORD));
    memcpy(out->text, &head, sizeof(head));
}

struct reading {
    const struct logged_event **events;
    size_t n;
    bool goes_back, is_wide;
};

/* The place of the first record to read, n for none. */
static size_t first_place(const struct reading *reading, struct log_handle *log, DWORD flags,
                          DWORD number)
{
    bool is_first = !(flags & EVENTLOG_SEEK_READ) && !log->next;
    DWORD wanted = flags & EVENTLOG_SEEK_READ ? number : log->next;

    if (is_first)
        return !reading->n ? 0 : reading->goes_back ? reading->n - 1 : 0;
    for (size_t i = 0; i < reading->n; i++) {
        if (reading->events[i]->number == wanted)
            return i;
    }
    return reading->n;
}

static BOOL read_from(const struct reading *reading, struct log_handle *log, size_t place,
                      void *buffer, DWORD size, DWORD *ret_read, DWORD *ret_needed)
{
    DWORD used = 0;

    while (place < reading->n) {
        auto_str struct str record = { 0 };
        make_record(&record, reading->events[place], reading->is_wide);
        if (record.length > size - used && !used) {
            *ret_needed = (DWORD)record.length;
            return win_fail(ERROR_INSUFFICIENT_BUFFER);
        }
        if (record.length > size - used)
            break;
        memcpy((char *)buffer + used, record.text, record.length);
        used += (DWORD)record.length;
        DWORD number = reading->events[place]->number;
        log->next = reading->goes_back ? number - 1 : number + 1;
        if (reading->goes_back && !place)
            log->next = UINT32_MAX; /* nobody's number: at the end */
        place = reading->goes_back ? (place ? place - 1 : reading->n) : place + 1;
    }
    *ret_read = used;
    return used ? TRUE : win_fail(ERROR_HANDLE_EOF);
}

static BOOL read_log(HANDLE handle, DWORD flags, DWORD number, void *buffer, DWORD size,
                     DWORD *ret_read, DWORD *ret_needed, bool is_wide)
{
    auto_object struct object *object = handle_get(handle, &log_class, 0);
    struct log_handle *log = (struct log_handle *)object;
    struct reading reading = { .goes_back = flags & EVENTLOG_BACKWARDS_READ, .is_wide = is_wide };
    DWORD how = flags & (EVENTLOG_SEQUENTIAL_READ | EVENTLOG_SEEK_READ);
    DWORD where = flags & (EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ);

    if (!object)
        return FALSE;
    if (!buffer || !ret_read || !ret_needed || !how || !where ||
        how == (EVENTLOG_SEQUENTIAL_READ | EVENTLOG_SEEK_READ) ||
        where == (EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ))
        return win_fail(ERROR_INVALID_PARAMETER);
    *ret_read = *ret_needed = 0;
    reading.events = log_events(log->log, &reading.n);
    auto_free const struct logged_event **owned = reading.events;
    (void)owned;
    size_t place = first_place(&reading, log, flags, number);
    if (flags & EVENTLOG_SEEK_READ && place == reading.n)
        return win_fail(ERROR_INVALID_PARAMETER);
    return read_from(&reading, log, place, buffer, size, ret_read, ret_needed);
}

BOOL WINAPI ReadEventLogA(HANDLE handle, DWORD flags, DWORD number, LPVOID buffer, DWORD size,
                          DWORD *ret_read, DWORD *ret_needed)
{
    return read_log(handle, flags, number, buffer, size, ret_read, ret_needed, false);
}

BOOL WINAPI ReadEventLogW(HANDLE handle, DWORD flags, DWORD number, LPVOID buffer, DWORD size,
                          DWORD *ret_read, DWORD *ret_needed)
{
    return read_log(handle, flags, number, buffer, size, ret_read, ret_needed, true);
}

/* A copy in a file is not written: Learn has no format for it. */
BOOL WINAPI ClearEventLogA(HANDLE handle, LPCSTR backup)
{
    auto_object struct object *object = handle_get(handle, &log_class, 0);

    if (!object)
        return FALSE;
    if (backup)
        return win_fail(ERROR_NOT_SUPPORTED);
    log_clear(((struct log_handle *)object)->log);
    return TRUE;
}

BOOL WINAPI ClearEventLogW(HANDLE handle, LPCWSTR backup)
{
    auto_free char *utf8 = utf8_from_utf16((const uint16_t *)backup);

    return ClearEventLogA(handle, utf8);
}

BOOL WINAPI GetEventLogInformation(HANDLE handle, DWORD level, LPVOID buffer, DWORD size,
                                   LPDWORD ret_needed)
{
    auto_object struct object *object = handle_get(handle, &log_class, 0);

    if (!object)
        return FALSE;
    if (level) /* EVENTLOG_FULL_INFO is the only one */
        return win_fail(ERROR_INVALID_LEVEL);
    *ret_needed = sizeof(DWORD);
    if (!buffer || size < sizeof(DWORD))
        return win_fail(ERROR_INSUFFICIENT_BUFFER);
    *(DWORD *)buffer = 0; /* not full */
    return TRUE;
}
