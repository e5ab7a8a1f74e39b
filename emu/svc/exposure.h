/* SPDX-License-Identifier: MIT */
/* Names of their own for snapshots: a drive letter or a folder (local), a share (remote).
 * Learn: "Exposing and Surfacing Shadow Copied Volumes". The world's list of them (port/exposure.h)
 * is what makes the files appear; the provider is told the attributes and the name. */
#pragma once

#include "emu/include/vss.h"

struct exposed_name;
struct service;
struct snapshot;

/* attributes: EXPOSED_LOCALLY or EXPOSED_REMOTELY. root (a folder of the snapshot, "\dir"; remote
 * only) and name (remote only) may be NULL. *ret_name, the name that it got, is the caller's.
 * E_INVALIDARG: the name or folder cannot be used, or not for this kind of snapshot;
 * VSS_E_BAD_STATE: it is exposed already; codes of the provider's SetSnapshotProperty. */
HRESULT exposure_make(struct service *service, struct snapshot *snapshot, LONG attributes,
                      const char *root, const char *name, char **ret_name);
/* The name that the snapshot had in an earlier process (Learn: persistent ones stay exposed over
 * restarts). Where it cannot have it any more, its provider is told so. */
void exposure_restore(struct service *service, struct snapshot *snapshot, LONG attributes,
                      const char *root, const char *name);
/* VSS_E_OBJECT_NOT_FOUND: it is not exposed. */
HRESULT exposure_end(struct service *service, struct snapshot *snapshot);

/* The snapshot goes: so does its name. NULL does nothing. */
void exposure_free(struct exposed_name *exposed);
