/* SPDX-License-Identifier: MIT */
/* A writer made from a configuration file of the SDK's Test Writer (Learn: "VSS Test Writer Tool").
 * It runs inside the service (VSSEMU_WRITER_INLINE) and reaches its files through the world's
 * volumes. */
#pragma once

#include "emu/port/world.h"

struct test_writer;

/* Reads the file, makes the writer (class 5affb034-969f-4919-8875-88f830d0ef89, an instance of its
 * own) and subscribes it. ports outlive the writer. 0 and *ret, or a negative errno and *ret_error
 * (a sentence with file and line, which the caller frees). */
int test_writer_new(struct world_ports *ports, const char *xml_path, char **ret_error,
                    struct test_writer **ret);
/* The same from text; name stands in messages. */
int test_writer_new_from_text(struct world_ports *ports, const char *text, size_t size,
                              const char *name, char **ret_error, struct test_writer **ret);
/* Unsubscribes and frees. NULL does nothing. */
void test_writer_free(struct test_writer *writer);
