/* SPDX-License-Identifier: MIT */
/* A security descriptor taken apart, and put together self-relative (Learn: "Absolute and
 * Self-Relative Security Descriptors"). */
#pragma once

#include "emu/include/vssemu_types.h"

#include <stdbool.h>
#include <stddef.h>

#include "fakes/windows/include/vssemu/security_types.h"

/* All but the control bits may be NULL; they point into what they were taken from. */
struct sd_parts {
    SECURITY_DESCRIPTOR_CONTROL control;
    const SID *owner, *group;
    const ACL *dacl, *sacl;
};

struct sd_parts sd_parts_of(const void *descriptor);
/* Of one from a file or a caller's bytes: false when it does not lie within `size`. */
bool sd_is_within(const void *descriptor, size_t size);

/* The control bits of `to` that belong to the parts in `info`, and the parts, become those of
 * `from`; the rest of `to` stays. */
void sd_take(struct sd_parts *to, const struct sd_parts *from, SECURITY_INFORMATION info);

size_t sd_relative_size(const struct sd_parts *parts);
/* Into that many bytes. */
void sd_put_relative(const struct sd_parts *parts, void *ret_descriptor);
