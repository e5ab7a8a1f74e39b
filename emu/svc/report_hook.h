/* SPDX-License-Identifier: MIT */
/* Where a search hears that a requester calls a component's backup a success, or no success. Nobody
 * listens: one comparison. */
#pragma once

struct backup;
struct component_key;

/* Set before the first call, or never. Called inside the service, when SetBackupSucceeded has
 * changed what the key names. */
extern void (*report_hook)(struct backup *backup, const struct component_key *key);
