/* SPDX-License-Identifier: MIT */
/* What `vssemu volume` prints: text for people, JSON for programs. */
#pragma once

#include <stdbool.h>

struct cow_area_report;
struct cow_block_report;
struct volume_directory;
struct volume_snapshot;

void volume_report_snapshot(const struct volume_snapshot *snapshot, bool is_json);
void volume_report_list(struct volume_directory *d, bool is_json);
void volume_report_durable(bool is_durable);
/* Answers whether everything is right. */
bool volume_report_check(struct volume_directory *d, const struct cow_area_report *area,
                         const struct cow_block_report *blocks, bool is_json);
