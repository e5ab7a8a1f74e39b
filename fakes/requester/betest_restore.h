/* SPDX-License-Identifier: MIT */
/* A restore from the saved documents and the store, in the order of Learn: "Overview of Processing
 * a Restore Under VSS". Failures are in the report. */
#pragma once

#include "fakes/requester/betest_report.h"

void betest_restore(const struct betest_options *options, struct betest_report *report);
