/* SPDX-License-Identifier: MIT */
/* Words for people. The names and hints of codes stand here and not in emu/com, because the
 * requester uses nothing below the public interfaces; it lists only what it can meet. */
#include "fakes/requester/betest_report.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"

#include <unistd.h>

/* Learn: the return value tables of IVssBackupComponents; hints: the same pages' descriptions. */
static const struct {
    HRESULT code;
    const char *name;
    const char *hint;
} codes[] = {
    { VSS_E_BAD_STATE, "VSS_E_BAD_STATE", "the call came out of order" },
    { VSS_E_UNEXPECTED, "VSS_E_UNEXPECTED", NULL },
    { VSS_E_PROVIDER_NOT_REGISTERED, "VSS_E_PROVIDER_NOT_REGISTERED", NULL },
    { VSS_E_PROVIDER_VETO, "VSS_E_PROVIDER_VETO", "the provider refused: see the Application log" },
    { VSS_E_OBJECT_NOT_FOUND, "VSS_E_OBJECT_NOT_FOUND", "no such volume, writer or component" },
    { VSS_E_VOLUME_NOT_SUPPORTED, "VSS_E_VOLUME_NOT_SUPPORTED", NULL },
    { VSS_E_OBJECT_ALREADY_EXISTS, "VSS_E_OBJECT_ALREADY_EXISTS", NULL },
    { VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER, "VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER", NULL },
    { VSS_E_UNEXPECTED_PROVIDER_ERROR, "VSS_E_UNEXPECTED_PROVIDER_ERROR", NULL },
    { VSS_E_INVALID_XML_DOCUMENT, "VSS_E_INVALID_XML_DOCUMENT", "the document is damaged" },
    { VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED, "VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED", NULL },
    { VSS_E_FLUSH_WRITES_TIMEOUT, "VSS_E_FLUSH_WRITES_TIMEOUT", "try again in ten minutes" },
    { VSS_E_HOLD_WRITES_TIMEOUT, "VSS_E_HOLD_WRITES_TIMEOUT", "try again in ten minutes" },
    { VSS_E_UNEXPECTED_WRITER_ERROR, "VSS_E_UNEXPECTED_WRITER_ERROR", NULL },
    { VSS_E_SNAPSHOT_SET_IN_PROGRESS, "VSS_E_SNAPSHOT_SET_IN_PROGRESS",
      "another requester is at it" },
    { VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED, "VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED",
      NULL },
    { VSS_E_WRITER_INFRASTRUCTURE, "VSS_E_WRITER_INFRASTRUCTURE", NULL },
    { VSS_E_WRITER_NOT_RESPONDING, "VSS_E_WRITER_NOT_RESPONDING", NULL },
    { VSS_E_UNSUPPORTED_CONTEXT, "VSS_E_UNSUPPORTED_CONTEXT", NULL },
    { VSS_E_INSUFFICIENT_STORAGE, "VSS_E_INSUFFICIENT_STORAGE", "no room for the diff area" },
    { VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT, "VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT",
      "the writer's volumes were not all in the set" },
    { VSS_E_WRITERERROR_OUTOFRESOURCES, "VSS_E_WRITERERROR_OUTOFRESOURCES", "try again" },
    { VSS_E_WRITERERROR_TIMEOUT, "VSS_E_WRITERERROR_TIMEOUT", "try again in ten minutes" },
    { VSS_E_WRITERERROR_RETRYABLE, "VSS_E_WRITERERROR_RETRYABLE", "try again in ten minutes" },
    { VSS_E_WRITERERROR_NONRETRYABLE, "VSS_E_WRITERERROR_NONRETRYABLE",
      "trying again will not help: see the writer" },
    { VSS_E_WRITER_STATUS_NOT_AVAILABLE, "VSS_E_WRITER_STATUS_NOT_AVAILABLE", NULL },
    { VSS_S_ASYNC_CANCELLED, "VSS_S_ASYNC_CANCELLED", NULL },
    { VSS_S_ASYNC_PENDING, "VSS_S_ASYNC_PENDING", NULL },
    { E_INVALIDARG, "E_INVALIDARG", NULL },
    { E_OUTOFMEMORY, "E_OUTOFMEMORY", NULL },
    { E_ACCESSDENIED, "E_ACCESSDENIED", "it needs the rights of a backup operator" },
    { E_UNEXPECTED, "E_UNEXPECTED", NULL },
    { S_FALSE, "S_FALSE", NULL },
};

