/* SPDX-License-Identifier: MIT */
/* PUBLIC. What a function of Windows that is not there yet does when it is called. The compile
 * drivers link a stub of its name that calls this; nobody else needs it. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Says on standard error, once for each place, that `name`, which `header` declares, is not there
 * and who called it (`caller`: an address in the calling function); puts a note into the trace;
 * sets the last error ERROR_CALL_NOT_IMPLEMENTED. Returns `answer`, with which the function fails
 * by its declaration: E_NOTIMPL, INVALID_HANDLE_VALUE, an error code, 0 (NULL, FALSE). */
long vssemu_missing_function(const char *name, const char *header, long answer, const void *caller);

#ifdef __cplusplus
}
#endif
