/* SPDX-License-Identifier: MIT */
/* ATL for servers of COM: objects, maps of interfaces, class factories (Learn: "CComObjectRootEx
 * Class", "CComObject Class", "COM Map Macros", "CComCoClass Class"). */
#pragma once

#ifdef __cplusplus

#include <atlbase.h>
#include <vssemu/atl_threads.h>
#include <vssemu/atl_maps.h>
#include <vssemu/atl_objects.h>
#include <vssemu/atl_classes.h>
#include <vssemu/atl_dispatch.h>

#ifndef _ATL_NO_AUTOMATIC_NAMESPACE
using namespace ATL;
#endif

#endif
