/* SPDX-License-Identifier: MIT */
/* run: world V: */
/* Overlapped I/O on files, completion routines and completion ports. What is pending on one system
 * may be over at once on another: `read_all` and the like hide that, as programs do. */
#include "say.h"

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static HANDLE file, event;
static char buffer[64];
static DWORD n;

static HANDLE open_overlapped(DWORD disposition)
{
    return CreateFileW(L"V:\\file", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, NULL, disposition,
                       FILE_FLAG_OVERLAPPED, NULL);
}

static OVERLAPPED at(DWORD offset)
{
    OVERLAPPED overlapped = { 0 };

    overlapped.Offset = offset;
    return overlapped;
}

/* Whatever way it ends: "done 5", "error 38". */
static void say_end(const char *what, BOOL result, OVERLAPPED *overlapped)
{
    DWORD error = GetLastError();

    if (!result && error == ERROR_IO_PENDING) {
        result = GetOverlappedResult(file, overlapped, &n, TRUE);
        error = GetLastError();
    } else if (result) {
        result = GetOverlappedResult(file, overlapped, &n, FALSE);
        error = GetLastError();
    }
    if (result)
        say("%s: done %u", what, (unsigned)n);
    else
        say("%s: error %u", what, (unsigned)error);
}

static void reads_and_writes(void)
{
    OVERLAPPED first = at(0), second = at(5), third = at(100);

    say("-- reading and writing");
    SAY_HANDLE(file = open_overlapped(CREATE_ALWAYS));
    say_end("write", WriteFile(file, "hello world", 11, NULL, &first), &first);
    SAY_NUMBER(HasOverlappedIoCompleted(&first) ? 1 : 0);
    say_end("read", ReadFile(file, buffer, 5, NULL, &first), &first);
    SAY_NARROW_N(buffer, 5);
    say_end("read further", ReadFile(file, buffer, 64, NULL, &second), &second);
    SAY_NARROW_N(buffer, n);
    say_end("read behind the end", ReadFile(file, buffer, 5, NULL, &third), &third);
    say_end("read nothing", ReadFile(file, buffer, 0, NULL, &first), &first);
    SAY_BOOL(ReadFile(file, buffer, 5, &n, NULL));
    first = at(0);
    first.hEvent = event;
    SetEvent(event);
    say_end("with an event", ReadFile(file, buffer, 5, NULL, &first), &first);
    SAY_WAIT(WaitForSingleObject(event, 0));
    SAY_WAIT(WaitForSingleObject(file, INFINITE));
    first.Offset = first.OffsetHigh = 0xffffffff;
    say_end("append", WriteFile(file, "!", 1, NULL, &first), &first);
    SAY_COUNT(GetFileSize(file, NULL), INVALID_FILE_SIZE);
    SAY_BOOL(CancelIo(file));
    SAY_BOOL(CancelIoEx(file, &first));
    CloseHandle(file);
}

static void many(void)
{
    OVERLAPPED parts[16] = { 0 };
    HANDLE events[16];
    char data[16][8];
    DWORD sum = 0;

    say("-- sixteen at a time");
    file = open_overlapped(OPEN_EXISTING);
    for (DWORD i = 0; i < 16; i++) {
        memset(data[i], 'a' + (int)i, 8);
        events[i] = parts[i].hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
        parts[i].Offset = i * 8;
        WriteFile(file, data[i], 8, NULL, &parts[i]);
    }
    SAY_WAIT(WaitForMultipleObjects(16, events, TRUE, INFINITE));
    for (DWORD i = 0; i < 16; i++) {
        if (GetOverlappedResult(file, &parts[i], &n, FALSE))
            sum += n;
        CloseHandle(events[i]);
    }
    SAY_NUMBER(sum);
    parts[0] = at(60);
    say_end("read across two", ReadFile(file, buffer, 8, NULL, &parts[0]), &parts[0]);
    SAY_NARROW_N(buffer, 8);
    CloseHandle(file);
}

static void CALLBACK routine(DWORD error, DWORD count, OVERLAPPED *overlapped)
{
    say("routine: error %u, %u bytes, mark %u", (unsigned)error, (unsigned)count,
        (unsigned)(ULONG_PTR)overlapped->hEvent);
}

