/* SPDX-License-Identifier: MIT */
/* Names of volumes that both implementations of port/volume.h must agree on. */
#pragma once

#include <stdio.h>

#define VOLUME_GUID_NAME_SIZE 64

/* "\\?\Volume{...}\" of a drive letter (0: a volume without one): the same in every run. */
static inline const char *volume_guid_name(char letter, char buffer[VOLUME_GUID_NAME_SIZE])
{
    snprintf(buffer, VOLUME_GUID_NAME_SIZE,
             "\\\\?\\Volume{5653532d-0000-4000-8000-0000000000%02x}\\",
             (unsigned)(unsigned char)letter);
    return buffer;
}
