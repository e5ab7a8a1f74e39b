/* SPDX-License-Identifier: MIT */
/* The writer of sqlite_writer.cpp for a program that is more than a writer. */
#pragma once

#include <windows.h>

/* Subscribes, sets `ready` (also when that failed), serves until `stop` is set. 0 or 1. */
int RunSqliteWriter(const wchar_t *database, const char *opened, HANDLE ready, HANDLE stop);
