/* SPDX-License-Identifier: MIT */
/* How vssemu speaks: lines on standard error that begin with "vssemu: ", because standard output
 * belongs to the program that it runs; and the exit codes that are vssemu's own, never a verdict
 * on the program. */
#pragma once

#define EXIT_CHECK_FAILED   117 /* --check: the program succeeded, a snapshot did not pass */
#define EXIT_UNFIRED        118 /* the program succeeded, a planned fault never happened */
#define EXIT_FINDINGS       119 /* --strict: the program succeeded and broke a must-level rule */
#define EXIT_BAD_USAGE      120 /* unknown command or option, bad value, malformed file */
#define EXIT_NO_WORLD       121 /* a volume, mount or trace file cannot be used */
#define EXIT_NO_PROGRAM     122 /* no such program, or it cannot be started */
#define EXIT_HARNESS_FAILED 123 /* vssemu itself failed in the middle of a run */

/* One message: the prefix, the text, a newline. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
