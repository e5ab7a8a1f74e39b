/* SPDX-License-Identifier: MIT */
/* The system's flags of open, and Microsoft's names for them (Learn: "_open, _wopen"). */
#pragma once

#include_next <fcntl.h>
#include <vssemu/narrow_crt.h>

#define _O_RDONLY O_RDONLY
#define _O_WRONLY O_WRONLY
#define _O_RDWR   O_RDWR
#define _O_APPEND O_APPEND
#define _O_CREAT  O_CREAT
#define _O_TRUNC  O_TRUNC
#define _O_EXCL   O_EXCL

/* Bits that mean nothing to _open here; vssemu/crt_text.h has the modes of text. */
#define _O_TEMPORARY 0x10000000
#define _O_RAW       _O_BINARY

#define _O_NOINHERIT   0
#define _O_SEQUENTIAL  0
#define _O_RANDOM      0
#define _O_SHORT_LIVED 0
#define _O_OBTAIN_DIR  0

/* With the system's own open they must mean nothing. */
#define O_BINARY _O_BINARY
#define O_TEXT   0
