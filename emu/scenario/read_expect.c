/* SPDX-License-Identifier: MIT */
/* What is expected, as a world file says it (read_i.h). */
#include "emu/scenario/expect_rows.h"
#include "emu/scenario/read_i.h"

#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/com/hresult.h"
#include "emu/proto/finding_rules.h"
#include "emu/scenario/words.h"

#include <string.h>

/* One row for each kind, in the order of the enumeration. */
const struct expect_row expect_rows[N_EXPECTATION_KINDS] = {
    [EXPECT_RESULT] = { "results", EXPECT_OF_SUBJECTS, EXPECT_WORDS },
    [EXPECT_STATUS] = { "status", EXPECT_OF_SUBJECTS, EXPECT_WORDS },
    [EXPECT_STATE] = { "states", EXPECT_OF_SUBJECTS, EXPECT_WORDS },
    [EXPECT_EVENTS] = { "events", EXPECT_OF_SUBJECTS, EXPECT_WORDS },
    [EXPECT_ORDER] = { "order", EXPECT_OF_ALL, EXPECT_LINES },
    [EXPECT_FINDINGS] = { "findings", EXPECT_OF_ALL, EXPECT_WORDS },
    [EXPECT_LOG] = { "log", EXPECT_OF_ALL, EXPECT_LINES },
    [EXPECT_NO_LOG] = { "no-log", EXPECT_OF_ALL, EXPECT_LINES },
    [EXPECT_FILE] = { "files", EXPECT_OF_SUBJECTS, EXPECT_TEXT },
    [EXPECT_COPY] = { "copies", EXPECT_OF_SUBJECTS, EXPECT_TEXT },
    [EXPECT_TRACE] = { "trace", EXPECT_OF_ALL, EXPECT_LINES },
    [EXPECT_NO_TRACE] = { "no-trace", EXPECT_OF_ALL, EXPECT_LINES },
    [EXPECT_CHECK] = { "check", EXPECT_OF_ALL, EXPECT_LINES },
    [EXPECT_EXIT] = { "exit", EXPECT_OF_ALL, EXPECT_WORDS },
    [EXPECT_UNFIRED] = { "unfired", EXPECT_OF_ALL, EXPECT_LINES },
};

/* ---- words that have to exist ---- */

static bool is_result(const char *word)
{
    HRESULT code = hresult_from_name(word);
    char *end;

    if (code != 2)
        return true;
    strtoul(word, &end, 16);
    return strncmp(word, "0x", 2) == 0 && !*end && strlen(word) <= 10;
}

static bool is_state(const char *word)
{
    for (int s = VSS_WS_UNKNOWN; s < VSS_WS_COUNT; s++) {
        if (strcmp(writer_state_name((VSS_WRITER_STATE)s) + strlen("VSS_WS_"), word) == 0)
            return true;
    }
    return false;
}

static bool check_word(struct reader *r, const struct tree_node *place, enum expectation_kind kind,
                       const char *word, size_t i)
{
    bool is_code = kind == EXPECT_RESULT || (kind == EXPECT_STATUS && i == 1);
    bool is_a_state = kind == EXPECT_STATE || (kind == EXPECT_STATUS && i == 0);

    if (is_code && !is_result(word))
        return read_fail(r, place, "%s is no code: VSS_E_BAD_STATE, S_OK or 0x80042301", word);
    if (is_a_state && !is_state(word))
        return read_fail(r, place, "%s is no state of a writer, such as STABLE or FAILED_AT_FREEZE",
                         word);
    if (kind == EXPECT_STATUS && i > 1)
        return read_fail(r, place, "a status is a state and a code, and %s is neither", word);
    if (kind == EXPECT_FINDINGS && finding_rule_named(word) == N_FINDING_RULES)
        return read_fail(r, place, "there is no rule %s; `vssemu states findings` lists them",
                         word);
    return true;
}

/* ---- values ---- */

static bool add_words(struct reader *r, const char *line, const struct tree_node *place, void *into)
{
    struct expectation *e = into;
    auto_words struct words words = { 0 };

    if (!words_split(line, &words))
        return read_fail(r, place, "a quote is open");
    for (size_t i = 0; i < words.count; i++) {
        if (!check_word(r, place, e->kind, words.items[i], e->values.count))
            return false;
        scenario_texts_add(&e->values, words.items[i]);
    }
    return true;
}

static bool read_expected(struct reader *r, const struct tree_node *node, struct expectation *e)
{
    char *text = NULL;

    e->line = node->line;
    switch (expect_rows[e->kind].form) {
    case EXPECT_LINES:
        return read_texts(r, node, &e->values);
    case EXPECT_TEXT:
        if (tree_is_null(node))
            return true;
        if (!read_text(r, node, &text))
            return false;
        array_add(&e->values, text);
        return true;
    case EXPECT_WORDS:
        break;
    }
    /* "none" is an empty list. */
    if (node->kind == TREE_SCALAR && strcmp(node->text, "none") == 0)
        return true;
    return read_lines(r, node, add_words, e);
}

static bool read_row(struct reader *r, const struct tree_node *node, enum expectation_kind kind)
{
    if (expect_rows[kind].of == EXPECT_OF_ALL)
        return read_expected(r, node, scenario_expect(r->scenario, kind, NULL, NULL));
    if (node->kind != TREE_MAP)
        return read_fail(r, node, "%s is a mapping, one entry for each", expect_rows[kind].key);
    for (size_t i = 0; i < node->items.count; i++) {
        const struct tree_node *item = node->items.items[i];

        if (!read_expected(r, item, scenario_expect(r->scenario, kind, item->key, NULL)))
            return false;
    }
    return true;
}

static const char *row_key(const void *arg, size_t i)
{
    (void)arg;
    return i < N_EXPECTATION_KINDS ? expect_rows[i].key : NULL;
}

static bool read_one(struct reader *r, const struct tree_node *node)
{
    auto_str struct str all = { 0 };

    for (unsigned kind = 0; kind < N_EXPECTATION_KINDS; kind++) {
        if (strcmp(expect_rows[kind].key, node->key) == 0)
            return read_row(r, node, (enum expectation_kind)kind);
        str_addf(&all, "%s%s", kind ? ", " : "", expect_rows[kind].key);
    }
    struct tree_node place = { .line = node->key_line, .column = node->key_column };
    const char *nearest = word_nearest(node->key, row_key, NULL);

    if (nearest)
        return read_fail(r, &place, "expect has no key %s; did you mean %s?", node->key, nearest);
    return read_fail(r, &place, "expect has no key %s; there are %s", node->key, all.text);
}

bool read_expectations(struct reader *r, const struct tree_node *node, void *scenario)
{
    (void)scenario;
    if (tree_is_null(node))
        return true;
    if (node->kind != TREE_MAP)
        return read_fail(r, node, "expect is a mapping");
    for (size_t i = 0; i < node->items.count; i++) {
        if (!read_one(r, node->items.items[i]))
            return false;
    }
    return true;
}
