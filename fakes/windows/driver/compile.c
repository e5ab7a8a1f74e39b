/* SPDX-License-Identifier: MIT */
#include "fakes/windows/driver/compile.h"
#include "fakes/windows/driver/comma.h"
#include "fakes/windows/driver/command.h"
#include "fakes/windows/driver/compiler.h"
#include "fakes/windows/driver/depfile.h"
#include "fakes/windows/driver/forwards.h"
#include "fakes/windows/driver/pch.h"
#include "fakes/windows/driver/places.h"
#include "fakes/windows/driver/survey.h"
#include "fakes/windows/driver/uuids.h"

#include "emu/base/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One compilation under way. */
struct job {
    const struct driver_arguments *a;
    const struct driver_source *source;
    const char *object; /* NULL: where the compiler puts it */
    struct survey survey;
    char *forwards;      /* a folder, NULL if none is needed */
    bool is_second_step; /* of two: preprocessed text is compiled, which makes no dependencies */
    char *precompiled;   /* what pch_find says */
    char *dependencies;  /* the dependency file, NULL if none is made */
};

char *compile_make_temporary(void)
{
    char *folder = str_printf("%s/vssemu-XXXXXX", getenv("TMPDIR") ?: "/tmp");

    if (mkdtemp(folder))
        return folder;
    driver_say("%s: %s", folder, strerror(errno));
    free(folder);
    return NULL;
}

