/* SPDX-License-Identifier: MIT */
/* The command line of a compile driver, sorted into what each compilation gets, what the link gets,
 * and what is to be compiled. Follows gcc's rules as far as the difference matters. */
#pragma once

#include "emu/base/array.h"

#include <stdbool.h>

enum driver_language { LANGUAGE_C, LANGUAGE_CXX, LANGUAGE_ASSEMBLER };

/* After which step the work ends. */
enum driver_stop {
    STOP_NOWHERE,      /* a program or shared library is linked */
    STOP_COMPILED,     /* -c, and headers to be precompiled */
    STOP_ASSEMBLER,    /* -S */
    STOP_SYNTAX,       /* -fsyntax-only */
    STOP_PREPROCESSED, /* -E */
    STOP_DEPENDENCIES, /* -M, -MM */
};

struct driver_source {
    const char *path;
    enum driver_language language;
    const char *forced;   /* the argument of -x that holds for it, NULL if none */
    bool is_header;       /* to be precompiled */
    bool is_preprocessed; /* .i, .ii */
    size_t link_index;    /* where its object goes in link */
};

struct driver_arguments {
    ARRAY(char *) compile; /* options for each compilation */
    ARRAY(char *) link;    /* options, objects and libraries in their order */
    ARRAY(struct driver_source) sources;
    ARRAY(char *) interfaces; /* .idl and .mc files */
    ARRAY(char *) owned;      /* options that are not argv's */
    ARRAY(char *) ignored;    /* .rc, .def, .manifest and so on */
    const char *output;       /* of -o, NULL if none */
    enum driver_stop stop;
    bool is_question; /* nothing to build: --version, -print-search-dirs, ... */
    bool is_dry;      /* -### */
    bool is_verbose;  /* -v */
    bool has_debug;
    bool has_macros_in_debug; /* -g3 */
    bool has_ubsan, has_sanitizer;
    bool is_shared, is_static, is_relocatable; /* -shared, -static, -r */
    bool has_no_libraries;                     /* -nostdlib, -nodefaultlibs */
    bool makes_dependencies;                   /* -MD, -MMD */
    bool leaves_out_system_headers;            /* -MMD, -MM */
    bool has_dependency_target;                /* -MT, -MQ */
    const char *dependency_file;               /* of -MF or -Wp,-MD,; NULL if none */
    const char *report_file;                   /* of --report=FILE, NULL if none */
    bool has_report;                           /* --report */
    bool takes_foreign;                        /* --foreign-objects */
    bool is_fine;                              /* -fvssemu-fine */
    bool is_narrow;                            /* -UUNICODE, -U_UNICODE, -mno-unicode */
};

/* default_language is that of files whose name does not say it (standard input). The strings
 * stay argv's. */
void driver_arguments_parse(struct driver_arguments *a, size_t argc, char **argv,
                            enum driver_language default_language);
void driver_arguments_free(struct driver_arguments *a);

bool driver_has_suffix(const char *text, const char *suffix); /* ignoring case */
