/* SPDX-License-Identifier: MIT */
/* Part of winsock2.h here. */
#pragma once

#include <winsock2.h>
