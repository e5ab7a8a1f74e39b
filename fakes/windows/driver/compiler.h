/* SPDX-License-Identifier: MIT */
/* The real compiler of a language (VSSEMU_CC, VSSEMU_CXX; gcc and g++ by default) and the options
 * under which Windows source compiles. Why each: docs/windows-source.md. */
#pragma once

#include "fakes/windows/driver/arguments.h"
#include "fakes/windows/driver/command.h"

/* Adds the compiler's words; answers whether it is a clang. */
bool compiler_add(struct command *c, enum driver_language language);

/* What comes before the user's options, so that the user's can change it. */
void compiler_add_dialect(struct command *c, enum driver_language language, bool is_clang);

/* The header before all others; precompiled is its form of pch.h, or NULL. */
void compiler_add_forced(struct command *c, const char *precompiled);

/* What comes after the user's options; forwards is the folder of forwards.h or NULL. */
void compiler_add_environment(struct command *c, const struct driver_arguments *a, bool is_clang,
                              const char *forwards);
