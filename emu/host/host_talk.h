/* SPDX-License-Identifier: MIT */
/* What a mounted volume's program and its server say to each other: questions from any thread, one
 * after the other, and news that come when they come, for which a thread of its own listens. Used
 * by host_volume. */
#pragma once

#include "emu/port/volume.h"
#include "emu/port/volume_wire.h"

struct host_volume;

void host_volume_begin_talk(struct host_volume *h);
/* Outside the service; closes the socket. */
void host_volume_end_talk(struct host_volume *h);

/* An operation without more than its argument: its error. */
int host_volume_order(struct host_volume *h, enum volume_wire_operation operation,
                      unsigned argument);

/* Of port volume. */
int host_keep(struct volume *v, unsigned number, const struct volume_kept *kept);
bool host_kept(struct volume *v, size_t i, struct volume_kept *ret_kept);
int host_keep_settings(struct volume *v, const void *bytes, size_t size);
ssize_t host_kept_settings(struct volume *v, void *buffer);
int host_identify(struct volume *v, const unsigned char *salt, unsigned char ret_id[16]);
void host_limit_diff_area(struct volume *v, const struct diff_area_limits *limits);
void host_use_of_diff_area(struct volume *v, struct diff_area_use *ret_use);
void host_put_online(struct volume *v);
