/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Overlapped calls whose completion a thread pool calls back. Learn: "CreateThreadpoolIo",
 * "StartThreadpoolIo", "WaitForThreadpoolIoCallbacks". */
#include "say.h"

static volatile LONG n_calls, n_bytes, n_errors;

static void CALLBACK completed(PTP_CALLBACK_INSTANCE instance, void *context, void *overlapped,
                               ULONG result, ULONG_PTR bytes, PTP_IO io)
{
    (void)instance;
    (void)context;
    (void)overlapped;
    (void)io;
    InterlockedIncrement(&n_calls);
    InterlockedExchangeAdd(&n_bytes, (LONG)bytes);
    if (result != NO_ERROR)
        InterlockedIncrement(&n_errors);
}

int wmain(void)
{
    static OVERLAPPED calls[4];
    static char text[4][100];
    HANDLE file = CreateFileW(L"V:\\pool_io.bin", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                              CREATE_ALWAYS, FILE_FLAG_OVERLAPPED, NULL);
    PTP_IO io = CreateThreadpoolIo(file, completed, NULL, NULL);

    say("made: %s", io ? "yes" : "no");
    for (int i = 0; i < 4; i++) {
        calls[i].Offset = (DWORD)i * 100;
        StartThreadpoolIo(io);
        if (!WriteFile(file, text[i], 100, NULL, &calls[i]) && GetLastError() != ERROR_IO_PENDING)
            CancelThreadpoolIo(io);
    }
    WaitForThreadpoolIoCallbacks(io, FALSE);
    say("calls %d, bytes %d, errors %d", (int)n_calls, (int)n_bytes, (int)n_errors);
    calls[0].Offset = 250;
    StartThreadpoolIo(io);
    if (!ReadFile(file, text[0], 100, NULL, &calls[0]) && GetLastError() != ERROR_IO_PENDING)
        CancelThreadpoolIo(io);
    WaitForThreadpoolIoCallbacks(io, FALSE);
    say("calls %d, bytes %d", (int)n_calls, (int)n_bytes);
    CloseThreadpoolIo(io);
    CloseHandle(file);
    SAY_BOOL(DeleteFileW(L"V:\\pool_io.bin"));
    return 0;
}
