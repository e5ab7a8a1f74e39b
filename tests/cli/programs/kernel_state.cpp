// SPDX-License-Identifier: MIT
// What the kernel keeps for each thread: signal mask, alternative stack, name, priority. The
// argument says what is tried; exit code 0: all is as it should be, 9: it is not.
#include "trying.hpp"

#include <windows.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

// ---- masks ----

static bool IsMaskOnly(const sigset_t &mask, int wanted)
{
    for (int number = 1; number < SIGRTMIN; number++) {
        if (sigismember(&mask, number) != (number == wanted))
            return false;
    }
    return true;
}

// What the kernel says, and what a child inherits.
static bool IsBlockedOnly(int wanted)
{
    char script[160];
    sigset_t now;

    if (pthread_sigmask(SIG_SETMASK, nullptr, &now) != 0 || !IsMaskOnly(now, wanted))
        return false;
    snprintf(script, sizeof(script),
             "while read -r name value; do case $name$value in SigBlk:*%08x) exit 0;; esac; done "
             "</proc/self/status; exit 1",
             wanted ? 1U << (wanted - 1) : 0U);
    return WEXITSTATUS(system(script)) == 0;
}

// Each kind of call after which a thread has one of the kernel's for itself.
static void ExactMask(void (*leave)())
{
    static std::atomic<bool> is_over;
    static void (*call)();
    std::thread other([] {
        while (!is_over)
            LetOthers();
        Check(IsBlockedOnly(0));
    });

    call = leave;
    std::thread([] {
        LetOthers();
        call();
        Check(IsBlockedOnly(0));
        LetOthers();
        Check(IsBlockedOnly(0));
    }).join();
    is_over = true;
    other.join();
    Check(IsBlockedOnly(0));
}

static void OwnMask()
{
    std::thread([] {
        sigset_t one;

        LetOthers();
        sigemptyset(&one);
        sigaddset(&one, SIGUSR2);
        Check(sigprocmask(SIG_BLOCK, &one, nullptr) == 0);
        Check(IsBlockedOnly(SIGUSR2));
        std::thread([] {
            LetOthers();
            Check(IsBlockedOnly(SIGUSR2)); // inherited
        }).join();
    }).join();
    Check(IsBlockedOnly(0));
}

static void SetOwnStack()
{
    static char memory[65536];
    stack_t stack = {};

    stack.ss_sp = memory;
    stack.ss_size = sizeof(memory);
    Check(sigaltstack(&stack, nullptr) == 0);
}

static void MaskOfAttributes()
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t one;

    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    pthread_attr_init(&attributes);
    pthread_attr_setsigmask_np(&attributes, &one);
    pthread_create(
        &thread, &attributes,
        [](void *) -> void * {
            LetOthers();
            Check(IsBlockedOnly(SIGUSR1));
            return nullptr;
        },
        nullptr);
    LetOthers();
    Check(IsBlockedOnly(0));
    pthread_join(thread, nullptr);
}

static std::atomic<int> n_kills;

static void KillSelf()
{
    std::signal(SIGUSR1, [](int) { n_kills++; });
    std::thread([] {
        LetOthers();
        pthread_kill(pthread_self(), SIGUSR1);
        Check(n_kills == 1);
    }).join();
}

static void IdentityBesideStack()
{
    std::atomic<bool> is_over{ false };
    std::thread other([&is_over] {
        SetOwnStack();
        while (!is_over)
            LetOthers();
    });

    LetOthers();
    Check(setuid(getuid()) == 0);
    is_over = true;
    other.join();
}

static sigjmp_buf way_out;

static int Overflow(int n)
{
    volatile char room[4096];

    room[0] = static_cast<char>(n);
    return Overflow(n + 1) + room[0];
}

static void OverflowHandled()
{
    std::thread([] {
        struct sigaction action = {};
        static std::atomic<bool> is_hit;

        SetOwnStack();
        action.sa_handler = [](int) {
            is_hit = true;
            siglongjmp(way_out, 1);
        };
        action.sa_flags = SA_ONSTACK;
        sigaction(SIGSEGV, &action, nullptr);
        if (!sigsetjmp(way_out, 1))
            Overflow(0);
        LetOthers();
        Check(is_hit && IsBlockedOnly(0));
    }).join();
}

// ---- names, priorities ----

static bool IsNamed(const char *wanted)
{
    char by_thread[32] = "", by_kernel[32] = "";

    pthread_getname_np(pthread_self(), by_thread, sizeof(by_thread));
    prctl(PR_GET_NAME, by_kernel);
    return strcmp(by_thread, wanted) == 0 && strcmp(by_kernel, wanted) == 0;
}

static void Names()
{
    static std::atomic<bool> is_named;

    pthread_setname_np(pthread_self(), "first");
    std::thread second([] {
        while (!is_named)
            LetOthers();
        Check(IsNamed("second"));
        prctl(PR_SET_NAME, "third");
        Check(IsNamed("third"));
        syscall(SYS_prctl, PR_SET_NAME, "fourth");
        LetOthers();
        Check(IsNamed("fourth"));
    });

    LetOthers();
    pthread_setname_np(second.native_handle(), "second");
    is_named = true;
    second.join();
    Check(IsNamed("first"));
}

static void Priorities()
{
    static const int before = getpriority(PRIO_PROCESS, 0);

    std::thread([] {
        LetOthers();
        Check(setpriority(PRIO_PROCESS, 0, before + 1) == 0);
        LetOthers();
        Check(getpriority(PRIO_PROCESS, 0) == before + 1);
        Check(nice(1) == before + 2);
    }).join();
    Check(getpriority(PRIO_PROCESS, 0) == before);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)();
    } rows[] = {
        { "mask-of-stack", [] { ExactMask(SetOwnStack); } },
        { "mask-of-name", [] { ExactMask([] { pthread_setname_np(pthread_self(), "other"); }); } },
        { "mask-of-kill", [] { ExactMask([] { pthread_kill(pthread_self(), SIGWINCH); }); } },
        { "own-mask", OwnMask },
        { "mask-of-attributes", MaskOfAttributes },
        { "kill-self", KillSelf },
        { "identity-beside-stack", IdentityBesideStack },
        { "overflow-handled", OverflowHandled },
        { "names", Names },
        { "priorities", Priorities },
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
