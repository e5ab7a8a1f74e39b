/* SPDX-License-Identifier: MIT */
/* A writer program with many threads that meet at all that Windows and C++ have for it, while
 * it is backed up. What each of them did, and when, goes to standard output. Usage: crowd N */
#include <windows.h>

#include <vss.h>
#include <vswriter.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

static const GUID CROWD_ID = { 0xc703d, 1, 2, { 3 } };
static const int ROUNDS = 6;

static CRITICAL_SECTION section;
static SRWLOCK srw = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static HANDLE stop, finished, ping, pool;
static LONG counter;
static std::mutex log_mutex, meeting;
static std::condition_variable met;
static std::string log_text;
static int n_frozen;
static thread_local int rounds_of_thread;

static void say(int who, const char *what)
{
    char line[100];

    std::snprintf(line, sizeof(line), "%llu %d %s %d\n", (unsigned long long)GetTickCount64(), who,
                  what, rounds_of_thread);
    std::lock_guard<std::mutex> guard(log_mutex);
    log_text += line;
}

static void write_file(int who)
{
    std::wstring path = L"C:\\crowd\\" + std::to_wstring(who);
    DWORD n;
    HANDLE file = CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS, 0, nullptr);

    SetFilePointer(file, 0, nullptr, FILE_END);
    WriteFile(file, "round\n", 6, &n, nullptr);
    CloseHandle(file);
}

static void meet(int who, int i)
{
    switch ((who + i) % 7) {
    case 0:
        EnterCriticalSection(&section);
        Sleep(1);
        LeaveCriticalSection(&section);
        break;
    case 1:
        AcquireSRWLockShared(&srw);
        SleepConditionVariableSRW(&changed, &srw, 2, CONDITION_VARIABLE_LOCKMODE_SHARED);
        ReleaseSRWLockShared(&srw);
        break;
    case 2:
        InterlockedIncrement(&counter);
        SetEvent(ping);
        WakeConditionVariable(&changed);
        break;
    case 3:
        say(who, WaitForSingleObject(ping, 3) == WAIT_OBJECT_0 ? "pinged" : "not pinged");
        break;
    case 4: {
        std::unique_lock<std::mutex> lock(meeting);
        say(who, met.wait_for(lock, std::chrono::milliseconds(2)) == std::cv_status::timeout
                     ? "alone"
                     : "met");
        break;
    }
    case 5:
        met.notify_one();
        write_file(who);
        break;
    default:
        WaitForSingleObject(pool, INFINITE);
        std::this_thread::yield();
        ReleaseSemaphore(pool, 1, nullptr);
    }
}

static void work(int who)
{
    for (int i = 0; i < ROUNDS; i++) {
        rounds_of_thread++;
        meet(who, i);
        say(who, "round");
        std::this_thread::sleep_for(std::chrono::milliseconds(100 * (who % 3)));
    }
}

class Crowd : public CVssWriter
{
  public:
    bool STDMETHODCALLTYPE OnIdentify(IVssCreateWriterMetadata *metadata) override
    {
        return SUCCEEDED(metadata->AddComponent(VSS_CT_FILEGROUP, NULL, L"Crowd", NULL, NULL, 0,
                                                false, false, true, false)) &&
               SUCCEEDED(
                   metadata->AddFilesToFileGroup(NULL, L"Crowd", L"C:\\crowd", L"*", false, NULL));
    }
    bool STDMETHODCALLTYPE OnPrepareSnapshot() override { return true; }
    bool STDMETHODCALLTYPE OnFreeze() override
    {
        EnterCriticalSection(&section);
        say(-1, "freeze");
        n_frozen++;
        LeaveCriticalSection(&section);
        return true;
    }
    bool STDMETHODCALLTYPE OnThaw() override
    {
        say(-1, "thaw");
        return true;
    }
    bool STDMETHODCALLTYPE OnAbort() override { return OnThaw(); }
};

static BOOL WINAPI on_control(DWORD)
{
    SetEvent(stop);
    WaitForSingleObject(finished, INFINITE);
    return TRUE;
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? std::atoi(argv[1]) : 2;
    std::vector<std::thread> threads;

    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    InitializeCriticalSection(&section);
    stop = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    finished = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    ping = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    pool = CreateSemaphoreW(nullptr, 2, 2, nullptr);
    SetConsoleCtrlHandler(on_control, TRUE);
    CreateDirectoryW(L"C:\\crowd", nullptr);
    for (int i = 0; i < n; i++)
        threads.emplace_back(work, i);
    {
        Crowd writer;
        if (FAILED(writer.Initialize(CROWD_ID, L"Crowd", VSS_UT_USERDATA, VSS_ST_OTHER)) ||
            FAILED(writer.Subscribe()))
            return 2;
        WaitForSingleObject(stop, INFINITE);
        writer.Unsubscribe();
    }
    for (auto &thread : threads)
        thread.join();
    std::printf("%sfrozen %d times, counted %d\n", log_text.c_str(), n_frozen, (int)counter);
    CoUninitialize();
    SetEvent(finished);
    return 0;
}
