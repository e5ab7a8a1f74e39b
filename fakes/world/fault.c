/* SPDX-License-Identifier: MIT */
/* Text of a fault: words of KEY=VALUE, read one by one into a draft, which is judged when all are
 * known, because what a word may say depends on the others. */
#include "fakes/world/fault.h"

#include "emu/base/cleanup.h"
#include "emu/base/duration.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/base/utf.h"
#include "emu/com/hresult.h"
#include "emu/proto/fault_rules.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors of files, by name ---- */

static const struct errno_row {
    int32_t value;
    const char *name;
} errno_rows[] = {
    { EIO, "EIO" },       { ENOSPC, "ENOSPC" }, { EACCES, "EACCES" }, { EROFS, "EROFS" },
    { ENODEV, "ENODEV" }, { ENOENT, "ENOENT" }, { ENOMEM, "ENOMEM" }, { EBUSY, "EBUSY" },
    { EPERM, "EPERM" },   { EDQUOT, "EDQUOT" }, { ENXIO, "ENXIO" },   { ETIMEDOUT, "ETIMEDOUT" },
};
#define N_ERRNO_ROWS (sizeof(errno_rows) / sizeof(errno_rows[0]))

static bool parse_number(const char *text, uint64_t *ret_number)
{
    char *end;

    errno = 0;
    *ret_number = strtoull(text, &end, 0);
    return !errno && end != text && !*end && *text != '-';
}

static bool parse_errno(const char *text, int32_t *ret_code)
{
    for (size_t i = 0; i < N_ERRNO_ROWS; i++) {
        if (!str_is_equal(text, errno_rows[i].name))
            continue;
        *ret_code = errno_rows[i].value;
        return true;
    }
    uint64_t number;
    bool is_number = parse_number(text, &number) && number && number < 4096;

    if (is_number)
        *ret_code = (int32_t)number;
    return is_number;
}

static bool parse_hresult(const char *text, int32_t *ret_code)
{
    uint64_t number;
    HRESULT hr = hresult_from_name(text);

    if (hr != 2) {
        *ret_code = hr;
        return true;
    }
    if (!parse_number(text, &number) || number > UINT32_MAX)
        return false;
    *ret_code = (int32_t)(uint32_t)number;
    return true;
}

/* ---- words ---- */

struct word {
    char *key;
    char *value; /* NULL: no '=' */
};

struct words {
    char *memory;
    struct word items[16];
    size_t count;
};

/* Moves the value's characters over its quotes; *at then stands behind it. */
static bool take_value(char **at)
{
    char *to = *at;
    bool is_quoted = false;

    for (; **at && (is_quoted || (**at != ' ' && **at != '\t')); (*at)++) {
        if (**at == '"')
            is_quoted = !is_quoted;
        else
            *to++ = **at;
    }
    if (**at)
        (*at)++;
    *to = 0;
    return !is_quoted;
}

static bool split(const char *text, struct words *ret_words, char **ret_error)
{
    char *at = ret_words->memory = mem_strdup(text);

    for (;;) {
        at += strspn(at, " \t");
        if (!*at)
            return true;
        if (ret_words->count == sizeof(ret_words->items) / sizeof(ret_words->items[0])) {
            *ret_error = str_printf("too many words");
            return false;
        }
        struct word *word = &ret_words->items[ret_words->count++];
        size_t n = strcspn(at, "= \t");
        bool has_value = at[n] == '=';

        word->key = at;
        at += n;
        if (*at)
            *at++ = 0;
        if (!has_value)
            continue;
        word->value = at;
        if (!take_value(&at)) {
            *ret_error = str_printf("the quotes of %s= are not closed", word->key);
            return false;
        }
    }
}

/* ---- the draft ---- */

struct draft {
    struct fault fault;
    const char *place;
    bool has_action, has_code, has_duration, has_size;
    const char *code;
};

