/* SPDX-License-Identifier: MIT */
/* A record of the trace as one line for a person:
 *
 *     time  who              event    state before -> after                        result  detail
 *    0.0031 writer Sql       Freeze   WAITING_FOR_FREEZE -> WAITING_FOR_THAW       S_OK
 *
 * The launcher prints these lines while a run goes on (vssemu run --verbose, vssemu demo). */
#pragma once

#include "emu/base/str.h"
#include "emu/port/trace.h"

#include <stdbool.h>

struct trace_text_style {
    bool has_colours; /* only for a terminal */
};

/* The names of the columns, and a line under them. */
void trace_text_add_heading(struct str *out, const struct trace_text_style *style);
/* Adds one line, with its newline. Control characters in the record's texts become '?'. */
void trace_text_add_record(struct str *out, const struct trace_record *record,
                           const struct trace_text_style *style);
