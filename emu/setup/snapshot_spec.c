/* SPDX-License-Identifier: MIT */
#include "emu/setup/snapshot_spec.h"

#include "emu/base/cleanup.h"
#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/proto/context_rules.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define CONTEXT_PREFIX "VSS_CTX_"

bool snapshot_context_named(const char *name, LONG *ret_context)
{
    LONG context;

    if (strncasecmp(name, CONTEXT_PREFIX, strlen(CONTEXT_PREFIX)) == 0)
        name += strlen(CONTEXT_PREFIX);
    for (size_t i = 0; context_at(i, &context); i++) {
        if (!context_is_auto_release(context) && context != (LONG)VSS_CTX_ALL &&
            str_is_equal_nocase(context_name(context) + strlen(CONTEXT_PREFIX), name)) {
            *ret_context = context;
            return true;
        }
    }
    return false;
}

/* "C:..." in any case: 'C'; 0: something else. */
static char letter_of(const char *text)
{
    char letter = (char)toupper((unsigned char)text[0]);

    return letter >= 'A' && letter <= 'Z' && text[1] == ':' ? letter : 0;
}

static bool add_volume(struct snapshot_spec *spec, char letter, char **ret_error)
{
    size_t n = strlen(spec->letters);

    if (strchr(spec->letters, letter)) {
        *ret_error = str_printf("the volume %c: stands there twice", letter);
        return false;
    }
    spec->letters[n] = letter;
    return true;
}

static bool set_context(struct snapshot_spec *spec, const char *name, char **ret_error)
{
    if (snapshot_context_named(name, &spec->context))
        return true;
    *ret_error = str_printf("%s is no context of persistent snapshots; there are "
                            "client_accessible, client_accessible_writers, nas_rollback and "
                            "app_rollback",
                            name);
    return false;
}

/* Labels stand in arguments between braces, where identifiers like {01234567-...} stand, too. */
static bool set_label(struct snapshot_spec *spec, const char *label, char **ret_error)
{
    bool is_good = isalpha((unsigned char)*label);

    for (const char *p = label; *p; p++)
        is_good = is_good && (isalnum((unsigned char)*p) || *p == '_');
    if (!is_good || spec->label) {
        *ret_error = str_printf("%s: a label is one word of letters, digits and _", label);
        return false;
    }
    spec->label = mem_strdup(label);
    return true;
}

static void add_files(struct snapshot_spec *spec, const char *text)
{
    char letter = letter_of(text);
    bool is_named = letter && text[2] == '=';

    array_add(&spec->then,
              ((struct snapshot_files){ .letter = is_named ? letter : 0,
                                        .directory = mem_strdup(is_named ? text + 3 : text) }));
}

static bool take_part(struct snapshot_spec *spec, const char *part, bool *has_writers,
                      char **ret_error)
{
    if (letter_of(part) && !part[2 + (part[2] == '\\')])
        return add_volume(spec, letter_of(part), ret_error);
    if (str_starts_with(part, "context="))
        return set_context(spec, part + strlen("context="), ret_error);
    if (str_starts_with(part, "label="))
        return set_label(spec, part + strlen("label="), ret_error);
    *has_writers = *has_writers || str_is_equal(part, "writers");
    if (str_is_equal(part, "writers"))
        return true;
    if (str_starts_with(part, "then=") && part[strlen("then=")]) {
        add_files(spec, part + strlen("then="));
        return true;
    }
    *ret_error = str_printf("'%s': it takes C:[,D:...][,context=NAME][,writers][,label=NAME]"
                            "[,then=[C:=]DIR]",
                            part);
    return false;
}

static LONG with_writers(LONG context)
{
    return context == VSS_CTX_CLIENT_ACCESSIBLE ? VSS_CTX_CLIENT_ACCESSIBLE_WRITERS
           : context == VSS_CTX_NAS_ROLLBACK    ? VSS_CTX_APP_ROLLBACK
                                                : context;
}

/* What makes sense only when all of it is known. */
static bool complete(struct snapshot_spec *spec, char **ret_error)
{
    if (!*spec->letters) {
        *ret_error = mem_strdup("it names no volume, as in C:,D:");
        return false;
    }
    for (size_t i = 0; i < spec->then.count; i++) {
        struct snapshot_files *files = &spec->then.items[i];

        if (!files->letter && spec->letters[1]) {
            *ret_error = str_printf("then=%s: onto which volume? then=%c:=%s", files->directory,
                                    spec->letters[0], files->directory);
            return false;
        }
        if (!files->letter)
            files->letter = spec->letters[0];
    }
    return true;
}

bool snapshot_spec_parse(const char *text, struct snapshot_spec *ret, char **ret_error)
{
    struct snapshot_spec spec = { .context = VSS_CTX_CLIENT_ACCESSIBLE };
    bool is_good = true, has_writers = false;

    while (is_good) {
        size_t n = strcspn(text, ",");
        auto_free char *part = str_printf("%.*s", (int)n, text);

        is_good = take_part(&spec, part, &has_writers, ret_error);
        if (!text[n])
            break;
        text += n + 1;
    }
    if (has_writers)
        spec.context = with_writers(spec.context);
    is_good = is_good && complete(&spec, ret_error);
    if (is_good)
        *ret = spec;
    else
        snapshot_spec_fini(&spec);
    return is_good;
}

void snapshot_spec_fini(struct snapshot_spec *spec)
{
    for (size_t i = 0; i < spec->then.count; i++)
        free(spec->then.items[i].directory);
    array_free(&spec->then);
    free(spec->label);
    *spec = (struct snapshot_spec){ 0 };
}
