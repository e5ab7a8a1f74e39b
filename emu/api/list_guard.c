/* SPDX-License-Identifier: MIT */
#include "emu/api/list_guard.h"

#include "emu/api/guard.h"

HRESULT list_guard(enum enumerator_call called)
{
    static const enum api_method methods[] = {
        [ENUMERATOR_NEXT] = API_IVssEnumObject_Next,
        [ENUMERATOR_SKIP] = API_IVssEnumObject_Skip,
        [ENUMERATOR_RESET] = API_IVssEnumObject_Reset,
        [ENUMERATOR_CLONE] = API_IVssEnumObject_Clone,
    };

    return guard(methods[called]);
}

HRESULT mgmt_list_guard(enum enumerator_call called)
{
    static const enum api_method methods[] = {
        [ENUMERATOR_NEXT] = API_IVssEnumMgmtObject_Next,
        [ENUMERATOR_SKIP] = API_IVssEnumMgmtObject_Skip,
        [ENUMERATOR_RESET] = API_IVssEnumMgmtObject_Reset,
        [ENUMERATOR_CLONE] = API_IVssEnumMgmtObject_Clone,
    };

    return guard(methods[called]);
}
