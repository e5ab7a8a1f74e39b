/* SPDX-License-Identifier: MIT */
/* XXH64, the 64-bit hash of the xxHash specification (github.com/Cyan4973/xxHash,
 * doc/xxhash_spec.md), for records and blocks on disk: fast, and any xxhsum can check what we
 * wrote. Not for secrets. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t checksum_of(const void *bytes, size_t size, uint64_t seed);
