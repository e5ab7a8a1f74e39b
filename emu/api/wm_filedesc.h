/* SPDX-License-Identifier: MIT */
/* IVssWMFiledesc: one file set, from whichever document. */
#pragma once

#include "emu/doc/filespec.h"
#include "emu/include/vswriter.h"

/* The spec is copied. */
void wm_filedesc_new(const struct filespec *spec, IVssWMFiledesc **ret);
/* A method that answers entry i of a list: E_INVALIDARG without ret, `beyond` when there is no such
 * entry, else S_OK and a reference for the caller. */
HRESULT wm_filedesc_of(const struct filespecs *specs, UINT i, HRESULT beyond, IVssWMFiledesc **ret);
