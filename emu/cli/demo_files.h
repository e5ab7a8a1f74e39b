/* SPDX-License-Identifier: MIT */
/* Real files for the demo's volume: copies of documentation and headers of this machine. */
#pragma once

#include <stddef.h>

struct demo_files {
    size_t n_copied; /* of this machine's files */
    size_t n_made;   /* made up, because the machine has too few */
    size_t n_folders;
    long long n_bytes;
};

/* Fills an existing empty directory with n_wanted files in folders of fifty, under names that
 * Windows allows and that differ in more than their case. Answers 0 or a negative errno value. */
int demo_files_make(const char *directory, size_t n_wanted, struct demo_files *ret_files);
