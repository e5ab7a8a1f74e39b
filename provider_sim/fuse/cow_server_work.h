/* SPDX-License-Identifier: MIT */
/* Long work that somebody has asked a server for: one at a time for each volume, a piece between
 * two looks at the descriptors, so that the volume, and the others, are served meanwhile. Who asks
 * for something that would meet it half done waits until it is over. Used by cow_server_control. */
#pragma once

#include "emu/port/volume_wire.h"
#include "provider_sim/cow/cow_check.h"

#include <stdbool.h>

struct cow_work;
struct server_answer;
struct server_control;
struct server_link;
struct server_revert;

struct server_work {
    enum volume_wire_operation operation; /* 0: there is none */
    struct server_link *asker;            /* NULL: nobody waits for it */
    bool wants_progress;
    uint32_t told;                /* of a hundred */
    struct cow_work *steps;       /* of a deletion or a check */
    struct server_revert *revert; /* of a revert */
    struct cow_block_report blocks;
    struct cow_area_report area;
    bool has_passing; /* the program has gone: what it made and is not persistent goes, too */
    unsigned passed;  /* the last one of them */
};

/* Whether it is work at all; and whether the operation has to wait for the work that there is. */
bool server_work_is_long(unsigned operation);
bool server_work_is_waited_for(const struct server_work *work, unsigned operation);
/* 0: the answer follows. */
int server_work_begin(struct server_control *control, unsigned operation, unsigned number,
                      struct server_link *asker, bool wants_progress);
/* The program has gone. */
void server_work_delete_passing(struct server_control *control);
/* Its asker has gone. */
void server_work_forget_asker(struct server_work *work, const struct server_link *asker);

/* There is something to do that waits for no descriptor. */
bool server_work_is_ready(const struct server_work *work);
int server_work_fd(const struct server_work *work); /* to be polled for reading; -1: none */
void server_work_heard(struct server_work *work);
/* A piece. True: it is over, and *ret_answer is what its asker (NULL: nobody) gets. */
bool server_work_go_on(struct server_control *control, struct server_link **ret_asker,
                       struct server_answer *ret_answer);
