/* SPDX-License-Identifier: MIT */
/* The rows of writer_catalog.h, for writer_catalog.c alone. */
#pragma once

#include "emu/doc/writer_catalog.h"

extern const struct catalog_writer writer_catalog_rows[];
extern const size_t writer_catalog_n_rows;
