/* SPDX-License-Identifier: MIT */
/* Each call below is a switch point on entry and on return: on a virtual clock it counts at least
 * two; a sleep, a yield and a look at a clock are one as a whole. On the real clock (any argument)
 * nothing counts. Prints what does not do so. */
#include <windows.h>

#include <vssemu.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <shared_mutex>
#include <unistd.h>

static CRITICAL_SECTION section;
static SRWLOCK srw = SRWLOCK_INIT;
static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static LONG number;
static LONGLONG long_number;
static SHORT short_number;
static void *pointer;
static HANDLE event, mutex, semaphore, timer, file, thread;
static LARGE_INTEGER never;
static WCHAR text[MAX_PATH];
static char bytes[16];
static DWORD n;
static SLIST_HEADER slist;
static IVssBackupComponents *components;
static std::mutex std_mutex;
static std::shared_mutex std_shared;
static std::condition_variable std_condition;
static pthread_mutex_t p_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t p_rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t p_semaphore;
static DWORD WINAPI do_nothing(void *)
{
    return 0;
}

struct call {
    const char *name;
    unsigned wanted;
    void (*make)();
};

#define CALL(...)                            \
    {                                        \
#__VA_ARGS__, 2, [] { __VA_ARGS__; } \
    }
/* Taking a lock and giving it back: one before, one while it is held, one behind. */
#define PAIR(...)                            \
    {                                        \
#__VA_ARGS__, 3, [] { __VA_ARGS__; } \
    }

static const call calls[] = {
    PAIR(EnterCriticalSection(&section); LeaveCriticalSection(&section)),
    PAIR(TryEnterCriticalSection(&section); LeaveCriticalSection(&section)),
    PAIR(AcquireSRWLockExclusive(&srw); ReleaseSRWLockExclusive(&srw)),
    PAIR(AcquireSRWLockShared(&srw); ReleaseSRWLockShared(&srw)),
    CALL(WakeConditionVariable(&condition)),
    CALL(WakeAllConditionVariable(&condition)),
    CALL(SleepConditionVariableSRW((AcquireSRWLockShared(&srw), &condition), &srw, 1,
                                   CONDITION_VARIABLE_LOCKMODE_SHARED);
         ReleaseSRWLockShared(&srw)),
    CALL(BOOL pending; InitOnceBeginInitialize(&once, 0, &pending, nullptr);
         InitOnceComplete(&once, 0, nullptr)),
    CALL(InterlockedIncrement(&number)),
    CALL(InterlockedDecrement(&number)),
    CALL(InterlockedExchange(&number, 1)),
    CALL(InterlockedExchangeAdd(&number, 1)),
    CALL(InterlockedCompareExchange(&number, 1, 2)),
    CALL(InterlockedAnd(&number, 1)),
    CALL(InterlockedOr(&number, 1)),
    CALL(InterlockedXor(&number, 1)),
    CALL(InterlockedIncrement64(&long_number)),
    CALL(InterlockedCompareExchange64(&long_number, 1, 2)),
    CALL(InterlockedExchange64(&long_number, 1)),
    CALL(InterlockedIncrement16(&short_number)),
    CALL(InterlockedExchangePointer(&pointer, nullptr)),
    CALL(InterlockedCompareExchangePointer(&pointer, nullptr, nullptr)),
    CALL(InterlockedBitTestAndSet(&number, 3)),
    CALL(InterlockedIncrementAcquire(&number)),
    CALL(InterlockedFlushSList(&slist)),
    CALL(SetEvent(event)),
    CALL(ResetEvent(event)),
    CALL(PulseEvent(event)),
    CALL(WaitForSingleObject(event, 0)),
    CALL(WaitForSingleObject(event, 1)),
    CALL(HANDLE two[] = { event, mutex }; WaitForMultipleObjects(2, two, FALSE, 0)),
    CALL(WaitForSingleObject(mutex, 0); ReleaseMutex(mutex)),
    CALL(ReleaseSemaphore(semaphore, 1, nullptr)),
    CALL(SetWaitableTimer(timer, &never, 0, nullptr, nullptr, FALSE)),
    CALL(CancelWaitableTimer(timer)),
    CALL(SignalObjectAndWait(event, event, 0, FALSE)),
    { "Sleep(0)", 1, [] { Sleep(0); } },
    { "Sleep", 1, [] { Sleep(1); } },
    CALL(SleepEx(1, TRUE)),
    { "SwitchToThread", 1, [] { SwitchToThread(); } },
    { "GetTickCount64", 1, [] { GetTickCount64(); } },
    { "GetSystemTime", 1,
      [] {
          SYSTEMTIME now;
          GetSystemTime(&now);
      } },
    { "QueryPerformanceCounter", 1, [] { QueryPerformanceCounter(&never); } },
    CALL(HANDLE thread = CreateThread(nullptr, 0, do_nothing, nullptr, 0, nullptr);
         WaitForSingleObject(thread, INFINITE); CloseHandle(thread)),
    CALL(CloseHandle(CreateEventW(nullptr, FALSE, FALSE, nullptr))),
    CALL(WriteFile(file, bytes, 4, &n, nullptr)),
    CALL(SetFilePointer(file, 0, nullptr, FILE_BEGIN)),
    CALL(ReadFile(file, bytes, 4, &n, nullptr)),
    CALL(FlushFileBuffers(file)),
    CALL(GetFileSize(file, nullptr)),
    CALL(SetEndOfFile(file)),
    CALL(GetFileAttributesW(L"C:\\a.txt")),
    CALL(MoveFileW(L"C:\\none", L"C:\\other")),
    CALL(DeleteFileW(L"C:\\none")),
    CALL(CreateDirectoryW(L"C:\\dir", nullptr)),
    CALL(RemoveDirectoryW(L"C:\\dir")),
    CALL(CopyFileW(L"C:\\a.txt", L"C:\\b.txt", FALSE)),
    CALL(WIN32_FIND_DATAW found; FindClose(FindFirstFileW(L"C:\\*", &found))),
    CALL(GetVolumeNameForVolumeMountPointW(L"C:\\", text, MAX_PATH)),
    CALL(components->SetContext(VSS_CTX_BACKUP)),
    CALL(components->SetBackupState(true, false, VSS_BT_FULL, false)),
    CALL(VSS_ID id; components->StartSnapshotSet(&id)),
    CALL(IVssAsync *async = nullptr; if (components->GatherWriterMetadata(&async) == S_OK) {
        async->Wait(INFINITE);
        async->Release();
    }),
    PAIR(std::lock_guard<std::mutex> guard(std_mutex)),
    PAIR(std::shared_lock<std::shared_mutex> guard(std_shared)),
    { "notify_one", 1, [] { std_condition.notify_one(); } },
    PAIR(pthread_mutex_lock(&p_mutex); pthread_mutex_unlock(&p_mutex)),
    PAIR(pthread_mutex_trylock(&p_mutex); pthread_mutex_unlock(&p_mutex)),
    PAIR(pthread_rwlock_rdlock(&p_rwlock); pthread_rwlock_unlock(&p_rwlock)),
    CALL(sem_post(&p_semaphore); sem_wait(&p_semaphore)),
    { "usleep", 1, [] { usleep(1); } },
    { "clock_gettime", 1,
      [] {
          timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
      } },
};

