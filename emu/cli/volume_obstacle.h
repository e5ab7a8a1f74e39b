/* SPDX-License-Identifier: MIT */
/* Why a place cannot be used as a volume, where the error alone says too little. */
#pragma once

/* error: negative errno, of opening or locking it. */
void volume_obstacle_say(const char *directory, int error);
