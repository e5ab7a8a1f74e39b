/* SPDX-License-Identifier: MIT */
/* The files that the machine's registry keeps out of snapshots (Learn: "Registry Keys and Values
 * for Backup and Restore", FilesNotToSnapshot): the Shadow Copy Optimization Writer deletes them
 * from the copy, as far as it can. */
#pragma once

#include <stdbool.h>

struct world_ports;
struct volume;

/* Calls each for every set of files that an entry means: the directory on the volume, a pattern,
 * and whether all below counts. `$UserProfile$` is each user's profile, `$AllVolumes$` each volume,
 * ` /s` at the end all below. What is none of a volume's is left out. None while no registry has
 * been asked for: until then the usual entries, which the writer's document has, too, are all. */
void not_in_snapshot(struct world_ports *ports,
                     void (*each)(void *arg, struct volume *volume, const char *directory,
                                  const char *pattern, bool recursive),
                     void *arg);
