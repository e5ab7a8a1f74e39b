/* SPDX-License-Identifier: MIT */
/* YAML out of values, for scenario_write.c and write_writers.c. */
#pragma once

#include "emu/base/str.h"
#include "emu/scenario/scenario.h"

/* Plain where YAML takes it back as it is, else in quotes. */
void write_scalar(struct str *out, const char *text);
void write_quoted(struct str *out, const char *text);
void write_bytes(struct str *out, const char *bytes, size_t size); /* in quotes */

/* A member of a mapping that is indented so far; NULL and false write nothing. */
void write_text(struct str *out, unsigned indent, const char *key, const char *text);
void write_flag(struct str *out, unsigned indent, const char *key, bool flag);
void write_texts(struct str *out, unsigned indent, const char *key,
                 const struct scenario_texts *texts);

void write_writers(struct str *out, const struct scenario *scenario);