static const struct {
    uint32_t error;
    const char *words;
} windows_errors[] = {
    { ERROR_FILE_NOT_FOUND, "file not found" },
    { ERROR_PATH_NOT_FOUND, "no such directory" },
    { ERROR_ACCESS_DENIED, "access denied" },
    { ERROR_SHARING_VIOLATION, "in use by somebody else" },
    { ERROR_WRITE_PROTECT, "write-protected" },
    { ERROR_DISK_FULL, "disk full" },
    { ERROR_FILE_EXISTS, "exists already" },
    { ERROR_ALREADY_EXISTS, "exists already" },
    { ERROR_INVALID_NAME, "not a file name" },
    { ERROR_DIRECTORY, "a directory" },
    { ERROR_HANDLE_EOF, "ends too early" },
};

void report_begin(struct betest_report *r, const struct betest_options *options)
{
    *r = (struct betest_report){ .out = options->out ? options->out : stdout,
                                 .verbose = options->verbose };
    r->is_terminal = isatty(fileno(r->out)) == 1;
}

static void report_write(struct betest_report *r, const char *before, const char *format,
                         va_list args)
{
    auto_str struct str line = { 0 };

    if (r->is_progress_shown)
        str_add(&line, "\r\033[K");
    r->is_progress_shown = false;
    str_add(&line, "betest: ");
    str_add(&line, before);
    str_vaddf(&line, format, args);
    str_add_char(&line, '\n');
    fputs(line.text, r->out);
    fflush(r->out);
}

void report_line(struct betest_report *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    report_write(r, "", format, args);
    va_end(args);
}

void report_detail(struct betest_report *r, const char *format, ...)
{
    va_list args;

    if (!r->verbose)
        return;
    va_start(args, format);
    report_write(r, "  ", format, args);
    va_end(args);
}

void report_failure(struct betest_report *r, enum betest_exit code, const char *format, ...)
{
    va_list args;

    if (code > r->worst)
        r->worst = code;
    va_start(args, format);
    report_write(r, "FAILED: ", format, args);
    va_end(args);
}

void report_call_failed(struct betest_report *r, const char *call, HRESULT hr)
{
    auto_free char *code = report_code(hr);
    const char *hint = NULL;

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        if (codes[i].code == hr)
            hint = codes[i].hint;
    report_failure(r, BETEST_VSS_FAILED, "%s: %s%s%s", call, code, hint ? ", " : "",
                   hint ? hint : "");
}

void report_progress(struct betest_report *r, const char *what, size_t done, size_t total)
{
    if (!r->is_terminal || (done % 64 != 0 && done != total))
        return;
    fprintf(r->out, "\r\033[Kbetest: %s %zu of %zu", what, done, total);
    fflush(r->out);
    r->is_progress_shown = true;
}

char *report_code(HRESULT hr)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        if (codes[i].code == hr)
            return str_printf("%s (0x%08X)", codes[i].name, (unsigned)hr);
    return str_printf("0x%08X", (unsigned)hr);
}

char *report_windows_error(uint32_t error)
{
    for (size_t i = 0; i < sizeof(windows_errors) / sizeof(*windows_errors); i++)
        if (windows_errors[i].error == error)
            return str_printf("%s (Windows error %u)", windows_errors[i].words, error);
    return str_printf("Windows error %u", error);
}

const char *report_writer_state(VSS_WRITER_STATE state)
{
    static const char *const names[] = {
        "unknown",
        "stable",
        "waiting for freeze",
        "waiting for thaw",
        "waiting for post-snapshot",
        "waiting for backup complete",
        "failed at identify",
        "failed at prepare backup",
        "failed at prepare snapshot",
        "failed at freeze",
        "failed at thaw",
        "failed at post-snapshot",
        "failed at backup complete",
        "failed at pre-restore",
        "failed at post-restore",
        "failed at backup shutdown",
    };

    if ((size_t)state >= sizeof(names) / sizeof(*names))
        return "in a state unknown to this program";
    return names[state];
}