static bool set_actor(struct draft *d, const struct word *word, char **ret_error)
{
    for (unsigned i = 0; i < N_FAULT_ACTORS; i++) {
        if (!str_is_equal(word->key, fault_actor_name((enum fault_actor)i)))
            continue;
        d->fault.actor = (enum fault_actor)i;
        if (word->value && *word->value && !str_is_equal(word->value, "*"))
            d->fault.name = mem_strdup(word->value);
        return true;
    }
    *ret_error = str_printf("begins with who it happens to: writer=NAME, provider=NAME, volume=C:, "
                            "requester or machine; not %s",
                            word->key);
    return false;
}

static bool set_action(struct draft *d, const char *value, char **ret_error)
{
    auto_str struct str has = { 0 };

    for (unsigned i = 0; i < N_FAULT_ACTIONS; i++) {
        enum fault_action action = (enum fault_action)i;

        if (!fault_rules_actor_has(d->fault.actor, action))
            continue;
        str_addf(&has, "%s%s", has.length ? ", " : "", fault_action_name(action));
        if (!str_is_equal(value, fault_action_name(action)))
            continue;
        d->fault.hit.action = action;
        d->has_action = true;
        return true;
    }
    *ret_error = str_printf("a %s cannot do=%s; it can %s", fault_actor_name(d->fault.actor), value,
                            has.text);
    return false;
}

static bool set_nth(struct draft *d, const char *value, char **ret_error)
{
    uint64_t number;

    if (str_is_equal(value, "every")) {
        d->fault.nth = FAULT_EVERY;
        return true;
    }
    if (parse_number(value, &number) && number && number < FAULT_EVERY) {
        d->fault.nth = (uint32_t)number;
        return true;
    }
    *ret_error = str_printf("nth= is a number from 1, or every; not %s", value);
    return false;
}

static bool set_duration(const char *key, const char *value, int64_t *ret_ns, char **ret_error)
{
    if (duration_parse(value, ret_ns) && (*ret_ns >= 0 || str_is_equal(key, "by")))
        return true;
    *ret_error = str_printf("%s= is a time such as 250ms, 10s, 5m or 2h; not %s", key, value);
    return false;
}

static bool set_size(struct draft *d, const char *value, char **ret_error)
{
    d->has_size = true;
    if (parse_number(value, &d->fault.hit.size) && d->fault.hit.size &&
        d->fault.hit.size <= FAULT_MAX_SIZE)
        return true;
    *ret_error =
        str_printf("size= is a number of bytes from 1 to %u; not %s", FAULT_MAX_SIZE, value);
    return false;
}

static bool set_word(struct draft *d, const struct word *word, char **ret_error)
{
    const char *key = word->key, *value = word->value;

    if (!value || !*value) {
        *ret_error = str_printf("%s has no value: %s=...", key, key);
        return false;
    }
    if (str_is_equal(key, "event") || str_is_equal(key, "call") || str_is_equal(key, "op")) {
        d->place = value;
        return true;
    }
    if (str_is_equal(key, "do"))
        return set_action(d, value, ret_error);
    if (str_is_equal(key, "nth"))
        return set_nth(d, value, ret_error);
    if (str_is_equal(key, "code")) {
        d->code = value;
        return d->has_code = true;
    }
    if (str_is_equal(key, "size"))
        return set_size(d, value, ret_error);
    if (str_is_equal(key, "at")) {
        d->fault.is_timed = true;
        return set_duration(key, value, &d->fault.at_ns, ret_error);
    }
    if (str_is_equal(key, "for") || str_is_equal(key, "by")) {
        d->has_duration = true;
        return set_duration(key, value, &d->fault.hit.duration_ns, ret_error);
    }
    *ret_error = str_printf(
        "%s= is no word of a fault: event, call, op, at, nth, do, code, for, by, size", key);
    return false;
}

/* ---- is it whole? ---- */

/* "*": wherever it can happen. */
static bool find_point(struct draft *d)
{
    if (!str_is_equal(d->place, "*"))
        return fault_point_named(d->fault.actor, d->place, &d->fault.point);
    d->fault.point = FAULT_ANY_POINT;
    return true;
}

