/* SPDX-License-Identifier: MIT */
/* Whole runs: bytes as a plan (emu/search/plan.h), whose world must be as it must always be. */
#include "tests/fuzz/fuzz.h"

#include "emu/include/vssemu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return vssemu_fuzz_one(data, size);
}
