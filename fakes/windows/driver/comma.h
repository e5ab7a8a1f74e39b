/* SPDX-License-Identifier: MIT */
/* Microsoft's preprocessor drops the comma before an empty __VA_ARGS__: f(fmt, __VA_ARGS__) with
 * no arguments is f(fmt). The standard's keeps it, and `f(fmt, )` is an error. In preprocessed text
 * no valid program has a comma right before a closing parenthesis (but for `&C::operator,)`), so
 * the commas can be dropped there: lines, columns of what stands before, and the directives that
 * say where each line is from stay as they are.
 * Learn: "Preprocessor experimental overview", "Comma elision in variadic macros". */
#pragma once

#include "emu/base/str.h"

/* Blanks the commas out, in place. Answers how many there were. */
size_t comma_drop(struct str *text);
