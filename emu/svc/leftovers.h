/* SPDX-License-Identifier: MIT */
/* Snapshots that the program made to be kept and did not delete (emu/lint). */
#pragma once

struct service;

/* A finding for each; answers how many. Inside the service, when the program has ended. */
unsigned leftovers_find(struct service *service);
