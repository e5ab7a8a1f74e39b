/* SPDX-License-Identifier: MIT */
/* The writer of examples/writer.cpp, whole and unmodified, under another name for its wmain, so
 * that the demo can run it as a thread of its own. */
#pragma once

int example_writer_wmain(int argc, wchar_t **argv);
