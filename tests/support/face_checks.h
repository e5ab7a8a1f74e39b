/* SPDX-License-Identifier: MIT */
/* Checks that the tests of the document faces share. */
#pragma once

#include "tests/support/cmocka_vss.h"

#include "emu/base/cleanup.h"
#include "emu/com/bstr.h"
#include "emu/com/object.h"
#include "emu/doc/filespec.h"
#include "emu/include/vswriter.h"

#define MASK      FILESPEC_MASK_DEFAULT
#define auto_bstr __attribute__((cleanup(free_bstr)))

static inline void free_bstr(BSTR *bstr)
{
    bstr_free(*bstr);
}

static inline void expect_text(BSTR bstr, const char *expected)
{
    auto_free char *text = utf8_from_wide(bstr);

    assert_non_null(text);
    assert_string_equal(text, expected);
    bstr_free(bstr);
}

static inline int nothing_is_left(void **state)
{
    auto_free char *names = NULL;

    (void)state;
    if (com_object_count_live(&names))
        fail_msg("left alive: %s", names);
    return 0;
}

static inline void expect_filedesc(IVssWMFiledesc *take, const char *path, const char *filespec,
                                   const char *alternate, DWORD mask)
{
    BSTR text = NULL;
    boolean recursive;
    DWORD got;

    assert_int_equal(take->lpVtbl->GetPath(take, &text), S_OK);
    expect_text(text, path);
    assert_int_equal(take->lpVtbl->GetFilespec(take, &text), S_OK);
    expect_text(text, filespec);
    assert_int_equal(take->lpVtbl->GetRecursive(take, &recursive), S_OK);
    assert_int_equal(take->lpVtbl->GetAlternateLocation(take, &text), alternate ? S_OK : S_FALSE);
    if (alternate)
        expect_text(text, alternate);
    else
        assert_null(text);
    assert_int_equal(take->lpVtbl->GetBackupTypeMask(take, &got), S_OK);
    assert_int_equal(got, mask);
    assert_int_equal(take->lpVtbl->GetPath(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetFilespec(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetRecursive(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetAlternateLocation(take, NULL), E_INVALIDARG);
    assert_int_equal(take->lpVtbl->GetBackupTypeMask(take, NULL), E_INVALIDARG);
    take->lpVtbl->Release(take);
}

#define FACE_TEST(name) cmocka_unit_test_setup_teardown(name, NULL, nothing_is_left)
