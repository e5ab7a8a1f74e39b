/* SPDX-License-Identifier: MIT */
/* Why a place cannot be used as a volume, where the error alone says too little. */
#pragma once

#include <stdbool.h>

/* error: negative errno, of opening or locking it. */
void volume_obstacle_say(const char *directory, int error);
/* Whether a volume is mounted there: what is seen is its files, not what it keeps. */
bool volume_obstacle_is_mount(const char *path);
