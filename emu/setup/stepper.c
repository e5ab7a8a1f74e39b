/* SPDX-License-Identifier: MIT */
/* See stepper.h. Everything here runs inside the service, on whatever thread asks somebody
 * something. While it waits for a command nobody else gets in: on the virtual clock nobody runs at
 * all; on the real one threads of the program go on until they need the service, and the world's
 * clock stands. */
#include "emu/setup/stepper.h"

#include "emu/base/array.h"
#include "emu/base/cleanup.h"
#include "emu/base/str.h"
#include "emu/host/host_sched.h"
#include "emu/scenario/until.h"
#include "emu/setup/stepper_look.h"
#include "emu/setup/world.h"
#include "emu/svc/step_hook.h"
#include "fakes/world/vsched.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static struct stepper {
    struct vssemu_world *world;
    int fd;
    ARRAY(char *) until; /* none: before everything */
    bool is_off;         /* go: to the end */
    uint32_t held;       /* volumes whose writes wait: bit 0 is A: */
    uint32_t held_soon;  /* the same when what was asked last has been done */
} stepper;

/* ---- talking ---- */

static void say(const char *text, size_t length)
{
    while (length) {
        ssize_t n = write(stepper.fd, text, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            stepper.is_off = true; /* nobody is there any more */
            return;
        }
        text += n;
        length -= (size_t)n;
    }
}

static bool hear(struct str *ret_line)
{
    char c;

    for (;;) {
        ssize_t n = read(stepper.fd, &c, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        if (c == '\n')
            return true;
        str_add_char(ret_line, c);
    }
}

/* ---- where to stop ---- */

/* "Freeze", or who and what: "writer Sql:Freeze", "Sql:Freeze". */
static bool is_meant(const char *until, const char *who, const char *what)
{
    const char *colon = strrchr(until, ':'), *space = strchr(who, ' ');

    if (!colon || !colon[1])
        return str_matches(what, until) || str_matches(who, until);
    auto_free char *whom = str_printf("%.*s", (int)(colon - until), until);
    return str_matches(what, colon + 1) &&
           (str_matches(who, whom) || (space && str_matches(space + 1, whom)));
}

static bool is_due(const char *who, const char *what)
{
    if (stepper.is_off)
        return false;
    for (size_t i = 0; i < stepper.until.count; i++) {
        if (is_meant(stepper.until.items[i], who, what))
            return true;
    }
    return stepper.until.count == 0;
}

static void forget_until(void)
{
    for (size_t i = 0; i < stepper.until.count; i++)
        free(stepper.until.items[i]);
    array_free(&stepper.until);
}

/* ---- commands ---- */

/* Each answers whether the world goes on. */
static bool do_next(struct str *out, const char *argument)
{
    (void)out, (void)argument;
    forget_until();
    return true;
}

static bool do_until(struct str *out, const char *argument)
{
    if (!*argument) {
        str_add(out, "until what? as in: until Freeze, or: until writer Sql:Freeze\n");
        return false;
    }
    auto_free char *why = until_wrong(argument);
    if (why) {
        str_addf(out, "%s\n", why);
        return false;
    }
    forget_until();
    array_add(&stepper.until, mem_strdup(argument));
    return true;
}

static bool do_go(struct str *out, const char *argument)
{
    (void)out, (void)argument;
    stepper.is_off = true;
    return true;
}

static bool do_states(struct str *out, const char *argument)
{
    (void)argument;
    stepper_look_states(stepper.world, stepper.held, out);
    return false;
}

static bool do_ls(struct str *out, const char *argument)
{
    stepper_look_list(stepper.world, argument, out);
    return false;
}

static bool do_cat(struct str *out, const char *argument)
{
    stepper_look_file(stepper.world, argument, out);
    return false;
}

static bool do_help(struct str *out, const char *argument);

static const struct {
    const char *name, *help;
    bool (*run)(struct str *out, const char *argument);
} commands[] = {
    { "next", "goes on to the next event (an empty line does the same)", do_next },
    { "until", "EVENT or WHO:EVENT: goes on to that one", do_until },
    { "go", "goes on to the end", do_go },
    { "states", "who is in which state", do_states },
    { "ls", "PATH: lists C:\\DIR, or a snapshot's HarddiskVolumeShadowCopy1\\DIR", do_ls },
    { "cat", "PATH: shows a file of a volume or a snapshot", do_cat },
    { "quit", "ends the program", NULL }, /* the launcher's */
    { "help", "these commands", do_help },
};
#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static bool do_help(struct str *out, const char *argument)
{
    (void)argument;
    for (size_t i = 0; i < N_COMMANDS; i++)
        str_addf(out, "  %-7s %s\n", commands[i].name, commands[i].help);
    return false;
}

static bool obey(struct str *out, const char *line)
{
    line += strspn(line, " \t");
    size_t n = strcspn(line, " \t");
    const char *argument = line + n + strspn(line + n, " \t");

    if (!n)
        return do_next(out, "");
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (commands[i].run && strlen(commands[i].name) == n &&
            strncmp(commands[i].name, line, n) == 0)
            return commands[i].run(out, argument);
    }
    str_addf(out, "%.*s? `help` lists what there is\n", (int)n, line);
    return false;
}

static void stop(const char *who, const char *what)
{
    int64_t now = sched_now(stepper.world->ports.sched);
    auto_str struct str out = { 0 };
    bool goes_on = false;

    str_addf(&out, "stopped at %" PRId64 ".%06" PRId64 " s before %s: %s\n", now / SCHED_SECOND,
             now % SCHED_SECOND / 1000, who, what);
    stepper_look_states(stepper.world, stepper.held, &out);
    while (!goes_on && !stepper.is_off) {
        auto_str struct str line = { 0 };

        str_add_char(&out, STEPPER_ASKS);
        say(out.text, out.length);
        str_free(&out);
        if (!hear(&line))
            stepper.is_off = true;
        else
            goes_on = obey(&out, line.text ? line.text : "");
    }
    say(out.text ? out.text : "", out.length);
}

/* A hold begins with the answer and ends with it: at the next place it has come. */
static void follow_holds(const char *who, const char *what)
{
    uint32_t bit = str_starts_with(who, "volume ") && who[7] >= 'A' && who[7] <= 'Z'
                       ? UINT32_C(1) << (who[7] - 'A')
                       : 0;

    stepper.held = stepper.held_soon;
    if (bit && strcmp(what, "hold") == 0)
        stepper.held_soon |= bit;
    if (bit && strcmp(what, "release") == 0)
        stepper.held_soon &= ~bit;
}

/* What is looked at costs no time of the world and gives nobody a turn. */
static void stand_still(bool stands)
{
    struct vsched *vsched = stepper.world->vsched;

    if (stepper.world->host_sched)
        host_sched_stand_still(stepper.world->host_sched, stands);
    if (vsched && stands)
        vsched_thread_go_inside(vsched_running(vsched));
    if (vsched && !stands)
        vsched_thread_come_out(vsched_running(vsched));
}

static void before(struct service *service, const char *who, const char *what)
{
    int saved_errno = errno;

    if (service != &stepper.world->service)
        return;
    follow_holds(who, what);
    if (is_due(who, what)) {
        stand_still(true);
        stop(who, what);
        stand_still(false);
    }
    errno = saved_errno;
}

void stepper_begin(struct vssemu_world *world, int fd, char *const *until, size_t n_until)
{
    stepper.world = world;
    stepper.fd = fd;
    for (size_t i = 0; i < n_until; i++)
        array_add(&stepper.until, mem_strdup(until[i]));
    step_hook = before;
}
