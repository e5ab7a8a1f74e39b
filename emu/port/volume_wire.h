/* SPDX-License-Identifier: MIT */
/* What the program's side of a mounted volume (emu/host/host_volume) and the server
 * (provider_sim/fuse/cow_server) say to each other over a local stream socket. Both ends run on
 * one machine: host byte order. One request is answered by one reply, in order. */
#pragma once

#include <stdint.h>

enum volume_wire_operation {
    VOLUME_WIRE_NEXT_NUMBER = 1, /* the reply's value is the next unused snapshot number */
    VOLUME_WIRE_HOLD,
    VOLUME_WIRE_COMMIT, /* argument: snapshot number */
    VOLUME_WIRE_RELEASE,
    VOLUME_WIRE_DELETE, /* argument: snapshot number */
};

struct volume_wire_request {
    uint32_t length; /* of the whole message; more fields may follow later */
    uint32_t operation;
    uint32_t argument;
    uint32_t reserved;
};

struct volume_wire_reply {
    uint32_t length;
    int32_t error; /* 0 or a negative errno value */
    uint32_t value;
    uint32_t reserved;
};

/* Where a mounted volume shows its snapshots, below the mount; left out when the root is listed. */
#define VOLUME_SNAPSHOT_DIRECTORY ".vss"
#define VOLUME_SNAPSHOT_NAME      "HarddiskVolumeShadowCopy%u"
