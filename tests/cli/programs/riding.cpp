// SPDX-License-Identifier: MIT
// Threads that would notice if they were not quite threads. The argument says what is tried; exit
// code 0: all is as it should be, 9: it is not.
#include "trying.hpp"

#include <windows.h>

#include <atomic>
#include <cfenv>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <pthread.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <time.h>
#include <unistd.h>
#include <vector>

static constexpr int N_THREADS = 3;
static constexpr int N_ROUNDS = 20;

static void StartAll(void (*main)(int))
{
    std::vector<std::thread> threads;

    for (int i = 0; i < N_THREADS; i++)
        threads.emplace_back(main, i);
    main(N_THREADS);
    for (std::thread &thread : threads)
        thread.join();
}

// ---- what belongs to a thread ----

struct Counted {
    static std::atomic<int> n_ended;
    int value = 0;
    ~Counted()
    {
        LetOthers();
        n_ended++;
    }
};
std::atomic<int> Counted::n_ended;
static thread_local Counted own;

static void UseOwn(int self)
{
    static std::recursive_mutex lock;

    for (int i = 0; i < N_ROUNDS; i++) {
        own.value++;
        errno = self;
        fesetround(self % 2 ? FE_UPWARD : FE_DOWNWARD);
        LetOthers();
        Check(errno == self && own.value == i + 1 &&
              fegetround() == (self % 2 ? FE_UPWARD : FE_DOWNWARD));
        std::lock_guard<std::recursive_mutex> outer(lock);
        std::lock_guard<std::recursive_mutex> inner(lock);
        LetOthers();
    }
    fesetround(FE_TONEAREST);
}

static void Own()
{
    StartAll(UseOwn);
    Check(Counted::n_ended == N_THREADS);
}

// ---- exceptions in flight ----

static void Throw(int self)
{
    for (int i = 0; i < N_ROUNDS; i++) {
        const std::string text = std::to_string(self) + " " + std::to_string(i);

        try {
            try {
                throw std::runtime_error(text);
            } catch (const std::exception &) {
                LetOthers();
                throw;
            }
        } catch (const std::exception &e) {
            LetOthers();
            Check(e.what() == text);
        }
    }
}

// ---- numbers ----

static void Numbers()
{
    static std::atomic<pid_t> numbers[N_THREADS + 1];

    StartAll([](int self) {
        numbers[self] = gettid();
        LetOthers();
        Check(numbers[self] == gettid());
    });
    for (int i = 0; i < N_THREADS; i++)
        Check(numbers[i] != numbers[i + 1] && numbers[i] != getpid());
    Check(numbers[N_THREADS] == getpid());
}

// ---- what the kernel keeps for each ----

static std::atomic<int> n_signals;

static void Masks()
{
    std::signal(SIGUSR1, [](int) { n_signals++; });
    StartAll([](int self) {
        sigset_t one, now;

        LetOthers();
        sigemptyset(&one);
        sigaddset(&one, SIGUSR1);
        if (self == 0)
            pthread_sigmask(SIG_BLOCK, &one, nullptr);
        for (int i = 0; i < N_ROUNDS; i++)
            LetOthers();
        pthread_sigmask(SIG_SETMASK, nullptr, &now);
        Check(sigismember(&now, SIGUSR1) == (self == 0));
    });
}

static void Kill()
{
    static pthread_t taker;
    static std::atomic<bool> is_ready, is_taken;

    std::signal(SIGUSR1, [](int) { is_taken = pthread_equal(pthread_self(), taker); });
    std::thread thread([] {
        taker = pthread_self();
        is_ready = true;
        while (!is_taken)
            LetOthers();
    });

    while (!is_ready)
        LetOthers();
    pthread_kill(thread.native_handle(), SIGUSR1);
    thread.join();
    Check(is_taken);
}

static void Identity()
{
    std::atomic<bool> is_over{ false };
    std::thread other([&is_over] {
        while (!is_over)
            LetOthers();
    });

    LetOthers();
    Check(setuid(getuid()) == 0);
    is_over = true;
    other.join();
}

