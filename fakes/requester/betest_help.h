/* SPDX-License-Identifier: MIT */
/* What `betest /?` says: options, formats, examples and exit codes. docs/betest.md says more. */
#pragma once

extern const char betest_help_text[];
