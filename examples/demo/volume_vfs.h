/* SPDX-License-Identifier: MIT */
/* SQLite on a volume of the world where that volume is mounted nowhere: a VFS over the Windows file
 * functions. Paths are Windows paths in UTF-8. Locks and the index of the write-ahead log are kept
 * in this process, so all connections to a database must be of one process. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Registers the VFS "volume" as SQLite's default. 0, or an SQLite error. */
int volume_vfs_register(void);

#ifdef __cplusplus
}
#endif