// ---- endings ----

static void LastIsDetached()
{
    std::thread([] { LetOthers(); }).detach();
    pthread_exit(nullptr); // the process ends with the last thread: with 0
}

static void LastIsMain()
{
    std::thread([] { LetOthers(); }).detach();
    for (int i = 0; i < N_ROUNDS; i++)
        LetOthers();
    pthread_exit(nullptr);
}

static void *EndLast(void *)
{
    for (int i = 0; i < N_ROUNDS; i++)
        LetOthers();
    exit(0);
}

static void LeaveMain()
{
    pthread_t thread;

    pthread_create(&thread, nullptr, EndLast, nullptr);
    LetOthers();
    pthread_exit(nullptr);
}

static void Detached()
{
    static std::atomic<int> n_done;

    for (int i = 0; i < N_THREADS; i++)
        std::thread([] {
            own.value = 1;
            LetOthers();
            n_done++;
        }).detach();
    while (n_done < N_THREADS)
        LetOthers();
}

static void Cancelled()
{
    pthread_t thread;
    void *result;

    pthread_create(
        &thread, nullptr,
        [](void *) -> void * {
            for (;;)
                Sleep(1000);
        },
        nullptr);
    LetOthers();
    pthread_cancel(thread);
    pthread_join(thread, &result);
    Check(result == PTHREAD_CANCELED);
}

static void Exit()
{
    std::thread([] {
        LetOthers();
        exit(0);
    }).join();
}

static void Forks()
{
    std::thread([] {
        int status = 0;

        LetOthers();
        pid_t child = fork();
        if (child == 0)
            _exit(gettid() == getpid() ? 0 : WRONG);
        Check(waitpid(child, &status, 0) == child && status == 0);
    }).join();
}

static void Deadlock()
{
    static std::mutex locks[2];

    StartAll([](int self) {
        std::lock_guard<std::mutex> first(locks[self % 2]);
        Sleep(10);
        std::lock_guard<std::mutex> second(locks[1 - self % 2]);
    });
}

// Once: in its fourth run in a folder, which is the first that a search judges. All that come after
// it are short.
static void EndlessOnce()
{
    static const char *const runs[] = { "run1", "run2", "run3", "run4" };
    size_t n = 0;

    while (n < 4 && mkdir(runs[n], 0777) != 0)
        n++;
    std::thread([n] {
        LetOthers();
        for (volatile bool is_endless = n == 3; is_endless;)
            ;
    }).join();
}

// Each wait is short, all of them together are more than anybody has patience for.
static void Slow()
{
    for (;;) {
        timespec real = { 0, 1000000 };

        syscall(SYS_nanosleep, &real, nullptr);
        LetOthers();
    }
}

// Nothing of the program's own may be left out at the end: this fails on purpose.
struct Last {
    bool is_asked = false;
    ~Last()
    {
        if (is_asked)
            _exit(WRONG);
    }
};
static Last last;

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)();
    } rows[] = {
        { "own", Own },
        { "throw", [] { StartAll(Throw); } },
        { "numbers", Numbers },
        { "masks", Masks },
        { "kill", Kill },
        { "identity", Identity },
        { "leave-main", LeaveMain },
        { "last-is-detached", LastIsDetached },
        { "last-is-main", LastIsMain },
        { "detached", Detached },
        { "cancelled", Cancelled },
        { "exit", Exit },
        { "forks", Forks },
        { "deadlock", Deadlock },
        { "endless-once", EndlessOnce },
        { "slow", Slow },
        { "destructor-fails", [] { last.is_asked = true; } },
        { "handler-fails", [] { atexit([] { _exit(WRONG); }); } },
    };

    GetTickCount(); // it is linked with libvssapi
    for (const auto &row : rows) {
        if (argc > 1 && strcmp(row.name, argv[1]) == 0) {
            row.run();
            return 0;
        }
    }
    return WRONG;
}
