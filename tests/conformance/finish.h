// SPDX-License-Identifier: MIT
// An asynchronous method from its call to its good end. For the conformance programs in C++, behind
// Windows's own headers.
#pragma once

#include "expect.h"

#define FINISH(backup, method)                             \
    do {                                                   \
        IVssAsync *async = NULL;                           \
        HRESULT result = E_FAIL;                           \
        EXPECT((backup)->method(&async) == S_OK);          \
        EXPECT(async->Wait() == S_OK);                     \
        EXPECT(async->QueryStatus(&result, NULL) == S_OK); \
        EXPECT(result == VSS_S_ASYNC_FINISHED);            \
        EXPECT(async->Release() == 0);                     \
    } while (0)
