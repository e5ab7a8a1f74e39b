/* SPDX-License-Identifier: MIT */
/* See example_writers.h. */
#include "example_writers.h"

#define wmain example_writer_wmain
#include "examples/writer.cpp"
