/* SPDX-License-Identifier: MIT */
/* Loads earlier documents (betest_history.h) the way any requester reads one: into an object of its
 * own, initialized for a restore that never begins. */
#include "fakes/requester/betest_history.h"

#include "emu/base/str.h"

/* Nobody builds so many increments on each other; documents that name each other would never
 * end. */
#define CHAIN_LIMIT 1000

void history_free(struct history *history)
{
    while (history) {
        struct history *earlier = history->earlier;

        for (size_t i = 0; i < history->components.count; i++) {
            free(history->components.items[i].logical_path);
            free(history->components.items[i].name);
            free(history->components.items[i].stamp);
        }
        array_free(&history->components);
        text_index_free(&history->index);
        documents_free(&history->writers);
        free(history->document);
        free(history);
        history = earlier;
    }
}

static char *key_of(const VSS_ID *class, const char *logical_path, const char *name)
{
    return str_printf("%s\x1f%s\x1f%s", BETEST_GUID(class), logical_path, name);
}

static HRESULT add_component(void *arg, const struct document_component *component)
{
    struct history *history = arg;
    auto_free char *key = key_of(component->class, component->logical_path, component->name);
    BSTR stamp = NULL;
    HRESULT hr = IVssComponent_GetBackupStamp(component->face, &stamp);
    auto_free char *stamp8 = stamp ? utf8_from_utf16(stamp) : NULL;
    boolean has_succeeded = 0;

    SysFreeString(stamp);
    if (FAILED(hr))
        return hr;
    /* S_FALSE: its requester said nothing about it, which is no failure. */
    hr = IVssComponent_GetBackupSucceeded(component->face, &has_succeeded);
    if (FAILED(hr))
        return hr;
    if (text_index_add(&history->index, key, history->components.count))
        *array_push(&history->components) =
            (struct history_component){ .writer_class = *component->class,
                                        .logical_path = mem_strdup(component->logical_path),
                                        .name = mem_strdup(component->name),
                                        .stamp = take_ptr(&stamp8),
                                        .has_failed = hr == S_OK && !has_succeeded };
    return S_OK;
}

static bool read_components(struct history *history, BSTR document, struct betest_report *report)
{
    auto_com IVssBackupComponents *vss = NULL;
    const char *call = "CreateVssBackupComponents";
    HRESULT hr = CreateVssBackupComponents(&vss);

    if (SUCCEEDED(hr)) {
        call = "InitializeForRestore";
        hr = IVssBackupComponents_InitializeForRestore(vss, document);
    }
    if (hr == VSS_E_INVALID_XML_DOCUMENT) {
        report_failure(report, BETEST_FILE_FAILED,
                       "%s is damaged or no backup components document; nothing was done",
                       history->document);
        return false;
    }
    if (SUCCEEDED(hr))
        hr = components_each(vss, add_component, history, &call);
    if (FAILED(hr))
        report_call_failed(report, call, hr);
    return SUCCEEDED(hr);
}

struct history *history_load_one(const char *document, struct betest_report *report)
{
    auto_bstr BSTR text = documents_load_components(document, report);
    struct history *history = mem_new(struct history);

    history->document = mem_strdup(document);
    if (text && documents_load_writers(document, &history->writers, report) &&
        read_components(history, text, report))
        return history;
    history_free(history);
    return NULL;
}

struct history *history_load(const char *document, struct betest_report *report)
{
    struct history *newest = history_load_one(document, report), *last = newest;

    for (size_t i = 0; last && last->writers.previous; i++) {
        last->earlier = i < CHAIN_LIMIT ? history_load_one(last->writers.previous, report) : NULL;
        if (!last->earlier) {
            report_failure(report, BETEST_FILE_FAILED,
                           i < CHAIN_LIMIT ? "%s builds on %s, which cannot be used"
                                           : "%s builds on %s, and so on without end",
                           last->document, last->writers.previous);
            history_free(newest);
            return NULL;
        }
        last = last->earlier;
    }
    return newest;
}

const struct history_component *history_find(const struct history *history, const VSS_ID *class,
                                             const char *logical_path, const char *name)
{
    auto_free char *key = key_of(class, logical_path, name);
    size_t number;

    return text_index_find(&history->index, key, &number) ? &history->components.items[number]
                                                          : NULL;
}

bool history_chain_has(const struct history *history, const VSS_ID *class, const char *logical_path,
                       const char *name)
{
    for (; history; history = history->earlier) {
        if (logical_path && history_find(history, class, logical_path, name))
            return true;
        for (size_t i = 0; !logical_path && i < history->components.count; i++)
            if (IsEqualGUID(&history->components.items[i].writer_class, class) &&
                str_is_equal(history->components.items[i].name, name))
                return true;
    }
    return false;
}

/* Learn: "VSS_BACKUP_TYPE": what each type is a difference to. A copy changes no history, so
 * nothing builds on it. */
static const struct {
    enum betest_type type;
    bool bases[BETEST_N_TYPES];
    const char *words;
} bases[] = {
    { BETEST_INCREMENTAL,
      { [BETEST_FULL] = true, [BETEST_INCREMENTAL] = true },
      "a full or an incremental one" },
    { BETEST_DIFFERENTIAL, { [BETEST_FULL] = true }, "a full one" },
    { BETEST_LOG,
      { [BETEST_FULL] = true,
        [BETEST_INCREMENTAL] = true,
        [BETEST_DIFFERENTIAL] = true,
        [BETEST_LOG] = true },
      "a full, incremental, differential or log one" },
};

bool history_is_base_for(const struct history *history, enum betest_type type,
                         struct betest_report *report)
{
    for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
        if (bases[i].type != type || bases[i].bases[history->writers.type])
            continue;
        report_failure(report, BETEST_FILE_FAILED,
                       "%s is of type %s: a backup of type %s builds on %s; give /Pre its document",
                       history->document, betest_type_word(history->writers.type),
                       betest_type_word(type), bases[i].words);
        return false;
    }
    return true;
}
