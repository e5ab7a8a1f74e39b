/* SPDX-License-Identifier: MIT */
/* See trace_json.h. Lines are written by hand, because a program under test writes thousands of
 * them. Reading is in trace_json_read.c. */
#include "emu/trace/trace_json.h"

#include "emu/com/hresult.h"

#include "emu/base/cleanup.h"
#include "emu/com/guid.h"

#include <inttypes.h>

static const char *const kind_names[] = {
    [TRACE_CALL] = "call",       [TRACE_EVENT] = "event", [TRACE_PROVIDER] = "provider",
    [TRACE_VOLUME] = "volume",   [TRACE_STATE] = "state", [TRACE_LOG] = "log",
    [TRACE_FINDING] = "finding", [TRACE_NOTE] = "note",
};
#define N_KINDS (sizeof(kind_names) / sizeof(kind_names[0]))

static const char *const ending_names[] = {
    [TRACE_ENDED_BY_EXIT] = "exit",
    [TRACE_ENDED_BY_SIGNAL] = "signal",
    [TRACE_ENDED_BY_HARNESS] = "harness",
};

const char *trace_kind_name(enum trace_kind kind)
{
    return (size_t)kind < N_KINDS ? kind_names[kind] : "note";
}

const char *trace_ending_name(enum trace_ending ending)
{
    return ending_names[ending];
}

/* Length of the well-formed UTF-8 sequence at p, 0 if there is none. */
static size_t utf8_sequence(const unsigned char *p)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF && (p[1] & 0xC0) == 0x80)
        return 2;
    if ((p[0] & 0xF0) == 0xE0 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80)
        return (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ? 0 : 3;
    if (p[0] >= 0xF0 && p[0] <= 0xF4 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
        (p[3] & 0xC0) == 0x80)
        return (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F) ? 0 : 4;
    return 0;
}

static void add_escaped(struct str *out, unsigned char c)
{
    if (c == '"' || c == '\\') {
        str_add_char(out, '\\');
        str_add_char(out, (char)c);
    } else if (c == '\n') {
        str_add(out, "\\n");
    } else {
        str_addf(out, "\\u%04x", c);
    }
}

/* A JSON string. Runs of plain bytes are copied whole. */
static void add_string(struct str *out, const char *text)
{
    const unsigned char *p = (const unsigned char *)text, *plain = p;

    str_add_char(out, '"');
    while (*p) {
        size_t length = utf8_sequence(p);

        if (length && *p >= 0x20 && *p != '"' && *p != '\\') {
            p += length;
            continue;
        }
        str_add_bytes(out, (const char *)plain, (size_t)(p - plain));
        if (length)
            add_escaped(out, *p);
        else
            str_add(out, "\xEF\xBF\xBD");
        plain = ++p;
    }
    str_add_bytes(out, (const char *)plain, (size_t)(p - plain));
    str_add_char(out, '"');
}

static void add_number(struct str *out, int64_t value)
{
    char digits[24], *p = digits + sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--p = '-';
    str_add_bytes(out, p, (size_t)(digits + sizeof(digits) - p));
}

static void add_texts(struct str *out, const char *const *texts, size_t n)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            str_add_char(out, ',');
        add_string(out, texts[i]);
    }
    str_add_char(out, ']');
}

/* A member with a text; one that is NULL is left out. */
static void add_text(struct str *out, const char *name, const char *text)
{
    if (!text)
        return;
    str_add(out, name);
    add_string(out, text);
}

void trace_json_add_header(struct str *out, const struct trace_header *header)
{
    str_addf(out, "{\"vssemu_trace\":%d,\"clock\":", TRACE_FORMAT_VERSION);
    add_string(out, header->clock);
    str_addf(out, ",\"seed\":%" PRIu64, header->seed);
    if (header->n_program) {
        str_add(out, ",\"program\":");
        add_texts(out, header->program, header->n_program);
    }
    if (header->world) {
        str_add(out, ",\"world\":");
        str_add(out, header->world);
    }
    str_add(out, "}\n");
}

static void add_ids(struct str *out, const GUID *ids, size_t n)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            str_add_char(out, ',');
        add_string(out, GUID_TEXT(&ids[i]));
    }
    str_add_char(out, ']');
}

static void add_value(struct str *out, const struct trace_arg *arg)
{
    auto_free char *made = NULL;
    const char *text = arg->text;

    switch (arg->kind) {
    case TRACE_ARG_NUMBER:
        add_number(out, arg->number);
        return;
    case TRACE_ARG_TRUTH:
        str_add(out, arg->number ? "true" : "false");
        return;
    case TRACE_ARG_IDS:
        add_ids(out, arg->of, arg->n);
        return;
    case TRACE_ARG_TEXTS:
        add_texts(out, arg->of, arg->n);
        return;
    case TRACE_ARG_ID:
        text = GUID_TEXT((const GUID *)arg->of);
        add_string(out, text);
        return;
    case TRACE_ARG_MADE:
        text = made = arg->make(arg->of);
        break;
    case TRACE_ARG_TEXT:
        break;
    }
    if (text)
        add_string(out, text);
    else
        str_add(out, "null");
}

static void add_args(struct str *out, const struct trace_arg *args, size_t n)
{
    if (!n)
        return;
    str_add(out, ",\"args\":{");
    for (size_t i = 0; i < n; i++) {
        if (i)
            str_add_char(out, ',');
        add_string(out, args[i].name);
        str_add_char(out, ':');
        add_value(out, &args[i]);
    }
    str_add_char(out, '}');
}

void trace_json_add_record(struct str *out, const struct trace_record *record)
{
    str_add(out, "{\"t\":");
    add_number(out, record->at_ns);
    add_text(out, ",\"kind\":", trace_kind_name(record->kind));
    add_text(out, ",\"who\":", record->who ? record->who : "");
    add_text(out, ",\"what\":", record->what ? record->what : "");
    add_text(out, ",\"before\":", record->before);
    add_text(out, ",\"after\":", record->after);
    if (record->has_result)
        add_text(out, ",\"result\":", HRESULT_NAME(record->result));
    add_text(out, ",\"call\":", record->call);
    add_text(out, ",\"object\":", record->object);
    if (record->took_ns) {
        str_add(out, ",\"took\":");
        add_number(out, record->took_ns);
    }
    add_text(out, ",\"detail\":", record->detail);
    add_args(out, record->args, record->n_args);
    str_add(out, "}\n");
}

void trace_json_add_verdict(struct str *out, const struct trace_verdict *verdict)
{
    str_add(out, "{\"verdict\":");
    add_string(out, ending_names[verdict->ending]);
    str_add(out, ",\"exit\":");
    add_number(out, verdict->exit_code);
    add_text(out, ",\"signal\":", verdict->signal);
    add_text(out, ",\"message\":", verdict->message);
    str_addf(out, ",\"records\":%" PRIu64 "}\n", verdict->n_records);
}
