/* SPDX-License-Identifier: MIT */
/* Whom the registry key VssAccessControl lets into VSS. Learn: "Registry Keys and Values for Backup
 * and Restore", "Security Considerations for Requesters", "Security Considerations for Writers". */
#include "tests/support/cmocka_vss.h"

#include "emu/include/vssemu.h"

#define CALL(object, method, ...) (object)->lpVtbl->method((object), ##__VA_ARGS__)
#define KEY                       "HKLM\\SYSTEM\\CurrentControlSet\\Services\\VSS\\VssAccessControl"

HRESULT STDAPICALLTYPE CreateVssExpressWriterInternal(IVssExpressWriter **ret);

static int setup(void **state)
{
    *state = vssemu_world_new(NULL);
    return vssemu_add_volume(*state, "C:", NULL) ? 0 : 1;
}

static int teardown(void **state)
{
    return (int)vssemu_world_free(*state);
}

static void list(struct vssemu_world *w, const char *account, DWORD value)
{
    assert_true(vssemu_registry_set(w, KEY, account, REG_DWORD, &value, sizeof(value)));
}

static HRESULT requester(void)
{
    IVssBackupComponents *vss = NULL;
    HRESULT hr = CreateVssBackupComponentsInternal(&vss);

    if (FAILED(hr))
        return hr;
    hr = CALL(vss, InitializeForBackup, NULL);
    CALL(vss, Release);
    return hr;
}

static HRESULT writer(void)
{
    IVssExpressWriter *express = NULL;
    HRESULT hr = CreateVssExpressWriterInternal(&express);

    if (SUCCEEDED(hr))
        CALL(express, Release);
    return hr;
}

static void a_user_is_let_in_as_what_he_is_listed_for(void **state)
{
    static const HRESULT in[][2] = {
        { E_ACCESSDENIED, E_ACCESSDENIED }, { E_ACCESSDENIED, S_OK },
        { S_OK, E_ACCESSDENIED },           { S_OK, S_OK },
        { E_ACCESSDENIED, E_ACCESSDENIED }, /* no number of the page */
    };

    vssemu_set_caller(*state, VSSEMU_USER);
    vssemu_set_caller_account(*state, "ACME\\backup");
    assert_int_equal(requester(), E_ACCESSDENIED);
    assert_int_equal(writer(), E_ACCESSDENIED);
    list(*state, "ACME\\other", 3);
    assert_int_equal(requester(), E_ACCESSDENIED);
    for (DWORD value = 0; value < 5; value++) {
        list(*state, "acme\\Backup", value);
        assert_int_equal(requester(), in[value][0]);
        assert_int_equal(writer(), in[value][1]);
    }
}

static void a_requester_that_is_listed_is_no_administrator(void **state)
{
    boolean blocks = FALSE;

    vssemu_set_caller(*state, VSSEMU_USER);
    list(*state, "VSSEMU\\User", 2);
    assert_int_equal(requester(), S_OK);
    assert_int_equal(ShouldBlockRevertInternal(L"C:\\", &blocks), E_ACCESSDENIED);
}

static void who_is_denied_stays_out_whatever_he_is(void **state)
{
    list(*state, "VSSEMU\\Administrator", 0);
    vssemu_set_caller(*state, VSSEMU_ADMINISTRATOR);
    assert_int_equal(requester(), E_ACCESSDENIED);
    assert_int_equal(writer(), E_ACCESSDENIED);
    vssemu_set_caller(*state, VSSEMU_BACKUP_OPERATOR);
    assert_int_equal(requester(), S_OK);
    list(*state, "VSSEMU\\Operator", 0);
    assert_int_equal(requester(), E_ACCESSDENIED);
}

static void a_value_that_is_no_number_lists_nobody(void **state)
{
    vssemu_set_caller(*state, VSSEMU_USER);
    assert_true(vssemu_registry_set_text(*state, KEY, "VSSEMU\\User", "2"));
    assert_int_equal(requester(), E_ACCESSDENIED);
}

static void network_service_may_have_writers(void **state)
{
    vssemu_set_caller(*state, VSSEMU_USER);
    vssemu_set_caller_account(*state, "NT Authority\\NetworkService");
    assert_int_equal(requester(), E_ACCESSDENIED);
    assert_int_equal(writer(), S_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_user_is_let_in_as_what_he_is_listed_for),
        TEST(a_requester_that_is_listed_is_no_administrator),
        TEST(who_is_denied_stays_out_whatever_he_is),
        TEST(a_value_that_is_no_number_lists_nobody),
        TEST(network_service_may_have_writers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
