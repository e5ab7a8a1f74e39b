/* SPDX-License-Identifier: MIT */
/* Programs that cannot go on, each in its way, and loops that look so and end. Usage: stuck WAY. */
#include <windows.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <unistd.h>

static CRITICAL_SECTION sections[2];
static SRWLOCK srw = SRWLOCK_INIT;
static HANDLE mutex, event, thread;
static volatile bool is_set;

static DWORD WINAPI second_then_first(void *)
{
    SetThreadDescription(GetCurrentThread(), L"Backwards");
    EnterCriticalSection(&sections[1]);
    Sleep(1000);
    EnterCriticalSection(&sections[0]);
    return 0;
}

static void wait_in_a_circle()
{
    thread = CreateThread(nullptr, 0, second_then_first, nullptr, 0, nullptr);
    EnterCriticalSection(&sections[0]);
    Sleep(1000);
    EnterCriticalSection(&sections[1]);
}

static DWORD WINAPI keep_all(void *)
{
    WaitForSingleObject(mutex, INFINITE);
    AcquireSRWLockShared(&srw);
    SetEvent(event);
    WaitForSingleObject(event, INFINITE); /* its own signal, or for ever */
    WaitForSingleObject(event, INFINITE);
    return 0;
}

static DWORD WINAPI want_lock(void *)
{
    AcquireSRWLockExclusive(&srw);
    return 0;
}

static void wait_for_objects()
{
    thread = CreateThread(nullptr, 0, keep_all, nullptr, 0, nullptr);
    Sleep(1000);
    CreateThread(nullptr, 0, want_lock, nullptr, 0, nullptr);
    Sleep(1000);
    WaitForSingleObject(mutex, INFINITE);
}

static DWORD WINAPI end_with_mutexes(void *)
{
    EnterCriticalSection(&sections[0]);
    return 0;
}

static void wait_for_the_dead()
{
    thread = CreateThread(nullptr, 0, end_with_mutexes, nullptr, 0, nullptr);
    WaitForSingleObject(thread, INFINITE);
    EnterCriticalSection(&sections[0]);
}

static void yield_for_ever()
{
    while (!is_set)
        Sleep(0);
}

static DWORD WINAPI sleep_a_while(void *)
{
    Sleep(1000);
    return 0;
}

static void compute_for_ever()
{
    thread = CreateThread(nullptr, 0, sleep_a_while, nullptr, 0, nullptr);
    while (!is_set) {
    }
}

static void block_in_the_kernel()
{
    int ends[2];
    char byte;

    thread = CreateThread(nullptr, 0, sleep_a_while, nullptr, 0, nullptr);
    if (pipe(ends) == 0)
        (void)!read(ends[0], &byte, 1);
}

/* ---- these end ---- */

static void loop_until_ten_minutes_have_passed()
{
    ULONGLONG end = GetTickCount64() + 600000;

    while (GetTickCount64() < end) {
    }
    std::printf("ten minutes\n");
}

static void loop_on_the_clock_of_c()
{
    std::time_t end = std::time(nullptr) + 60;

    while (std::time(nullptr) < end)
        SwitchToThread();
    std::printf("a minute\n");
}

static DWORD WINAPI set_it(void *)
{
    Sleep(500);
    is_set = true;
    return 0;
}

static void loop_until_another_one_sets_it()
{
    thread = CreateThread(nullptr, 0, set_it, nullptr, 0, nullptr);
    while (!is_set)
        Sleep(0);
    std::printf("set\n");
}

static void compute_for_a_while()
{
    std::clock_t begin = std::clock();
    volatile unsigned sum = 0;

    (void)begin;
    thread = CreateThread(nullptr, 0, sleep_a_while, nullptr, 0, nullptr);
    for (unsigned i = 0; i < 100000000; i++)
        sum = sum + i;
    std::printf("computed\n");
}

static const struct {
    const char *name;
    void (*run)();
} ways[] = {
    { "circle", wait_in_a_circle },
    { "objects", wait_for_objects },
    { "dead", wait_for_the_dead },
    { "yields", yield_for_ever },
    { "computes", compute_for_ever },
    { "blocks", block_in_the_kernel },
    { "ten-minutes", loop_until_ten_minutes_have_passed },
    { "minute", loop_on_the_clock_of_c },
    { "set", loop_until_another_one_sets_it },
    { "busy", compute_for_a_while },
};

int main(int argc, char **argv)
{
    InitializeCriticalSection(&sections[0]);
    InitializeCriticalSection(&sections[1]);
    mutex = CreateMutexW(nullptr, FALSE, L"Local\\The Mutex");
    event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    for (const auto &way : ways) {
        if (argc > 1 && std::strcmp(argv[1], way.name) == 0)
            way.run();
    }
    return 0;
}
