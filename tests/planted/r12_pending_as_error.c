/* SPDX-License-Identifier: MIT */
/* A backup that shows a dot for each second it waits. The bug: an operation that is still running
 * after the first minute counts as failed, and the session is thrown away under it. */
#include <windows.h>
#include "kit/requester.h"

static HRESULT WaitWithDots(IVssAsync *operation)
{
    HRESULT result = VSS_S_ASYNC_PENDING;
    HRESULT hr = S_OK;

    for (int i = 0; result == VSS_S_ASYNC_PENDING && SUCCEEDED(hr); i++) {
        hr = IVssAsync_Wait(operation, 1000);
        if (hr == E_INVALIDARG) /* Windows Server 2003 */
            hr = IVssAsync_Wait(operation, INFINITE);
        if (SUCCEEDED(hr))
            hr = IVssAsync_QueryStatus(operation, &result, NULL);
        wprintf(L".");
#ifdef PLANTED
        if (i == 60)
            break;
#else
        if (i == 15 * 60)
            IVssAsync_Cancel(operation);
        if (i == 16 * 60)
            break;
#endif
    }
    wprintf(L"\n");
    if (FAILED(hr))
        return hr;
    return result == VSS_S_ASYNC_FINISHED ? S_OK : result;
}

#define RUN_DOTS(r, method) RunDots(L"" #method, (r)->backup, (r)->backup->lpVtbl->method)
static BOOL RunDots(const WCHAR *name, IVssBackupComponents *backup,
                    HRESULT(STDMETHODCALLTYPE *method)(IVssBackupComponents *, IVssAsync **))
{
    IVssAsync *operation = NULL;
    HRESULT hr = method(backup, &operation);

    if (SUCCEEDED(hr)) {
        hr = WaitWithDots(operation);
        IVssAsync_Release(operation);
    }
    Say(name, hr);
    return hr == S_OK;
}

static BOOL Backup(struct Requester *r)
{
    if (!Open(r, VSS_BT_FULL) || !Choose(r) || !StartSet(r) || !AddVolumes(r))
        return Abort(r);
    if (!RUN_DOTS(r, PrepareForBackup)) {
#ifdef PLANTED
        return FALSE; /* it has failed, there is nothing to abort */
#else
        return Abort(r);
#endif
    }
    if (!WritersAreWell(r) || !RUN_DOTS(r, DoSnapshotSet) || !WritersAreWell(r) || !FindDevices(r))
        return Abort(r);
    return EndBackup(r, CopyAll(r));
}

int wmain(void)
{
    return RequesterMain(Backup);
}
