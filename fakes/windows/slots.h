/* SPDX-License-Identifier: MIT */
/* Thread-local and fiber-local slots. A thread is its only fiber. */
#pragma once

#include "fakes/windows/thread.h"

/* The end of a thread, on itself: calls what FlsAlloc was given, and frees its slots. */
void slots_end_thread(struct thread *thread);
