/* SPDX-License-Identifier: MIT */
/* The functions that Microsoft's vssapi exports, and what emu/setup plugs in behind them. */
#pragma once

struct lint;
struct service;

/* The service of the calling thread's world. Never NULL. */
struct service *entry_service(void);
/* Of the calling thread's world; NULL when it lives in none. Makes none. */
struct lint *entry_lint(void);

/* Called when a writer on a thread of its own has subscribed: emu/setup may start the built-in
 * requester then. NULL: nobody listens. */
extern void (*entry_on_writer_subscribed)(struct service *service);
void entry_writer_subscribed(struct service *service);
/* Called at each CreateVssBackupComponents, outside the service. */
extern void (*_Atomic entry_on_requester)(struct service *service);
