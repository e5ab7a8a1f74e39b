/* SPDX-License-Identifier: MIT */
/* A BSTR points behind a 4-byte length in bytes and ends with a zero unit
 * (Learn: "BSTR"). Task memory is malloc memory: CoTaskMemFree is free. */
#include "emu/com/bstr.h"

#include "emu/base/mem.h"
#include "emu/base/utf.h"

#include <stdatomic.h>
#include <string.h>

/* How many texts each world has given and not got back. A text may outlive its world, so the
 * accounts outlive it too; of many worlds at a time two may share one. */
#define N_ACCOUNTS 1024
static struct account {
    _Alignas(64) atomic_int n; /* worlds in parallel do not share a cache line */
} accounts[N_ACCOUNTS];

_Thread_local unsigned bstr_threads_world;
unsigned bstr_process_world;

static uint32_t account_of(unsigned world)
{
    return world ? (world - 1) % (N_ACCOUNTS - 1) + 1 : 0;
}

struct bstr_block {
    uint64_t reserved; /* keeps the text aligned for any use */
    uint32_t given;    /* account of the world whose API gave it; 0: the program made it itself */
    uint32_t n_bytes;
    WCHAR text[];
};

static struct bstr_block *block_of(BSTR bstr)
{
    return (struct bstr_block *)(void *)((char *)bstr - offsetof(struct bstr_block, text));
}

static struct bstr_block *new_block(size_t n_bytes)
{
    return mem_alloc(sizeof(struct bstr_block) + n_bytes / 2 * 2 + 2 * sizeof(WCHAR));
}

BSTR bstr_new_bytes(const void *bytes, UINT n_bytes)
{
    struct bstr_block *block = new_block(n_bytes);

    block->n_bytes = n_bytes;
    if (bytes)
        memcpy(block->text, bytes, n_bytes);
    return block->text;
}

BSTR bstr_new(const WCHAR *text, UINT n_units)
{
    return bstr_new_bytes(text, n_units * (UINT)sizeof(WCHAR));
}

BSTR bstr_copy(BSTR bstr)
{
    return bstr ? bstr_new_bytes(bstr, bstr_n_bytes(bstr)) : NULL;
}

UINT bstr_n_bytes(BSTR bstr)
{
    return bstr ? block_of(bstr)->n_bytes : 0;
}

BSTR bstr_from_utf16(const WCHAR *text)
{
    return text ? bstr_new(text, (UINT)utf16_length((const uint16_t *)text)) : NULL;
}

BSTR bstr_from_utf8(const char *text)
{
    if (!text)
        return NULL;
    struct bstr_block *block = new_block(strlen(text) * sizeof(WCHAR));

    block->n_bytes = (uint32_t)(utf16_put((uint16_t *)block->text, text) * sizeof(WCHAR));
    block->given = account_of(bstr_threads_world ? bstr_threads_world : bstr_process_world);
    if (block->given)
        atomic_fetch_add_explicit(&accounts[block->given].n, 1, memory_order_relaxed);
    return block->text;
}

/* A program that goes on using a freed text must not find what it was: overwritten, to its end. */
static void spoil(BSTR bstr)
{
    memset(bstr, 0xDD, bstr_length(bstr) * sizeof(WCHAR));
    __asm__ volatile("" : : "r"(bstr) : "memory"); /* or the compiler leaves it out */
}

void bstr_free(BSTR bstr)
{
    if (!bstr)
        return;
    spoil(bstr);
    if (block_of(bstr)->given)
        atomic_fetch_sub_explicit(&accounts[block_of(bstr)->given].n, 1, memory_order_relaxed);
    free(block_of(bstr));
}

unsigned bstr_count_given(unsigned world)
{
    int n = atomic_load(&accounts[account_of(world)].n);

    return n > 0 ? (unsigned)n : 0;
}

void bstr_forget_given(unsigned world)
{
    atomic_store(&accounts[account_of(world)].n, 0);
}

UINT bstr_length(BSTR bstr)
{
    return bstr ? block_of(bstr)->n_bytes / (UINT)sizeof(WCHAR) : 0;
}

WCHAR *task_wide_from_utf8(const char *text)
{
    return (WCHAR *)utf16_from_utf8(text);
}

char *utf8_from_wide(const WCHAR *text)
{
    return utf8_from_utf16((const uint16_t *)text);
}