static const char *base_of(const char *path)
{
    return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

static int length_without_suffix(const char *path)
{
    const char *dot = strrchr(base_of(path), '.');
    return (int)(dot && dot != base_of(path) ? dot - path : (long)strlen(path));
}

/* Where the compiler puts the dependency file when nobody says it, and a link of several sources
 * gives each its own: program-source.d. */
static char *dependency_file(const struct driver_arguments *a, const struct driver_source *source)
{
    const char *base = base_of(source->path);
    int n = length_without_suffix(base);

    if (!a->makes_dependencies)
        return NULL;
    if (a->dependency_file)
        return mem_strdup(a->dependency_file);
    if (a->stop == STOP_NOWHERE)
        return str_printf("%s-%.*s.d", a->output ?: "a", n, base);
    if (a->output)
        return str_printf("%.*s.d", length_without_suffix(a->output), a->output);
    return str_printf("%.*s.d", n, base);
}

/* A header that CMake has precompiled with these drivers has ours inside, and must be the first;
 * not so while it is being made again and the old one is still there. */
static bool has_precompiled(const struct driver_arguments *a, const struct driver_source *source)
{
    if (source->is_header)
        return false;
    for (size_t i = 0; i + 1 < a->compile.count; i++) {
        if (strcmp(a->compile.items[i], "-include") != 0)
            continue;
        auto_free char *made = str_printf("%s.gch", a->compile.items[i + 1]);
        return access(made, F_OK) == 0;
    }
    return false;
}

static bool is_stop(const char *word)
{
    return !strcmp(word, "-c") || !strcmp(word, "-S") || !strcmp(word, "-E") ||
           !strcmp(word, "-fsyntax-only");
}

/* What the user's command makes of this source, as a dependency file names it. The caller frees. */
static char *target_of(const struct job *j)
{
    const char *base = base_of(j->source->path);

    if (j->a->output || j->a->stop == STOP_NOWHERE)
        return mem_strdup(j->a->output ?: "a.out");
    return str_printf("%.*s%s", length_without_suffix(base), base,
                      j->a->stop == STOP_ASSEMBLER ? ".s" : ".o");
}

/* Everything but the step, the source and the output. */
static void add_options(struct command *c, const struct job *j, bool with_stops)
{
    const struct driver_arguments *a = j->a;
    bool is_clang = compiler_add(c, j->source->language);

    if (j->source->language == LANGUAGE_ASSEMBLER) {
        command_add_all(c, a->compile.items, a->compile.count);
        return;
    }
    bool is_late = has_precompiled(a, j->source);
    compiler_add_dialect(c, j->source->language, is_clang);
    if (!is_late)
        compiler_add_forced(c, j->precompiled);
    for (size_t i = 0; i < a->compile.count; i++)
        if (with_stops || !is_stop(a->compile.items[i]))
            command_add(c, a->compile.items[i]);
    if (is_late)
        compiler_add_forced(c, j->precompiled);
    compiler_add_environment(c, a, is_clang, j->forwards);
    if (is_clang)
        command_add(c, "-Qunused-arguments");
    if (j->source->is_header) /* the old one is in the way of no new one */
        command_add(c, "-Wno-invalid-pch");
    if (j->precompiled) {
        command_add(c, "-Wno-invalid-pch");
        command_add(c, "-fpch-preprocess");
        if (a->makes_dependencies && !a->leaves_out_system_headers && !j->is_second_step)
            command_add(c, "-fpch-deps");
    }
    if (j->dependencies && !a->dependency_file && (!with_stops || a->stop == STOP_NOWHERE)) {
        command_add(c, "-MF");
        command_add(c, j->dependencies);
    }
    if (j->dependencies && !a->has_dependency_target && (j->object || !with_stops)) {
        command_add(c, "-MQ");
        command_add_owned(c, target_of(j));
    }
}

static void add_source(struct command *c, const struct driver_source *source)
{
    if (source->forced || strcmp(source->path, "-") == 0) {
        command_add(c, "-x");
        command_add(c, source->forced                     ? source->forced
                       : source->language == LANGUAGE_CXX ? "c++"
                                                          : "c");
    }
    command_add(c, source->path);
}

/* Says what cannot be had natively, once for each construct. */
static void explain_foreign(const struct survey *s)
{
    for (size_t i = 0; i < s->foreign.count; i++) {
        const struct survey_foreign *f = &s->foreign.items[i];
        bool is_said = false;
        for (size_t k = 0; k < i; k++)
            is_said |= s->foreign.items[k].what == f->what;
        if (!is_said)
            fprintf(stderr,
                    "%s:%u: %s cannot be compiled natively; such a program goes the Wine way "
                    "(docs/windows-source.md)\n",
                    f->path, f->line, f->what);
    }
}

/* Where the source has a construct that does not exist here and the compiler fails, its messages
 * would only be the consequences: one line says it instead. */
static int run_explained(struct job *j, struct command *c)
{
    auto_str struct str said = { 0 };
    int status;

    if (j->survey.foreign.count) {
        status = command_run_captured(c, NULL, &said);
        if (status && !j->a->is_verbose)
            explain_foreign(&j->survey);
        else
            fputs(said.text ?: "", stderr);
    } else {
        status = command_run(c);
    }
    if (status && j->survey.trouble)
        driver_say("%s", j->survey.trouble);
    return status;
}

static int compile_directly(struct job *j)
{
    struct command c = { 0 };
    auto_str struct str output = { 0 };
    int status;

    add_options(&c, j, true);
    if (j->a->stop == STOP_NOWHERE)
        command_add(&c, "-c");
    if (j->object) {
        command_add(&c, "-o");
        command_add(&c, j->object);
    }
    add_source(&c, j->source);
    bool is_mended = j->a->stop == STOP_DEPENDENCIES && !j->object && !j->a->dependency_file &&
                     (j->survey.forwards.count || j->survey.generated.count);
    if (is_mended) {
        status = command_run_captured(&c, &output, NULL);
        depfile_mend(&output, &j->survey);
        fputs(output.text ?: "", stdout);
    } else {
        status = run_explained(j, &c);
    }
    command_free(&c);
    return status;
}

/* Preprocesses into a file. */
static int preprocess(struct job *j, const char *to)
{
    struct command c = { 0 };

    add_options(&c, j, false);
    command_add(&c, "-E");
    if (j->a->has_macros_in_debug)
        command_add(&c, "-dD");
    command_add(&c, "-o");
    command_add(&c, to);
    add_source(&c, j->source);
    int status = run_explained(j, &c);
    command_free(&c);
    return status;
}

static bool mend(const char *path, const char *to, bool is_cxx)
{
    auto_str struct str text = { 0 };
    char buffer[65536];
    size_t n;
    FILE *file = fopen(path, "rb");

    if (!file)
        return false;
    while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
        str_add_bytes(&text, buffer, n);
    fclose(file);
    comma_drop(&text);
    if (is_cxx)
        uuids_declare(&text);
    file = to ? fopen(to, "wb") : stdout;
    if (!file) {
        driver_say("%s: %s", to, strerror(errno));
        return false;
    }
    bool is_written = fwrite(text.text ?: "", 1, text.length, file) == text.length;
    return (file == stdout ? fflush(file) : fclose(file)) == 0 && is_written;
}

static int compile_preprocessed(struct job *j, const char *preprocessed)
{
    struct command c = { 0 };

    j->is_second_step = true;
    add_options(&c, j, true);
    if (j->a->stop == STOP_NOWHERE)
        command_add(&c, "-c");
    if (j->a->stop != STOP_SYNTAX) {
        command_add(&c, "-o");
        command_add_owned(&c, j->object ? mem_strdup(j->object) : target_of(j));
    }
    command_add(&c, "-x");
    command_add(&c, j->source->language == LANGUAGE_CXX ? "c++-cpp-output" : "cpp-output");
    command_add(&c, preprocessed);
    int status = run_explained(j, &c);
    command_free(&c);
    return status;
}

static int compile_mended(struct job *j)
{
    auto_free char *folder = compile_make_temporary();

    if (!folder)
        return 1;
    const char *base = base_of(j->source->path);
    auto_free char *file = str_printf("%s/%.*s.%s", folder, length_without_suffix(base), base,
                                      j->source->language == LANGUAGE_CXX ? "ii" : "i");
    bool is_cxx = j->source->language == LANGUAGE_CXX;
    int status = preprocess(j, file);
    if (!status && j->a->stop == STOP_PREPROCESSED)
        status = mend(file, j->object, is_cxx) ? 0 : 1;
    else if (!status)
        status = mend(file, file, is_cxx) ? compile_preprocessed(j, file) : 1;
    unlink(file);
    rmdir(folder);
    return status;
}

int compile_source(const struct driver_arguments *a, const struct driver_source *source,
                   const char *object)
{
    struct job j = { .a = a, .source = source, .object = object };
    bool is_plain = source->language == LANGUAGE_ASSEMBLER || source->is_preprocessed;

    if (!is_plain) {
        survey_make(&j.survey, a, source->path);
        j.forwards = forwards_folder(&j.survey);
    }
    j.dependencies = dependency_file(a, source);
    if (!is_plain && !source->is_header && a->stop < STOP_PREPROCESSED &&
        !has_precompiled(a, source))
        j.precompiled = pch_find(a, source->language, j.survey.starts_with_windows);
    bool has_uuids = j.survey.has_uuids && source->language == LANGUAGE_CXX;
    bool is_mended = (j.survey.has_bare_variable_arguments || has_uuids) && !a->is_dry &&
                     !source->is_header && a->stop != STOP_DEPENDENCIES;
    int status = is_mended ? compile_mended(&j) : compile_directly(&j);
    if (j.survey.forwards.count || j.survey.generated.count || j.precompiled) {
        if (j.dependencies)
            depfile_mend_file(j.dependencies, &j.survey);
        else if (a->stop == STOP_DEPENDENCIES && (a->dependency_file ?: object))
            depfile_mend_file(a->dependency_file ?: object, &j.survey);
    }
    free(j.dependencies);
    free(j.precompiled);
    free(j.forwards);
    survey_free(&j.survey);
    return status;
}
