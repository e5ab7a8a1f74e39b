/* SPDX-License-Identifier: MIT */
/* Records in shared memory: they come back as they were written, a block that is full says so, and
 * a record whose writer died in it ends the reading. */
#include "tests/support/cmocka_vss.h"

#include "emu/base/mem.h"
#include "emu/base/str.h"
#include "emu/trace/trace_block.h"

#include <stdlib.h>
#include <string.h>

#define SIZE 4096

static struct trace_record freeze(int64_t at_ns)
{
    return (struct trace_record){ .at_ns = at_ns,
                                  .kind = TRACE_EVENT,
                                  .who = "writer Sql",
                                  .what = "Freeze",
                                  .before = "WAITING_FOR_FREEZE",
                                  .after = "",
                                  .has_result = true,
                                  .result = (int32_t)0x800423F2,
                                  .object = "o" };
}

static void tell(void *arg, const struct trace_record *r)
{
    str_addf(arg, "%ld %d %s %s %s %s %s %s %s %d %x|", (long)r->at_ns, (int)r->kind, r->who,
             r->what, r->before ? r->before : "-", r->after ? r->after : "-",
             r->detail ? r->detail : "-", r->call ? r->call : "-", r->object ? r->object : "-",
             r->has_result, (unsigned)r->result);
}

static void what_is_written_is_read(void **state)
{
    struct trace_block writer, reader;
    void *memory = mem_alloc(SIZE);
    struct trace_record first = freeze(7);
    struct trace_record second = { .kind = TRACE_NOTE, .who = "x", .what = "", .call = "c" };
    auto_str struct str told = { 0 };

    (void)state;
    trace_block_init(&writer, memory, SIZE);
    trace_block_init(&reader, memory, SIZE); /* the other process's end */
    trace_write(&writer.trace, &first);
    trace_write(&writer.trace, &second);
    assert_true(trace_block_each(&reader, tell, &told));
    assert_string_equal(told.text, "7 1 writer Sql Freeze WAITING_FOR_FREEZE  - - o 1 800423f2|"
                                   "0 7 x  - - - c - 0 0|");
    trace_block_clear(&reader);
    str_free(&told);
    assert_true(trace_block_each(&reader, tell, &told));
    assert_null(told.text);
    free(memory);
}

static void count(void *arg, const struct trace_record *record)
{
    assert_string_equal(record->what, "Freeze");
    ++*(unsigned *)arg;
}

static void a_full_block_says_so(void **state)
{
    struct trace_block block;
    void *memory = mem_alloc(SIZE);
    unsigned n = 0;

    (void)state;
    trace_block_init(&block, memory, SIZE);
    for (int64_t i = 0; i < 1000; i++) {
        struct trace_record record = freeze(i);

        trace_write(&block.trace, &record);
    }
    assert_false(trace_block_each(&block, count, &n));
    assert_in_range(n, 20, 100);
    trace_block_clear(&block);
    n = 0;
    struct trace_record record = freeze(1);

    trace_write(&block.trace, &record);
    assert_true(trace_block_each(&block, count, &n));
    assert_int_equal(n, 1);
    free(memory);
}

static void a_record_that_is_half_written_ends_it(void **state)
{
    struct trace_block block;
    void *memory = mem_alloc(SIZE);
    struct trace_record record = freeze(1);
    unsigned n = 0;

    (void)state;
    trace_block_init(&block, memory, SIZE);
    trace_write(&block.trace, &record);
    /* As a process leaves it that dies behind taking the room. */
    atomic_fetch_add(&block.head->used, 64);
    atomic_fetch_add(&block.head->n_records, 1);
    assert_false(trace_block_each(&block, count, &n));
    assert_int_equal(n, 1);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_full_block_says_so),
        cmocka_unit_test(a_record_that_is_half_written_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
