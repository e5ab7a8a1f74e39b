/* SPDX-License-Identifier: MIT */
/* PUBLIC. What a function of Windows that is not there yet does when it is called. The compile
 * drivers link a stub of its name that calls this; nobody else needs it. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Says on standard error, once for each place, that `name`, which `header` declares, is not there
 * and who called it (`caller`: an address in the calling function); puts a note into the trace;
 * sets the last error ERROR_CALL_NOT_IMPLEMENTED. Answers E_NOTIMPL if the function gives an
 * HRESULT, 0 otherwise: NULL, FALSE. (What fails with INVALID_HANDLE_VALUE cannot be known.) */
long vssemu_missing_function(const char *name, const char *header, int gives_hresult,
                             const void *caller);

#ifdef __cplusplus
}
#endif