static bool can_happen(const struct fault *fault)
{
    return fault->point == FAULT_ANY_POINT ||
           fault_rules_allow(fault->actor, fault->point, fault->hit.action);
}

static bool judge_place(struct draft *d, char **ret_error)
{
    struct fault *f = &d->fault;
    const char *actor = fault_actor_name(f->actor), *key = fault_actor_place_key(f->actor);
    const char *action = fault_action_name(f->hit.action);

    if (f->is_timed && d->place)
        *ret_error = str_printf("%s= and at= exclude each other", key);
    else if (f->is_timed && !fault_rules_allow_at_time(f->actor, f->hit.action))
        *ret_error = str_printf("do=%s happens at a place (%s=), not at a time", action, key);
    else if (f->is_timed)
        return true;
    else if (!d->place)
        *ret_error = str_printf("where? %s=... (`vssemu states faults` lists the places)", key);
    else if (!find_point(d))
        *ret_error = str_printf("a %s has no %s %s (`vssemu states faults` lists them)", actor, key,
                                d->place);
    else if (!can_happen(f))
        *ret_error = str_printf("do=%s cannot happen at %s %s", action, key, d->place);
    else
        return true;
    return false;
}

static bool judge_code(struct draft *d, char **ret_error)
{
    bool is_file = d->fault.actor == FAULT_VOLUME;

    if (is_file ? parse_errno(d->code, &d->fault.hit.code)
                : parse_hresult(d->code, &d->fault.hit.code))
        return true;
    *ret_error =
        is_file
            ? str_printf("code= of a volume is EIO, ENOSPC, EACCES, EROFS, ENODEV, "
                         "ENOENT, ENOMEM, EBUSY, EPERM, EDQUOT, ENXIO, ETIMEDOUT or a number; "
                         "not %s",
                         d->code)
            : str_printf("code= is the name of an HRESULT or 0x and its digits; not %s", d->code);
    return false;
}

static bool judge_arguments(struct draft *d, char **ret_error)
{
    enum fault_argument takes = fault_action_argument(d->fault.hit.action);
    const char *action = fault_action_name(d->fault.hit.action);
    bool may_last = takes == FAULT_TAKES_DURATION || takes == FAULT_MAY_TAKE_DURATION ||
                    takes == FAULT_TAKES_JUMP || d->fault.hit.action == FAULT_FAIL;

    if (takes == FAULT_TAKES_CODE && !d->has_code)
        *ret_error = str_printf("do=%s needs code=...", action);
    else if (takes == FAULT_TAKES_DURATION && !d->has_duration)
        *ret_error = str_printf("do=%s needs for=...", action);
    else if (takes == FAULT_TAKES_JUMP && !d->has_duration)
        *ret_error = str_printf("do=%s needs by=...", action);
    else if (d->has_duration && !may_last)
        *ret_error = str_printf("do=%s takes no time", action);
    else if (d->has_code && takes != FAULT_TAKES_CODE)
        *ret_error = str_printf("do=%s takes no code=", action);
    else if (d->has_size && takes != FAULT_MAY_TAKE_SIZE)
        *ret_error = str_printf("do=%s takes no size=", action);
    else if (d->has_code)
        return judge_code(d, ret_error);
    else
        return true;
    return false;
}

static bool is_given_twice(const struct words *words, size_t i, char **ret_error)
{
    for (size_t k = 0; k < i; k++) {
        if (!str_is_equal(words->items[k].key, words->items[i].key))
            continue;
        *ret_error = str_printf("%s= is given twice", words->items[i].key);
        return true;
    }
    return false;
}

static bool read_words(const struct words *words, struct draft *d, char **ret_error)
{
    if (!words->count) {
        *ret_error = str_printf("says nothing: writer=NAME event=Freeze do=hang");
        return false;
    }
    if (!set_actor(d, &words->items[0], ret_error))
        return false;
    for (size_t i = 1; i < words->count; i++) {
        if (is_given_twice(words, i, ret_error) || !set_word(d, &words->items[i], ret_error))
            return false;
    }
    if (!d->has_action) {
        *ret_error = str_printf("what happens? do=...");
        return false;
    }
    return judge_place(d, ret_error) && judge_arguments(d, ret_error);
}

