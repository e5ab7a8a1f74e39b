// SPDX-License-Identifier: MIT
// What the programs share that try what they are told and answer by their exit code: 0, all is as
// it should be, or WRONG.
#pragma once

#include <sched.h>
#include <unistd.h>
#include <windows.h>

static constexpr int WRONG = 9;

static inline void Check(bool is_right)
{
    if (!is_right)
        _exit(WRONG);
}

static inline void LetOthers()
{
    sched_yield();
    Sleep(1);
}
