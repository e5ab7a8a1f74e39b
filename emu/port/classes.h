/* SPDX-License-Identifier: MIT */
/* Port: COM classes of the program and of its DLLs, for the service, which makes providers from
 * them. fakes/windows/class_object fills it in. All of it calls code under test, so that it belongs
 * outside the service, on a thread that may take its time. */
#pragma once

#include "emu/include/vss.h"

struct classes {
    /* CoCreateInstance; the caller owns the reference. */
    HRESULT (*create)(const CLSID *class_id, REFIID iid, void **ret_object);
    /* A thread that serves providers is in the multithreaded apartment meanwhile. */
    void (*enter_apartment)(void);
    void (*leave_apartment)(void);
    /* Calls function(arg) and answers its result, RPC_E_SERVERFAULT when it let a C++ exception
     * out (Windows: what a caller of another process gets). */
    HRESULT (*call)(HRESULT (*function)(void *arg), void *arg);
    void (*free_unused)(void); /* CoFreeUnusedLibraries */
};