/* It will stand in descriptions and traces. */
static bool is_text(const char *text, char **ret_error)
{
    if (utf8_is_valid(text))
        return true;
    *ret_error = str_printf("is not UTF-8");
    return false;
}

bool fault_parse(const char *text, struct fault *ret_fault, char **ret_error)
{
    struct words words = { 0 };
    struct draft draft = { .fault.nth = 1 };
    auto_free char *why = NULL;
    bool is_good =
        is_text(text, &why) && split(text, &words, &why) && read_words(&words, &draft, &why);

    if (is_good)
        *ret_fault = draft.fault;
    else {
        auto_free char *shown = utf8_shown(text);

        fault_fini(&draft.fault);
        *ret_error = str_printf("fault \"%s\": %s", shown, why);
    }
    free(words.memory);
    return is_good;
}

/* ---- back to text ---- */

static void add_code(struct str *out, const struct fault *fault)
{
    if (fault->actor != FAULT_VOLUME) {
        str_addf(out, " code=%s", HRESULT_NAME(fault->hit.code));
        return;
    }
    for (size_t i = 0; i < N_ERRNO_ROWS; i++) {
        if (errno_rows[i].value != fault->hit.code)
            continue;
        str_addf(out, " code=%s", errno_rows[i].name);
        return;
    }
    str_addf(out, " code=%d", fault->hit.code);
}

static void add_argument(struct str *out, const struct fault *fault)
{
    switch (fault_action_argument(fault->hit.action)) {
    case FAULT_TAKES_NOTHING:
        break;
    case FAULT_TAKES_CODE:
        add_code(out, fault);
        if (fault->hit.duration_ns)
            str_addf(out, " for=%s", DURATION_TEXT(fault->hit.duration_ns));
        break;
    case FAULT_MAY_TAKE_DURATION:
        if (!fault->hit.duration_ns)
            break;
        /* fallthrough */
    case FAULT_TAKES_DURATION:
        str_addf(out, " for=%s", DURATION_TEXT(fault->hit.duration_ns));
        break;
    case FAULT_TAKES_JUMP:
        str_addf(out, " by=%s", DURATION_TEXT(fault->hit.duration_ns));
        break;
    case FAULT_MAY_TAKE_SIZE:
        if (fault->hit.size)
            str_addf(out, " size=%" PRIu64, fault->hit.size);
        break;
    }
}

char *fault_text(const struct fault *fault)
{
    struct str out = { 0 };
    bool has_many = fault->actor <= FAULT_VOLUME;

    str_add(&out, fault_actor_name(fault->actor));
    if (fault->name && strpbrk(fault->name, " \t"))
        str_addf(&out, "=\"%s\"", fault->name);
    else if (fault->name || has_many)
        str_addf(&out, "=%s", fault->name ? fault->name : "*");
    if (fault->is_timed)
        str_addf(&out, " at=%s", DURATION_TEXT(fault->at_ns));
    else
        str_addf(&out, " %s=%s", fault_actor_place_key(fault->actor),
                 fault->point == FAULT_ANY_POINT ? "*"
                                                 : fault_point_name(fault->actor, fault->point));
    if (fault->nth == FAULT_EVERY)
        str_add(&out, " nth=every");
    else if (fault->nth > 1)
        str_addf(&out, " nth=%u", fault->nth);
    str_addf(&out, " do=%s", fault_action_name(fault->hit.action));
    add_argument(&out, fault);
    return str_take(&out);
}

void fault_copy(const struct fault *fault, struct fault *ret_copy)
{
    *ret_copy = *fault;
    ret_copy->name = mem_strdup(fault->name);
}

void fault_fini(struct fault *fault)
{
    free(fault->name);
    fault->name = NULL;
}
