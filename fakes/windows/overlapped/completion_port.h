/* SPDX-License-Identifier: MIT */
/* I/O completion ports (Learn: "I/O Completion Ports"). */
#pragma once

#include "fakes/windows/handle.h"

struct completion_port;

struct completion_packet {
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    DWORD n, error;
};

/* From any thread, without the lock of objects. */
void completion_port_post(struct completion_port *port, const struct completion_packet *packet);
void completion_port_ref(struct completion_port *port);
void completion_port_unref(struct completion_port *port);