static void routines(void)
{
    OVERLAPPED first = at(0), second = at(1000);
    HANDLE plain;

    say("-- completion routines");
    file = open_overlapped(OPEN_EXISTING);
    first.hEvent = (HANDLE)42;
    SAY_BOOL(ReadFileEx(file, buffer, 5, &first, routine));
    SAY_WAIT(SleepEx(INFINITE, TRUE));
    ResetEvent(event);
    SAY_BOOL(WriteFileEx(file, "12", 2, &first, routine));
    SAY_WAIT(WaitForSingleObjectEx(event, INFINITE, TRUE) == WAIT_IO_COMPLETION ? WAIT_IO_COMPLETION
                                                                                : WAIT_TIMEOUT);
    SAY_BOOL(ReadFileEx(file, buffer, 5, &second, routine));
    SAY_WAIT(SleepEx(10, TRUE));
    SAY_WAIT(SleepEx(0, TRUE));
    CloseHandle(file);
    plain = CreateFileW(L"V:\\file", GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
    first = at(2);
    SAY_BOOL(ReadFile(plain, buffer, 4, &n, &first));
    SAY_NUMBER(n);
    SAY_BOOL(ReadFile(plain, buffer, 2, &n, NULL));
    SAY_NARROW_N(buffer, 2);
    CloseHandle(plain);
}

static void ports(void)
{
    OVERLAPPED first = at(0), *done = NULL;
    OVERLAPPED_ENTRY entries[4];
    ULONG_PTR key = 0;
    ULONG count = 0;
    HANDLE port, plain;

    say("-- completion ports");
    SAY_HANDLE(port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1));
    SAY_BOOL(GetQueuedCompletionStatus(port, &n, &key, &done, 0));
    SAY_BOOL(PostQueuedCompletionStatus(port, 7, 8, (OVERLAPPED *)16));
    SAY_BOOL(GetQueuedCompletionStatus(port, &n, &key, &done, INFINITE));
    say("%u bytes, key %u, overlapped %u", (unsigned)n, (unsigned)key, (unsigned)(ULONG_PTR)done);
    file = open_overlapped(OPEN_EXISTING);
    SAY_NUMBER(CreateIoCompletionPort(file, port, 77, 0) == port);
    SAY_HANDLE(CreateIoCompletionPort(file, port, 78, 0));
    ReadFile(file, buffer, 5, NULL, &first);
    SAY_BOOL(GetQueuedCompletionStatus(port, &n, &key, &done, INFINITE));
    say("%u bytes, key %u, the one: %d", (unsigned)n, (unsigned)key, done == &first);
    first.hEvent = (HANDLE)((ULONG_PTR)event | 1);
    say_end("kept from the port", ReadFile(file, buffer, 5, NULL, &first), &first);
    SAY_BOOL(GetQueuedCompletionStatus(port, &n, &key, &done, 0));
    SAY_BOOL(PostQueuedCompletionStatus(port, 1, 1, NULL));
    SAY_BOOL(PostQueuedCompletionStatus(port, 2, 2, NULL));
    SAY_BOOL(GetQueuedCompletionStatusEx(port, entries, 4, &count, INFINITE, FALSE));
    say("%u entries, %u then %u", (unsigned)count, (unsigned)entries[0].lpCompletionKey,
        (unsigned)entries[1].lpCompletionKey);
    SAY_BOOL(GetQueuedCompletionStatusEx(port, entries, 4, &count, 0, FALSE));
    plain = CreateFileW(L"V:\\file", GENERIC_READ, SHARE_ALL, NULL, OPEN_EXISTING, 0, NULL);
    SAY_HANDLE(CreateIoCompletionPort(plain, port, 1, 0));
    SAY_HANDLE(CreateIoCompletionPort(NULL, port, 1, 0));
    SAY_HANDLE(CreateIoCompletionPort(INVALID_HANDLE_VALUE, port, 1, 0));
    CloseHandle(plain);
    CloseHandle(file);
    CloseHandle(port);
}

int wmain(void)
{
    event = CreateEventW(NULL, TRUE, FALSE, NULL);
    reads_and_writes();
    many();
    routines();
    ports();
    CloseHandle(event);
    DeleteFileW(L"V:\\file");
    return 0;
}
