/* SPDX-License-Identifier: MIT */
/* The registered providers as IVssEnumObject, for IVssBackupComponents::Query and
 * IVssAdmin::QueryProviders. */
#pragma once

#include "emu/include/vss.h"

struct service;

/* Inside the service. Answers how many there are. */
size_t provider_list_new(struct service *service, IVssEnumObject **ret_enumerator);
