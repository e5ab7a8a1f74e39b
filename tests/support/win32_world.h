/* SPDX-License-Identifier: MIT */
/* A small world for tests of fakes/windows: volumes C: and D: in memory, a seeded clock. */
#pragma once

#include "emu/base/check.h"
#include "emu/include/vssemu_types.h"
#include "emu/setup/world.h"

static struct vssemu_world *win32_world;

static inline int win32_world_setup(void **state)
{
    const struct world_options options = { .is_virtual = true, .seed = 1, .trace_fd = -1 };

    (void)state;
    win32_world = world_new(&options);
    check(world_add_volume(win32_world, 'C', NULL, NULL) == 0);
    check(world_add_volume(win32_world, 'D', NULL, NULL) == 0);
    world_use(win32_world);
    return 0;
}

static inline int win32_world_teardown(void **state)
{
    (void)state;
    world_use(NULL);
    world_free(win32_world);
    return 0;
}

/* A file with this text, made through the functions under test. */
static inline void win32_make_file(LPCWSTR name, const char *text)
{
    DWORD n = 0, length = (DWORD)strlen(text);
    HANDLE file = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    check(file != INVALID_HANDLE_VALUE);
    check(WriteFile(file, text, length, &n, NULL) && n == length);
    check(CloseHandle(file));
}

/* clang-format off */
#define win32_test(f) \
    cmocka_unit_test_setup_teardown(f, win32_world_setup, win32_world_teardown)
/* clang-format on */
#define assert_error(code) assert_int_equal(GetLastError(), (code))
