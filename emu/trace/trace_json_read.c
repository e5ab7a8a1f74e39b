/* SPDX-License-Identifier: MIT */
/* The reading half of trace_json.h, through jansson: here only a person waits. Whatever a line
 * holds, it is refused with words or understood; members that nobody knows are left alone. */
#include "emu/trace/trace_json.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/com/hresult.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What a line's texts lie in, besides the JSON. */
struct line_memory {
    json_t *object;
    ARRAY(struct trace_arg) args;
    ARRAY(const char **) lists;
    char *world;
};

static const char *text_of(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* Every text among these members is one. */
static const char *wrong_text(json_t *object, const char *const names[])
{
    for (size_t i = 0; names[i]; i++) {
        json_t *value = json_object_get(object, names[i]);

        if (value && !json_is_string(value))
            return names[i];
    }
    return NULL;
}

bool trace_kind_named(const char *name, enum trace_kind *ret_kind)
{
    for (unsigned i = TRACE_CALL; name && i <= TRACE_NOTE; i++) {
        if (strcmp(trace_kind_name((enum trace_kind)i), name) == 0) {
            *ret_kind = (enum trace_kind)i;
            return true;
        }
    }
    return false;
}

static bool ending_named(const char *name, enum trace_ending *ret_ending)
{
    for (unsigned i = TRACE_ENDED_BY_EXIT; name && i <= TRACE_ENDED_BY_HARNESS; i++) {
        if (strcmp(trace_ending_name((enum trace_ending)i), name) == 0) {
            *ret_ending = (enum trace_ending)i;
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

        if (*end || end == text + 2 || value > UINT32_MAX)
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

/* ---- arguments ---- */

/* False: not a list of texts. */
static bool read_texts(struct line_memory *memory, const json_t *list, const char *const **ret,
                       size_t *ret_n)
{
    size_t n = json_array_size(list);
    const char **texts = mem_alloc((n + 1) * sizeof(*texts));

    array_add(&memory->lists, texts);
    for (size_t i = 0; i < n; i++) {
        texts[i] = json_string_value(json_array_get(list, i));
        if (!texts[i])
            return false;
    }
    *ret = texts;
    *ret_n = n;
    return true;
}

static bool read_arg(struct line_memory *memory, const char *name, const json_t *value)
{
    struct trace_arg arg = { .name = name, .text = json_string_value(value) };
    const char *const *texts = NULL;

    if (json_is_integer(value)) {
        arg.kind = TRACE_ARG_NUMBER;
        arg.number = json_integer_value(value);
    } else if (json_is_boolean(value)) {
        arg.kind = TRACE_ARG_TRUTH;
        arg.number = json_is_true(value);
    } else if (json_is_array(value)) {
        arg.kind = TRACE_ARG_TEXTS;
        if (!read_texts(memory, value, &texts, &arg.n))
            return false;
        arg.of = texts;
    } else if (!json_is_string(value) && !json_is_null(value)) {
        return false;
    }
    array_add(&memory->args, arg);
    return true;
}

static bool read_args(struct line_memory *memory, json_t *object, struct trace_record *record)
{
    json_t *args = json_object_get(object, "args"), *value;
    const char *name;

    if (args && !json_is_object(args))
        return false;
    json_object_foreach(args, name, value)
    {
        if (!read_arg(memory, name, value))
            return false;
    }
    record->args = memory->args.items;
    record->n_args = memory->args.count;
    return true;
}

const struct trace_arg *trace_record_arg(const struct trace_record *record, const char *name)
{
    for (size_t i = 0; i < record->n_args; i++) {
        if (strcmp(record->args[i].name, name) == 0)
            return &record->args[i];
    }
    return NULL;
}

const char *trace_record_text(const struct trace_record *record, const char *name)
{
    const struct trace_arg *arg = trace_record_arg(record, name);

    return arg && arg->kind == TRACE_ARG_TEXT ? arg->text : NULL;
}

int64_t trace_record_number(const struct trace_record *record, const char *name, int64_t otherwise)
{
    const struct trace_arg *arg = trace_record_arg(record, name);
    bool is_number = arg && (arg->kind == TRACE_ARG_NUMBER || arg->kind == TRACE_ARG_TRUTH);

    return is_number ? arg->number : otherwise;
}

/* ---- lines ---- */

/* Each answers NULL or what is wrong, which the caller frees. */
static char *read_record(json_t *object, struct line_memory *memory, struct trace_line *line)
{
    static const char *const texts[] = { "who",    "what",   "before", "after", "detail",
                                         "result", "object", "call",   NULL };
    const char *result = text_of(object, "result"), *wrong = wrong_text(object, texts);
    json_t *t = json_object_get(object, "t"), *n = json_object_get(object, "n"),
           *took = json_object_get(object, "took");
    struct trace_record record = {
        .at_ns = json_integer_value(t),
        .who = text_of(object, "who"),
        .what = text_of(object, "what"),
        .before = text_of(object, "before"),
        .after = text_of(object, "after"),
        .detail = text_of(object, "detail"),
        .call = text_of(object, "call"),
        .object = text_of(object, "object"),
        .has_result = result != NULL,
        .took_ns = json_integer_value(took),
    };

    if (wrong)
        return str_printf("\"%s\" is no text", wrong);
    if (!json_is_integer(t) || record.at_ns < 0)
        return str_printf("\"t\" is no number of nanoseconds");
    if (!trace_kind_named(text_of(object, "kind"), &record.kind))
        return str_printf("a record has no \"kind\" that is known");
    if (!record.who || !record.what)
        return str_printf("a record lacks \"%s\"", record.who ? "what" : "who");
    if (result && !read_result(result, &record.result))
        return str_printf("\"result\" is neither the name of a code nor 0x and digits: %s", result);
    if (took && (!json_is_integer(took) || record.took_ns < 0))
        return str_printf("\"took\" is no number of nanoseconds");
    if (n && (!json_is_integer(n) || json_integer_value(n) < 1))
        return str_printf("\"n\" is no number from 1");
    if (!read_args(memory, object, &record))
        return str_printf("\"args\" holds something that is no argument");
    line->n = (uint64_t)json_integer_value(n);
    line->record = record;
    return NULL;
}

static char *read_verdict(json_t *object, struct trace_verdict *ret_verdict)
{
    static const char *const texts[] = { "signal", "message", NULL };
    json_t *exit = json_object_get(object, "exit"), *records = json_object_get(object, "records");
    const char *wrong = wrong_text(object, texts);
    enum trace_ending ending;

    if (wrong)
        return str_printf("\"%s\" is no text", wrong);
    if (!ending_named(text_of(object, "verdict"), &ending))
        return str_printf("\"verdict\" is not exit, signal or harness");
    if (!json_is_integer(exit) || !json_is_integer(records) || json_integer_value(records) < 0)
        return str_printf("the verdict lacks \"exit\" or \"records\"");
    *ret_verdict = (struct trace_verdict){
        .ending = ending,
        .exit_code = (int)json_integer_value(exit),
        .signal = text_of(object, "signal"),
        .message = text_of(object, "message"),
        .n_records = (uint64_t)json_integer_value(records),
    };
    return NULL;
}

static char *read_header(json_t *object, struct line_memory *memory,
                         struct trace_header *ret_header)
{
    json_t *version = json_object_get(object, "vssemu_trace");
    json_t *seed = json_object_get(object, "seed"), *world = json_object_get(object, "world");
    json_t *program = json_object_get(object, "program");
    struct trace_header header = { .version = (int)json_integer_value(version),
                                   .clock = text_of(object, "clock"),
                                   .seed = (uint64_t)json_integer_value(seed) };

    if (!json_is_integer(version))
        return str_printf("neither a header (\"vssemu_trace\") nor a record (\"t\") nor a verdict");
    if (json_integer_value(version) < 1 || json_integer_value(version) > TRACE_FORMAT_VERSION)
        return str_printf("version %lld of the format; this vssemu reads 1 to %d",
                          (long long)json_integer_value(version), TRACE_FORMAT_VERSION);
    if (!str_is_equal(header.clock, "real") && !str_is_equal(header.clock, "virtual"))
        return str_printf("\"clock\" is not real or virtual");
    if (!json_is_integer(seed) || json_integer_value(seed) < 0)
        return str_printf("\"seed\" is no number from 0");
    if (world && !json_is_object(world))
        return str_printf("\"world\" is no object");
    if (program && (!json_is_array(program) ||
                    !read_texts(memory, program, &header.program, &header.n_program)))
        return str_printf("\"program\" is no list of texts");
    header.world = memory->world = world ? json_dumps(world, JSON_COMPACT) : NULL;
    *ret_header = header;
    return NULL;
}

static void memory_free(struct line_memory *memory)
{
    for (size_t i = 0; i < memory->lists.count; i++)
        free(memory->lists.items[i]);
    array_free(&memory->lists);
    array_free(&memory->args);
    free(memory->world);
    json_decref(memory->object);
    free(memory);
}

bool trace_json_read_or_say(const char *text, size_t length, struct trace_line *ret_line,
                            char **ret_why)
{
    json_error_t error;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);

    if (!object || !json_is_object(object)) {
        *ret_why = object ? str_printf("no JSON object") : str_printf("no JSON: %s", error.text);
        json_decref(object);
        return false;
    }
    struct line_memory *memory = mem_new(struct line_memory);
    struct trace_line line = { .memory = memory };

    memory->object = object;
    if (json_object_get(object, "t")) {
        line.kind = TRACE_LINE_RECORD;
        *ret_why = read_record(object, memory, &line);
    } else if (json_object_get(object, "verdict")) {
        line.kind = TRACE_LINE_VERDICT;
        *ret_why = read_verdict(object, &line.verdict);
    } else {
        line.kind = TRACE_LINE_HEADER;
        *ret_why = read_header(object, memory, &line.header);
    }
    if (*ret_why)
        memory_free(memory);
    else
        *ret_line = line;
    return !*ret_why;
}

bool trace_json_read(const char *text, size_t length, struct trace_line *ret_line)
{
    auto_free char *why = NULL;

    return trace_json_read_or_say(text, length, ret_line, &why);
}

void trace_line_fini(struct trace_line *line)
{
    if (line->memory)
        memory_free(line->memory);
    *line = (struct trace_line){ 0 };
}