static void prepare(struct vssemu_world *world)
{
    vssemu_add_volume(world, "C:", nullptr);
    vssemu_file_write(world, "C:\\a.txt", "hello", 5);
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    CreateVssBackupComponents(&components);
    components->InitializeForBackup(nullptr);
    event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    mutex = CreateMutexW(nullptr, FALSE, nullptr);
    semaphore = CreateSemaphoreW(nullptr, 0, 100, nullptr);
    timer = CreateWaitableTimerW(nullptr, FALSE, nullptr);
    never.QuadPart = -1000000000;
    file = CreateFileW(L"C:\\a.txt", GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0,
                       nullptr);
    /* A thread of the test's own: from now on there are turns. */
    thread = CreateThread(nullptr, 0, do_nothing, nullptr, 0, nullptr);
    WaitForSingleObject(thread, INFINITE);
}

static unsigned check(struct vssemu_world *world)
{
    unsigned n_bad = 0;

    for (const call &c : calls) {
        uint64_t before = vssemu_switch_points(world);

        c.make();
        uint64_t passed = vssemu_switch_points(world) - before;
        if (passed < c.wanted) {
            std::printf("%llu instead of %u: %s\n", (unsigned long long)passed, c.wanted, c.name);
            n_bad++;
        }
    }
    return n_bad;
}

int main(int argc, char **)
{
    bool is_real = argc > 1;
    struct vssemu_options options = {};

    options.seed = 1;
    options.real_clock = is_real;
    struct vssemu_world *world = vssemu_world_new(&options);
    InitializeCriticalSection(&section);
    InitializeSListHead(&slist);
    sem_init(&p_semaphore, 0, 0);
    prepare(world);
    unsigned n_bad = check(world);
    std::printf("%zu calls, %u lack a switch point\n", sizeof(calls) / sizeof(calls[0]), n_bad);
    if (is_real)
        n_bad = n_bad != sizeof(calls) / sizeof(calls[0]); /* nothing counts there */
    CloseHandle(file);
    components->Release();
    CloseHandle(thread);
    vssemu_world_free(world);
    return n_bad != 0;
}
