/* SPDX-License-Identifier: MIT */
/* Races without a call between the accesses, so that only accesses as switch points show them. Each
 * run is a world of its own. Prints in how many of them each showed, without `fine` and with it.
 * Usage: lost-update RUNS */
#include <windows.h>

#include <vssemu.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

static volatile int counter;
static int *volatile shared;
static std::atomic<int> tickets;
static bool is_wrong;

static DWORD WINAPI add_one(void *)
{
    counter = counter + 1;
    return 0;
}

/* Checks a pointer, then uses what it points to (which the other thread takes away). */
static DWORD WINAPI use(void *)
{
    if (shared && !shared)
        is_wrong = true;
    return 0;
}

static DWORD WINAPI take_away(void *)
{
    shared = nullptr;
    return 0;
}

/* Each access by itself is atomic, the two together are not. */
static DWORD WINAPI take_ticket(void *)
{
    tickets.store(tickets.load() + 1);
    return 0;
}

static void run_both(LPTHREAD_START_ROUTINE first, LPTHREAD_START_ROUTINE second)
{
    HANDLE threads[] = { CreateThread(nullptr, 0, first, nullptr, 0, nullptr),
                         CreateThread(nullptr, 0, second, nullptr, 0, nullptr) };

    WaitForMultipleObjects(2, threads, TRUE, INFINITE);
    CloseHandle(threads[0]);
    CloseHandle(threads[1]);
}

static bool loses_an_update()
{
    counter = 0;
    run_both(add_one, add_one);
    return counter != 2;
}

static bool uses_what_is_gone()
{
    static int number;

    shared = &number;
    is_wrong = false;
    run_both(use, take_away);
    return is_wrong;
}

static bool gives_a_ticket_twice()
{
    tickets = 0;
    run_both(take_ticket, take_ticket);
    return tickets != 2;
}

static const struct {
    const char *name;
    bool (*shows)();
} races[] = {
    { "lost update", loses_an_update },
    { "use after check", uses_what_is_gone },
    { "atomic, yet apart", gives_a_ticket_twice },
};

static unsigned count(bool (*shows)(), bool is_fine, unsigned n_runs)
{
    unsigned n = 0;

    for (unsigned seed = 1; seed <= n_runs; seed++) {
        struct vssemu_options options = {};

        options.seed = seed;
        options.fine = is_fine;
        options.keeps_no_trace = true;
        struct vssemu_world *world = vssemu_world_new(&options);
        n += shows();
        vssemu_world_free(world);
    }
    return n;
}

int main(int argc, char **argv)
{
    unsigned n_runs = argc > 1 ? (unsigned)std::atoi(argv[1]) : 200;
    int result = 0;

    for (const auto &race : races) {
        unsigned plain = count(race.shows, false, n_runs), fine = count(race.shows, true, n_runs);

        std::printf("%-20s %4u of %u runs, with fine %4u\n", race.name, plain, n_runs, fine);
        if (plain || !fine)
            result = 1;
    }
    return result;
}
