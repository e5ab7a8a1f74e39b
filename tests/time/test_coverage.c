/* SPDX-License-Identifier: MIT */
/* A call with a time-out that we forget compares a virtual deadline with the real clock: it returns
 * at once or never. So each function of libc that waits or tells the time is either ours or named
 * here with a reason. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/str.h"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char waits_or_tells_time[] =
    "timed|clock|sleep|yield|wait|poll|select|^call_once|^pthread_once|join|lock$|gettimeofday|"
    "^time$|timespec_get$|^arc4random|^getrandom|^getentropy|^pthread_cond|^cnd_|^sem_|^thrd_|"
    "^pthread_create|^timer|alarm$|itimer$|^sigsuspend$|^sigaction$|^signal$|^pause$|^kill$|"
    "^sigqueue$|^pthread_kill$|^pthread_sigmask$|^sigprocmask$";

static const struct {
    const char *names; /* separated by blanks; all have the reason */
    const char *reason;
} left_out[] = {
    { "wait wait3 wait4 waitid waitpid __wait __waitpid",
      "other processes live on real time; the turn is kept meanwhile" },
    { "sigblock", "sets a mask by a word of bits, as before POSIX" },
    { "mq_timedreceive mq_timedsend semtimedop",
      "queues and semaphores between processes, with clocks of the kernel's" },
    { "clock_adjtime clock_settime clock_getres clock_getcpuclockid pthread_getcpuclockid "
      "pthread_condattr_getclock pthread_condattr_setclock",
      "set or describe a clock, wait for nothing" },
    { "mlock munlock flock", "memory and files, no threads; flock waits for other processes" },
    { "epoll_create epoll_create1 epoll_ctl pthread_cond_init pthread_cond_destroy "
      "pthread_condattr_init pthread_condattr_destroy pthread_condattr_getpshared "
      "pthread_condattr_setpshared cnd_init cnd_destroy sem_init sem_destroy sem_close sem_open "
      "sem_unlink sem_getvalue thrd_current thrd_equal thrd_exit",
      "make, describe or end something, wait for nothing" },
    { "svc_getreq_poll svc_max_pollfd svc_pollfd xdr_des_block", "remote procedure calls of old" },
};

static bool is_in_words(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = strstr(words, word); at; at = strstr(at + 1, word)) {
        if ((at == words || at[-1] == ' ') && (at[length] == 0 || at[length] == ' '))
            return true;
    }
    return false;
}

static bool is_left_out(const char *name)
{
    /* Names in the reserved space that headers do not declare are libc's own affair. */
    if (name[0] == '_' && strcmp(name, "__poll_chk") != 0 && strcmp(name, "__ppoll_chk") != 0)
        return true;
    for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
        if (is_in_words(left_out[i].names, name))
            return true;
    }
    return false;
}

/* The defined functions that nm lists, " name name ". */
static char *functions_of(const char *options, const char *file)
{
    struct str names = { 0 };
    char command[500], name[200], type;

    snprintf(command, sizeof(command),
             "nm %s '%s' 2>/dev/null | sed -n 's/^[0-9a-f]* \\([TWi]\\) \\([^@]*\\).*/\\1 \\2/p'",
             options, file);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    str_add_char(&names, ' ');
    while (fscanf(pipe, " %c %199s", &type, name) == 2)
        str_addf(&names, "%s ", name);
    assert_int_equal(pclose(pipe), 0);
    return str_take(&names);
}

static void every_function_of_libc_that_waits_is_ours_or_has_a_reason(void **state)
{
    Dl_info libc;
    regex_t pattern;
    unsigned missing = 0, seen = 0;

    (void)state;
    assert_true(dladdr((void *)(uintptr_t)gnu_get_libc_version, &libc));
    char *theirs = functions_of("-D --defined-only", libc.dli_fname);
    char *ours = functions_of("--defined-only", BUILD_DIR "/libvssemu_inside.a");
    assert_int_equal(regcomp(&pattern, waits_or_tells_time, REG_EXTENDED | REG_NOSUB), 0);
    char *rest = theirs;
    for (char *name = strtok_r(theirs, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
        if (regexec(&pattern, name, 0, NULL, 0) != 0)
            continue;
        seen++;
        if (is_in_words(ours, name) || is_left_out(name))
            continue;
        print_error("%s is neither ours nor left out for a reason\n", name);
        missing++;
    }
    regfree(&pattern);
    assert_true(seen > 60);
    assert_int_equal(missing, 0);
    free(theirs);
    free(ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_of_libc_that_waits_is_ours_or_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
