/* SPDX-License-Identifier: MIT */
/* examples/sqlite_writer.cpp as a part of the demo, which calls RunSqliteWriter and has a main of
 * its own. */
#define wmain sqlite_writer_wmain
#include "examples/sqlite_writer.cpp"
