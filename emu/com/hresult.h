/* SPDX-License-Identifier: MIT */
/* HRESULTs in words. Values: public SDK headers winerror.h and vsserror.h. */
#pragma once

#include "emu/include/vss.h"

#define HRESULT_NAME_SIZE 48

/* "VSS_E_BAD_STATE"; an unknown code gives its number, "0x80041234", written into buffer. */
const char *hresult_name(HRESULT hr, char buffer[HRESULT_NAME_SIZE]);
#define HRESULT_NAME(hr) hresult_name((hr), (char[HRESULT_NAME_SIZE]){ 0 })

/* Answers the code of a name, or 2 (no HRESULT of ours) when the name is unknown. */
HRESULT hresult_from_name(const char *name);

HRESULT hresult_from_errno(int error); /* takes a positive or negative errno; 0 is S_OK */

const char *writer_state_name(VSS_WRITER_STATE state); /* "VSS_WS_STABLE" */
