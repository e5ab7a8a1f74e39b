/* SPDX-License-Identifier: MIT */
/* What the program's side of a mounted volume (emu/host/host_volume) and the server
 * (provider_sim/fuse/cow_server) say to each other over a local stream socket; so does
 * `vssemu volume` through the socket that a server has in the volume's directory. Both ends run on
 * one machine: host byte order. One request is answered by one reply, in order. What follows the
 * head of a message is named here with each operation. */
#pragma once

#include "emu/port/volume_kept.h"

#include <stdint.h>

enum volume_wire_operation {
    /* The reply's value is the next unused snapshot number; the name of its image follows. */
    VOLUME_WIRE_NEXT_NUMBER = 1,
    VOLUME_WIRE_HOLD,
    VOLUME_WIRE_COMMIT, /* argument: snapshot number */
    VOLUME_WIRE_RELEASE,
    VOLUME_WIRE_DELETE, /* argument: snapshot number */
    VOLUME_WIRE_OPEN,   /* argument: snapshot number; it can be changed from now on */
    VOLUME_WIRE_SEAL,   /* argument: snapshot number */
    /* The snapshot `argument` outlives the server: a volume_wire_snapshot and its bytes follow. */
    VOLUME_WIRE_KEEP,
    /* One is made now, and kept; the same follows. The reply's value is its number. Writes that the
     * kernel has not sent yet are not in it: the asker calls syncfs(2) on the mount before. */
    VOLUME_WIRE_SNAPSHOT,
    /* The first snapshot whose number is above `argument`: a volume_wire_snapshot and its bytes
     * follow the reply, whose value is the number; 0: there is none. Who asks on with the number
     * comes to each that is there all the time, whatever others delete meanwhile. */
    VOLUME_WIRE_AFTER,
    VOLUME_WIRE_REVERT, /* argument: snapshot number */
    VOLUME_WIRE_WHERE,  /* where it is mounted follows the reply; nothing: nowhere any more */
    VOLUME_WIRE_CHECK,  /* a volume_wire_check and a report of the server's version follow */
    VOLUME_WIRE_LIMIT,  /* a volume_wire_limits follows */
    VOLUME_WIRE_USE,    /* a volume_wire_use follows the reply */
    VOLUME_WIRE_ONLINE,
    /* From now on the asker hears what becomes of snapshots by itself: messages like replies whose
     * error is VOLUME_WIRE_IS_NEWS, value the snapshot's number, and detail the diff_area_event.
     * They come at any time, also between a request and its reply. */
    VOLUME_WIRE_NEWS,
    /* The program is about to end, and has told its users what was given up: all but what is kept
     * and can be read is deleted. */
    VOLUME_WIRE_LEAVE,
    VOLUME_WIRE_SETTINGS,     /* they follow the reply */
    VOLUME_WIRE_PUT_SETTINGS, /* they follow */
    /* What others name the volume by, 16 bytes, follows the reply. With 16 bytes of salt it gets
     * one if it has none. */
    VOLUME_WIRE_IDENTIFY,
    VOLUME_WIRE_DURABLE,    /* argument 1: snapshots outlast a loss of power from now on; 0: not */
    VOLUME_WIRE_IS_DURABLE, /* the reply's value is 1: they do; or 0 */
};

#define VOLUME_WIRE_IS_NEWS 1

/* Before the reply to a request that wants it, messages like replies tell how far it is: their
 * error is this, value so many of detail. */
#define VOLUME_WIRE_GOING_ON 2

/* The socket of a served volume, beside its diff area; for the server's user, and root. */
#define VOLUME_WIRE_FOLDER "System Volume Information"
#define VOLUME_WIRE_SOCKET "vssemu.socket"

#define VOLUME_WIRE_LOST 1u /* flags of a snapshot */
#define VOLUME_WIRE_KEPT 2u

struct volume_wire_snapshot {
    uint32_t number, flags;
    int64_t created;
    unsigned char id[16];
    uint32_t size, reserved; /* of the provider's bytes, which follow */
};

struct volume_wire_limits {
    int64_t maximum;
    uint32_t is_stuck, protects_snapshots;
};

struct volume_wire_use {
    int64_t used, allocated;
    uint32_t is_offline, reserved;
};

/* Of what `vssemu volume check` counts in a served volume. */
struct volume_wire_check {
    uint64_t n_blocks, n_slots, n_used, n_bad;
};

/* What may follow the head of a message. */
#define VOLUME_WIRE_MAX (VOLUME_KEPT_MAX + 256u)

struct volume_wire_request {
    uint32_t length; /* of the whole message; more fields may follow later */
    uint32_t operation;
    uint32_t argument;
    uint32_t wants_progress;
};

struct volume_wire_reply {
    uint32_t length;
    int32_t error; /* 0 or a negative errno value */
    uint32_t value;
    uint32_t detail;
};

/* Where a mounted volume shows its snapshots, below the mount; left out when the root is listed. */
#define VOLUME_SNAPSHOT_DIRECTORY ".vss"
#define VOLUME_SNAPSHOT_NAME      "HarddiskVolumeShadowCopy%u"

/* An extended attribute of a mount's root, which no list has: the number of the process that ends
 * with the mount, in decimal digits. There is none if the process serves anybody else. */
#define VOLUME_SERVER_ATTRIBUTE "user.vssemu.server"
