/* SPDX-License-Identifier: MIT */
/* Inside the adapter: what is asked of a provider is a job; threads of the adapter's take jobs, as
 * the threads of a COM server do (provider_threads.c), and load the provider's class first when it
 * is not loaded (provider_loading.c). */
#pragma once

#include "emu/api/provider_adapter.h"
#include "emu/base/array.h"
#include "emu/port/sched.h"
#include "emu/proto/fault_rules.h"

struct classes;
struct provider_adapter;

struct provider_job {
    /* Outside the service, with the provider loaded; what it lets out (a C++ exception) becomes
     * RPC_E_SERVERFAULT. */
    HRESULT (*run)(struct provider_adapter *adapter, struct provider_job *job);
    enum fault_provider_point point; /* where a fault may be planned */
    HRESULT result;
    void (*done)(struct provider_adapter *adapter, struct provider_job *job); /* inside */
};

enum provider_loading { PROVIDER_UNLOADED, PROVIDER_IN_BETWEEN, PROVIDER_LOADED };

struct provider_adapter {
    struct provider_link link;
    struct service *service;
    struct sched *sched;
    const struct classes *classes;
    struct provider *provider; /* whose link this is; NULL: an object that is there for good */
    bool is_inline;

    /* What is loaded; references. */
    enum provider_loading loading;
    IVssSoftwareSnapshotProvider *software;
    IVssProviderCreateSnapshotSet *set;
    IVssProviderNotifications *notifications; /* may be NULL */
    IVssAsync *resync;                        /* the last one, NULL: none */
    bool wants_rest, is_rest_forced;

    ARRAY(struct provider_job *) queue;
    ARRAY(struct sched_thread *) threads;
    unsigned n_idle, n_running; /* threads that wait; jobs that are under way */
    bool is_stopping;
    struct list held; /* requests that a planned fault puts off (provider_faults.c) */
    bool is_lifted;   /* nothing goes wrong any more */
};

/* The adapter behind a link; NULL: it is another kind's. */
struct provider_adapter *provider_adapter_of(struct provider_link *link);
/* Asks it, wherever the caller is. */
HRESULT provider_ask(struct provider_adapter *adapter, struct provider_request *request);

/* ---- provider_threads.c; inside the service unless said ---- */

void provider_threads_post(struct provider_adapter *adapter, struct provider_job *job);
/* Runs it and waits; at once when the provider is called inline. */
HRESULT provider_threads_run(struct provider_adapter *adapter, struct provider_job *job);
/* Something is under way, or the provider is about to be unloaded. */
bool provider_threads_are_busy(const struct provider_adapter *adapter);
/* Something that a thread waits for may have changed: a rest is wanted. */
void provider_threads_wake(struct provider_adapter *adapter);
void provider_threads_stop(struct provider_adapter *adapter); /* outside; nothing is under way */

/* ---- provider_loading.c; inside the service, on a thread of the adapter's ---- */

/* S_OK, or what the requester sees. */
HRESULT provider_load(struct provider_adapter *adapter);
/* OnUnload and Release; S_FALSE: it would rather stay. */
HRESULT provider_unload(struct provider_adapter *adapter, bool is_forced);

/* Its process is gone: the class is made anew when it is needed again. */
void provider_crashed(struct provider_adapter *adapter);

/* ---- provider_faults.c; inside the service ---- */

bool provider_fault_meet(struct provider_adapter *adapter, enum fault_provider_point point,
                         struct fault_hit *ret_hit);
/* On a thread that may wait: true when *ret_result is the answer and the provider is not called.
 * is_awaited: somebody waits for it inside a call. */
bool provider_fault_answers(struct provider_adapter *adapter, const struct fault_hit *hit,
                            bool is_awaited, HRESULT *ret_result);
/* Of a provider that is called inside: true when the request is answered, or will be. */
bool provider_fault_takes(struct provider_adapter *adapter, struct provider_request *request,
                          enum fault_provider_point point);
void provider_fault_let_go(struct provider_adapter *adapter);
