/* SPDX-License-Identifier: MIT */
#include "emu/setup/quick_end.h"

#include "fakes/linux/real.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* What the loader would call at the end, from the last to the first. */
struct destructors {
    void (**functions)(void);
    size_t count;
};

struct objects {
    bool has_others;
    unsigned long long n_loaded; /* since the process began */
    struct destructors program, own;
};

static bool is_allowed;
static struct objects known_objects;
static bool has_returned;
static int result; /* of main */

/* Base names up to ".so": libvssapi, and what it needs. */
static const char *const known[] = {
    "libvssapi",        "libc",       "libm",       "libgcc_s",
    "libstdc++",        "libxml2",    "libjansson", "libyaml-0",
    "libicuuc",         "libicudata", "libz",       "liblzma",
    "libpthread",       "libdl",      "librt",      "ld-linux-x86-64",
    "ld-linux-aarch64",
};

/* Something of each of those that report, or write files, when the process ends. */
static const char *const watchers[] = { "__asan_init", "__lsan_do_leak_check",      "__tsan_init",
                                        "__msan_init", "__llvm_profile_write_file", "__gcov_dump" };

static bool is_known(const char *path)
{
    const char *name = strrchr(path, '/');
    size_t length;

    name = name ? name + 1 : path;
    length = strlen(name);
    const char *suffix = strstr(name, ".so");
    if (suffix)
        length = (size_t)(suffix - name);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i]) == length && strncmp(known[i], name, length) == 0)
            return true;
    }
    return !*path || strncmp(name, "linux-vdso", strlen("linux-vdso")) == 0; /* "": the program */
}

/* Of one that is loaded. The section of old compilers (DT_FINI) does nothing by now. */
static struct destructors destructors_of(const struct dl_phdr_info *info)
{
    struct destructors found = { 0 };

    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
            continue;
        const ElfW(Dyn) *entry = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);

        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_FINI_ARRAY)
                found.functions = (void *)(info->dlpi_addr + entry->d_un.d_ptr);
            if (entry->d_tag == DT_FINI_ARRAYSZ)
                found.count = entry->d_un.d_val / sizeof(void *);
        }
    }
    return found;
}

static bool holds(const struct dl_phdr_info *info, uintptr_t address)
{
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];

        if (part->p_type == PT_LOAD && address - (info->dlpi_addr + part->p_vaddr) < part->p_memsz)
            return true;
    }
    return false;
}

static int look_at(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct objects *objects = arg;

    (void)size;
    objects->has_others = objects->has_others || !is_known(info->dlpi_name);
    objects->n_loaded = info->dlpi_adds;
    if (holds(info, getauxval(AT_ENTRY)))
        objects->program = destructors_of(info);
    if (holds(info, (uintptr_t)quick_end_allow))
        objects->own = destructors_of(info);
    return 0;
}

static int count_loaded(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    *(unsigned long long *)arg = info->dlpi_adds;
    return 1; /* the first knows it */
}

void quick_end_allow(void)
{
    for (size_t i = 0; i < sizeof(watchers) / sizeof(watchers[0]); i++) {
        if (dlsym(RTLD_DEFAULT, watchers[i]))
            return;
    }
    known_objects = (struct objects){ 0 };
    dl_iterate_phdr(look_at, &known_objects);
    is_allowed = !known_objects.has_others && known_objects.own.count &&
                 known_objects.own.functions != known_objects.program.functions;
}

static int (*program_main)(int argc, char **argv, char **environment);

static int watched_main(int argc, char **argv, char **environment)
{
    result = program_main(argc, argv, environment);
    has_returned = true;
    return result;
}

static void run(const struct destructors *destructors)
{
    for (size_t i = destructors->count; i--;)
        destructors->functions[i]();
}

static void (*end_by_loader)(void);

/* The program's exit handlers and static objects have ended. */
static void finish(void)
{
    unsigned long long n_loaded = 0;

    dl_iterate_phdr(count_loaded, &n_loaded);
    if (!has_returned || n_loaded != known_objects.n_loaded) {
        end_by_loader();
        return;
    }
    run(&known_objects.program);
    run(&known_objects.own);
    fflush(NULL);
    _exit(result);
}

int __libc_start_main(int (*main)(int argc, char **argv, char **environment), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                      void *stack_end);

/* A program's first code calls this with its main and with what the loader has to do at the end,
 * which need not know what main has returned. */
int __libc_start_main(int (*main)(int argc, char **argv, char **environment), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*loader_fini)(void),
                      void *stack_end)
{
    if (is_allowed) {
        program_main = main;
        main = watched_main;
        end_by_loader = loader_fini;
        loader_fini = finish;
    }
    return REAL(__libc_start_main)(main, argc, argv, init, fini, loader_fini, stack_end);
}
