/* SPDX-License-Identifier: MIT */
/* What a person sees of a world that stands still. Inside the service. */
#pragma once

#include "emu/base/str.h"

struct vssemu_world;

/* Requesters, their writers, volumes and snapshots, a line each. held: bit 0 is A:, whose writes
 * wait. */
void stepper_look_states(struct vssemu_world *world, uint32_t held, struct str *out);
/* path: "C:\dir", "HarddiskVolumeShadowCopy1\dir", or the whole name of the device; also with '/'.
 * What is wrong with it is told. */
void stepper_look_list(struct vssemu_world *world, const char *path, struct str *out);
void stepper_look_file(struct vssemu_world *world, const char *path, struct str *out);
