/* SPDX-License-Identifier: MIT */
/* What is read from, and written into, the messages of /dev/fuse. Needs no mount. */
#include "tests/support/cmocka_vss.h"

#include "provider_sim/fuse/fuse_wire.h"

#include <errno.h>
#include <linux/fuse.h>
#include <string.h>

static void ability_is_offered_by_the_first_request_only(void **state)
{
    struct {
        struct fuse_in_header head;
        struct fuse_init_in init;
    } request = { .head = { .opcode = FUSE_INIT }, .init = { .flags = FUSE_HANDLE_KILLPRIV_V2 } };

    (void)state;
    assert_true(fuse_wire_offers_killpriv(&request, sizeof(request)));
    assert_false(fuse_wire_offers_killpriv(&request, sizeof(request.head) + 8)); /* an old kernel */
    assert_false(fuse_wire_offers_killpriv(NULL, 0));
    request.init.flags = ~(uint32_t)FUSE_HANDLE_KILLPRIV_V2;
    assert_false(fuse_wire_offers_killpriv(&request, sizeof(request)));
    request.init.flags = FUSE_HANDLE_KILLPRIV_V2;
    request.head.opcode = FUSE_WRITE;
    assert_false(fuse_wire_offers_killpriv(&request, sizeof(request)));
}

static void answer_accepts_it_unless_it_is_a_refusal(void **state)
{
    struct fuse_out_header head = { 0 };
    struct fuse_init_out init = { .flags = FUSE_ASYNC_READ };
    struct iovec answer[] = { { &head, sizeof(head) }, { &init, sizeof(init) } };

    (void)state;
    head.error = -EPROTO;
    fuse_wire_accept_killpriv(answer, 2);
    assert_int_equal(init.flags, FUSE_ASYNC_READ);
    head.error = 0;
    fuse_wire_accept_killpriv(answer, 1);
    assert_int_equal(init.flags, FUSE_ASYNC_READ);
    fuse_wire_accept_killpriv(answer, 2);
    assert_int_equal(init.flags, FUSE_ASYNC_READ | FUSE_HANDLE_KILLPRIV_V2);
}

static void write_or_new_size_says_whether_it_takes_rights(void **state)
{
    struct {
        struct fuse_in_header head;
        struct fuse_write_in write;
    } write = { .head = { .opcode = FUSE_WRITE }, .write = { .write_flags = FUSE_WRITE_CACHE } };
    struct {
        struct fuse_in_header head;
        struct fuse_setattr_in set;
    } set = { .head = { .opcode = FUSE_SETATTR }, .set = { .valid = FATTR_SIZE } };

    (void)state;
    assert_false(fuse_wire_kills_suid(&write, sizeof(write)));
    write.write.write_flags |= FUSE_WRITE_KILL_SUIDGID;
    assert_true(fuse_wire_kills_suid(&write, sizeof(write)));
    assert_false(fuse_wire_kills_suid(&write, sizeof(write.head)));
    assert_false(fuse_wire_kills_suid(&set, sizeof(set)));
    set.set.valid |= FATTR_KILL_SUIDGID;
    assert_true(fuse_wire_kills_suid(&set, sizeof(set)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ability_is_offered_by_the_first_request_only),
        cmocka_unit_test(answer_accepts_it_unless_it_is_a_refusal),
        cmocka_unit_test(write_or_new_size_says_whether_it_takes_rights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
