// SPDX-License-Identifier: MIT
// A program with as many kinds of waiting as C++ has, on a virtual clock: the same seed must give
// the same log to the byte. Usage: medley SEED N_THREADS [real]; the log goes to standard output.
// With "real" it stays on the real clock, sleeps less, and shows that every call passes through.
extern "C" {
#include "fakes/linux/vthread.h"
#include "fakes/world/vsched.h"
}

#include <semaphore.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <latch>
#include <mutex>
#include <random>
#include <semaphore>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

__attribute__((format(printf, 2, 3))) static void say(int who, const char *format, ...)
{
    char text[200];
    va_list args;
    long long ns = std::chrono::steady_clock::now().time_since_epoch().count();

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    printf("%12lld %d %s\n", ns, who, text);
}

struct noisy_end {
    int who = 0;
    ~noisy_end()
    {
        std::this_thread::sleep_for(3ms);
        say(who, "thread_local gone");
    }
};

struct slow_thing {
    int made_by;
    explicit slow_thing(int who) : made_by(who) { std::this_thread::sleep_for(5ms); }
};

static slow_thing &the_slow_thing(int who)
{
    static slow_thing thing(who);

    return thing;
}

static thread_local noisy_end noisy;
static std::chrono::microseconds unit = 1s;
static std::mutex mutex;
static std::condition_variable condition;
static int turns;
static std::timed_mutex timed;
static std::shared_timed_mutex shared;
static std::counting_semaphore<100> places(1);
static sem_t posix_places;
static std::once_flag once;
static std::atomic<int> flag;

static void use_locks(int who)
{
    for (int i = 0; i < 3; i++) {
        std::lock_guard<std::mutex> hold(mutex);

        turns++;
        say(who, "turn %d", turns);
        if (i == 1)
            std::this_thread::yield();
    }
    condition.notify_one();
    if (timed.try_lock_for(1ms)) {
        std::this_thread::sleep_for(700us);
        say(who, "timed lock");
        timed.unlock();
    } else {
        say(who, "timed lock refused");
    }
    if (who % 2) {
        std::shared_lock<std::shared_timed_mutex> read(shared, 2ms);
        say(who, "read %d", (bool)read);
        std::this_thread::sleep_for(400us);
    } else {
        std::unique_lock<std::shared_timed_mutex> write(shared, 2ms);
        say(who, "write %d", (bool)write);
    }
}

static void use_waits(int who)
{
    {
        std::unique_lock<std::mutex> hold(mutex);
        bool enough = condition.wait_for(hold, std::chrono::milliseconds(who + 1),
                                         [] { return turns > 1000; });
        say(who, "condition %d", enough);
    }
    places.acquire();
    say(who, "in");
    std::this_thread::sleep_for(100us);
    places.release();
    sem_wait(&posix_places);
    sem_post(&posix_places);
    std::call_once(once, [who] {
        std::this_thread::sleep_for(2ms);
        say(who, "once");
    });
    say(who, "slow thing of %d", the_slow_thing(who).made_by);
}

static void work(int who, std::latch &start, std::barrier<> &meeting)
{
    noisy.who = who;
    start.arrive_and_wait();
    use_locks(who);
    meeting.arrive_and_wait();
    use_waits(who);
    auto answer = std::async(std::launch::async, [who] {
        std::this_thread::sleep_for(std::chrono::microseconds(100 * who));
        return who * who;
    });
    if (answer.wait_for(250us) == std::future_status::timeout)
        say(who, "future is late");
    say(who, "future %d", answer.get());
    if (who == 0) {
        flag = 1;
        flag.notify_all();
    } else {
        flag.wait(0);
    }
    say(who, "done");
}

static void run(int n)
{
    std::latch start(n);
    std::barrier meeting(n);
    std::vector<std::thread> threads;
    std::random_device device;

    sem_init(&posix_places, 0, 1);
    say(-1, "random %u", device());
    for (int i = 0; i < n; i++)
        threads.emplace_back(work, i, std::ref(start), std::ref(meeting));
    for (auto &thread : threads)
        thread.join();
    auto until = std::chrono::steady_clock::now() + 2 * unit;
    long loops = 0;
    while (std::chrono::steady_clock::now() < until)
        loops++;
    say(-1, "%ld loops", loops);
    std::this_thread::sleep_for(70000 * unit);
    say(-1, "slept");
}

int main(int argc, char **argv)
{
    struct vsched *vs = vsched_new(argc > 1 ? strtoull(argv[1], nullptr, 10) : 1, nullptr);

    if (argc > 3)
        unit = 1us;
    else
        vthread_activate(vs);
    run(argc > 2 ? atoi(argv[2]) : 3);
    vthread_deactivate();
    vsched_free(vs);
    return 0;
}
