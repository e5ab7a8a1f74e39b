/* SPDX-License-Identifier: MIT */
/* File attributes and times, as they are kept in a POSIX mode and shown to Windows code. */
#pragma once

#include "emu/include/vssemu_types.h"
#include "fakes/windows/path.h"

#include <sys/stat.h>
#include <time.h>

/* What Windows keeps beside a file's data fits into mode bits that mean nothing else there:
 * READONLY is "nobody may write"; HIDDEN and SYSTEM are execute bits of others and group where
 * the owner has none (directories: sticky and set-group-id); a missing ARCHIVE is a file's
 * sticky bit. */
DWORD attributes_from_stat(const struct stat *st);
/* The same with what streams/side_flags.h keeps. */
DWORD attributes_of(const struct win_path *path, const struct stat *st);
/* A size as Windows tells it: none of a directory or link. */
uint64_t attributes_size(const struct stat *st);
mode_t attributes_to_mode(DWORD attributes, mode_t old_mode);

/* A FILETIME (UTC) and back. */
FILETIME attributes_filetime(const struct timespec *time);
struct timespec attributes_timespec(const FILETIME *time);
/* The birth of a file is not kept: the earlier of its two change times. */
FILETIME attributes_creation_time(const struct stat *st);
