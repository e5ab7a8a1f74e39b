/* SPDX-License-Identifier: MIT */
/* See trace_json.h. Lines are written by hand, because a program under test writes thousands of
 * them; they are read through jansson, because there only a person waits. */
#include "emu/trace/trace_json.h"

#include "emu/com/hresult.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

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
#define N_ENDINGS (sizeof(ending_names) / sizeof(ending_names[0]))

const char *trace_kind_name(enum trace_kind kind)
{
    return (size_t)kind < N_KINDS ? kind_names[kind] : "note";
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
    str_addf(out, ",\"seed\":%" PRIu64 "}\n", header->seed);
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
    add_text(out, ",\"detail\":", record->detail);
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

/* ---- reading ---- */

static const char *text_of(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static bool find_name(const char *const names[], size_t n_names, const char *name, size_t *ret_i)
{
    for (size_t i = 0; name && i < n_names; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_i = i;
            return true;
        }
    }
    return false;
}

/* A result is a name or, for a code without one, "0x" and eight digits. */
static bool read_result(const char *text, int32_t *ret_result)
{
    if (strncmp(text, "0x", 2) == 0) {
        char *end;
        unsigned long value = strtoul(text, &end, 16);

        if (*end || value > UINT32_MAX)
            return false;
        *ret_result = (int32_t)(uint32_t)value;
        return true;
    }
    HRESULT hr = hresult_from_name(text);
    if (hr == 2)
        return false;
    *ret_result = hr;
    return true;
}

static bool read_record(json_t *object, struct trace_record *ret_record)
{
    const char *result = text_of(object, "result");
    struct trace_record record = {
        .at_ns = json_integer_value(json_object_get(object, "t")),
        .who = text_of(object, "who"),
        .what = text_of(object, "what"),
        .before = text_of(object, "before"),
        .after = text_of(object, "after"),
        .detail = text_of(object, "detail"),
        .call = text_of(object, "call"),
        .object = text_of(object, "object"),
        .has_result = result != NULL,
    };
    size_t kind;

    if (!find_name(kind_names, N_KINDS, text_of(object, "kind"), &kind) || !record.who ||
        !record.what || !json_is_integer(json_object_get(object, "t")))
        return false;
    if (result && !read_result(result, &record.result))
        return false;
    record.kind = (enum trace_kind)kind;
    *ret_record = record;
    return true;
}

static bool read_verdict(json_t *object, struct trace_verdict *ret_verdict)
{
    size_t ending;

    if (!find_name(ending_names, N_ENDINGS, text_of(object, "verdict"), &ending))
        return false;
    *ret_verdict = (struct trace_verdict){
        .ending = (enum trace_ending)ending,
        .exit_code = (int)json_integer_value(json_object_get(object, "exit")),
        .signal = text_of(object, "signal"),
        .message = text_of(object, "message"),
        .n_records = (uint64_t)json_integer_value(json_object_get(object, "records")),
    };
    return true;
}

static bool read_header(json_t *object, struct trace_header *ret_header)
{
    if (json_integer_value(json_object_get(object, "vssemu_trace")) != TRACE_FORMAT_VERSION)
        return false;
    ret_header->clock = text_of(object, "clock");
    ret_header->seed = (uint64_t)json_integer_value(json_object_get(object, "seed"));
    return ret_header->clock != NULL;
}

bool trace_json_read(const char *text, size_t length, struct trace_line *ret_line)
{
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    struct trace_line line = { .memory = object };
    bool is_read;

    if (json_object_get(object, "t")) {
        line.kind = TRACE_LINE_RECORD;
        is_read = read_record(object, &line.record);
    } else if (json_object_get(object, "verdict")) {
        line.kind = TRACE_LINE_VERDICT;
        is_read = read_verdict(object, &line.verdict);
    } else {
        line.kind = TRACE_LINE_HEADER;
        is_read = read_header(object, &line.header);
    }
    if (is_read)
        *ret_line = line;
    else
        json_decref(object);
    return is_read;
}

void trace_line_fini(struct trace_line *line)
{
    json_decref(line->memory);
    *line = (struct trace_line){ 0 };
}
