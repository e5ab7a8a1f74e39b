/* SPDX-License-Identifier: MIT */
/* What the files of cow_port share: cow_port.c reaches files, cow_port_links.c links between them,
 * cow_port_control.c is the service's side. Nobody else includes it. */
#pragma once

#include "emu/base/list.h"
#include "emu/port/volume.h"
#include "provider_sim/cow/cow_volume.h"

#include <pthread.h>

struct sched;

struct cow_port {
    struct volume volume;
    struct sched *sched;
    pthread_mutex_t lock;
    struct cow_volume *cow;
    struct list files; /* struct volume_file of the current state, under the lock */
};

struct volume_file {
    struct list link; /* in the port's files; a snapshot's stands in none */
    bool is_cut;      /* the volume was dismounted under it */
    struct cow_port *port;
    unsigned view;
    int flags;
    struct cow_node *node;
};

/* The value of the call, made under the lock. */
#define LOCKED(port, call)                   \
    ({                                       \
        pthread_mutex_lock(&(port)->lock);   \
        __auto_type result_ = (call);        \
        pthread_mutex_unlock(&(port)->lock); \
        result_;                             \
    })

/* The same for a change: again and again until the volume is not held. */
#define LOCKED_CHANGE(port, call)                      \
    ({                                                 \
        __auto_type changed_ = LOCKED((port), (call)); \
        while (changed_ == -EAGAIN) {                  \
            cow_port_wait_for_release(port);           \
            changed_ = LOCKED((port), (call));         \
        }                                              \
        cow_port_tell_news(port);                      \
        changed_;                                      \
    })

static inline struct cow_port *cow_port_of(struct volume *v)
{
    return container_of(v, struct cow_port, volume);
}

/* ---- cow_port.c ---- */

void cow_port_wait_for_release(struct cow_port *p);

/* ---- cow_port_links.c ---- */

int cow_port_link(struct volume *v, unsigned view, const char *path, const char *further);
ssize_t cow_port_readlink(struct volume *v, unsigned view, const char *path, char *buffer,
                          size_t size);

/* ---- cow_port_control.c ---- */

void cow_port_flush(struct volume *v, struct volume_done *done);
void cow_port_hold(struct volume *v, struct volume_done *done);
void cow_port_commit(struct volume *v, unsigned number, struct volume_done *done);
void cow_port_release(struct volume *v, struct volume_done *done);
void cow_port_delete_snapshot(struct volume *v, unsigned number, struct volume_done *done);
void cow_port_open_snapshot(struct volume *v, unsigned number, struct volume_done *done);
void cow_port_seal_snapshot(struct volume *v, unsigned number, struct volume_done *done);
bool cow_port_is_open(struct volume *v, unsigned number);
void cow_port_revert(struct volume *v, unsigned number, struct volume_done *done);
int cow_port_keep(struct volume *v, unsigned number, const struct volume_kept *kept);
bool cow_port_kept(struct volume *v, size_t i, struct volume_kept *ret_kept);
int cow_port_keep_settings(struct volume *v, const void *bytes, size_t size);
ssize_t cow_port_kept_settings(struct volume *v, void *buffer);
int cow_port_identify(struct volume *v, const unsigned char *salt, unsigned char ret_id[16]);
void cow_port_leave(struct volume *v);
int cow_port_dismount(struct volume *v, bool force);
unsigned cow_port_next_number(struct volume *v);
/* What has become of snapshots goes to who watches the area; without the lock. */
void cow_port_tell_news(struct cow_port *p);
void cow_port_limit_diff_area(struct volume *v, const struct diff_area_limits *limits);
void cow_port_use_of_diff_area(struct volume *v, struct diff_area_use *ret_use);
void cow_port_put_online(struct volume *v);
