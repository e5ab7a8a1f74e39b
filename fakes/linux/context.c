/* SPDX-License-Identifier: MIT */
/* See context.h. What a function may not change (System V ABI, AMD64: rbx, rbp, r12 to r15, the
 * control words of both floating point units) lies on the stack that is left, above the address to
 * return to. */
#include "fakes/linux/context.h"

#if defined(__x86_64__)

#include <stddef.h>
#include <sys/auxv.h>

#ifndef HWCAP2_FSGSBASE
#define HWCAP2_FSGSBASE (1 << 1)
#endif

_Static_assert(offsetof(struct context, stack) == 0, "context.c: stack");
_Static_assert(offsetof(struct context, thread) == 8, "context.c: thread");
_Static_assert(offsetof(struct context, may_come_home) == 16, "context.c: may_come_home");

/* 0 where the processor keeps no second stack of its own, which would have to change as well. */
static uint64_t shadow_stack(void)
{
    uint64_t pointer = 0;

    __asm__ volatile("rdsspq %0" : "+r"(pointer));
    return pointer;
}

bool context_is_possible(void)
{
    return (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) && !shadow_stack();
}

/* Entered with from in rdi, to in rsi (context_switch); with from in rdi, tell in rsi, home in rdx
 * (context_leave). In the latter nothing but registers is used once the stack pointer is saved: 202
 * is futex, 129 a private FUTEX_WAKE, 128 a private FUTEX_WAIT. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl context_switch\n"
        ".hidden context_switch\n"
        ".type context_switch, @function\n"
        "context_switch:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    subq $8, %rsp\n"
        "    stmxcsr (%rsp)\n"
        "    fnstcw 4(%rsp)\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rbx\n"
        "1:  movq (%rbx), %rsp\n" /* go on with the context in rbx */
        "    movq 8(%rbx), %rax\n"
        "    wrfsbase %rax\n"
        "    ldmxcsr (%rsp)\n"
        "    fldcw 4(%rsp)\n"
        "    addq $8, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size context_switch, . - context_switch\n"
        ".p2align 4\n"
        ".globl context_leave\n"
        ".hidden context_leave\n"
        ".type context_leave, @function\n"
        "context_leave:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    subq $8, %rsp\n"
        "    stmxcsr (%rsp)\n"
        "    fnstcw 4(%rsp)\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rdx, %rbx\n"
        "    movq %rsi, %rdi\n"
        "    movl $1, (%rdi)\n" /* from here on others may go on with it */
        "    movl $202, %eax\n"
        "    movl $129, %esi\n"
        "    movl $0x7fffffff, %edx\n"
        "    syscall\n"
        "2:  cmpl $0, 16(%rbx)\n"
        "    jne 3f\n"
        "    movl $202, %eax\n"
        "    leaq 16(%rbx), %rdi\n"
        "    movl $128, %esi\n"
        "    xorl %edx, %edx\n"
        "    xorl %r10d, %r10d\n"
        "    syscall\n"
        "    jmp 2b\n"
        "3:  movl $0, 16(%rbx)\n"
        "    jmp 1b\n"
        ".size context_leave, . - context_leave\n");

#else

bool context_is_possible(void)
{
    return false;
}

void context_switch(struct context *from, struct context *to)
{
    (void)from;
    (void)to;
}

void context_leave(struct context *from, uint32_t *tell, struct context *home)
{
    (void)from;
    (void)tell;
    (void)home;
}

#endif
