/* SPDX-License-Identifier: MIT */
/* A snapshot provider for stories: it makes snapshots that are only records, and answers what the
 * story says. Methods go by their names: "BeginPrepareSnapshot", "CommitSnapshots",
 * "DeleteSnapshots" ... */
#pragma once

#include "contract.h"

#include <vss.h>
#include <vsadmin.h>
#include <vsprov.h>
#include <vssemu.h>

#ifdef __cplusplus
extern "C" {
#endif

struct script_provider;

/* Registered in the world, which keeps it; type VSS_PROV_SOFTWARE or VSS_PROV_HARDWARE. The id is
 * the same for each type in every run. */
struct script_provider *script_provider_add(struct vssemu_world *world, VSS_PROVIDER_TYPE type);
VSS_ID script_provider_id(VSS_PROVIDER_TYPE type);
struct script_provider *script_provider_new(VSS_PROVIDER_TYPE type); /* registered nowhere */

/* The same as an installer and COM do it: its class in CoRegisterClassObject, its id with
 * IVssAdmin. The service loads it when it needs it. The story ends it when its world has gone. */
struct script_provider *script_provider_register(VSS_PROVIDER_TYPE type);
void script_provider_end(struct script_provider *provider);
IVssAdmin *script_admin(void); /* the caller releases */
/* It answers E_NOINTERFACE for this one from now on; IID_NULL: for none any more. */
void script_provider_lacks(struct script_provider *provider, REFIID iid);
/* How often it was told that it must unload. */
unsigned script_provider_forced(struct script_provider *provider);

/* The method answers this from now on instead of working; S_OK: it works again. */
void script_provider_answers(struct script_provider *provider, const char *method, HRESULT answer);
/* The same from its nth call (from 1) on. */
void script_provider_answers_from(struct script_provider *provider, const char *method,
                                  HRESULT answer, unsigned nth);
/* The method takes this long (only set calls and DeleteSnapshots may). */
void script_provider_takes(struct script_provider *provider, const char *method, DWORD ms);
/* The answer of IsVolumeSupported. */
void script_provider_supports(struct script_provider *provider, bool supports);
/* It answers for IVssHardwareSnapshotProviderEx from now on, as newer hardware providers do. */
void script_provider_has_hardware_face(struct script_provider *provider);
/* What the IVssAsync of QueryRevertStatus and of ResyncLuns says. */
void script_provider_reverts(struct script_provider *provider, HRESULT status);
/* How it answers where it has a choice. */
enum script_style {
    SCRIPT_PLAIN,
    SCRIPT_MUTE,   /* copies that nobody is meant to read: no properties, none listed or deleted */
    SCRIPT_GARBAGE /* properties with wrong ids, no texts and a wrong state */
};
void script_provider_is(struct script_provider *provider, enum script_style style);
unsigned script_provider_count(struct script_provider *provider, const char *method);

#ifdef __cplusplus
}
#endif
