/* SPDX-License-Identifier: MIT */
/* A full backup in component mode, in the order of Learn: "Overview of Processing a Backup Under
 * VSS". Failures are in the report. */
#pragma once

#include "fakes/requester/betest_report.h"

void betest_backup(const struct betest_options *options, struct betest_report *report);
