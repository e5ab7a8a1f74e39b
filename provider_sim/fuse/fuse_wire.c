/* SPDX-License-Identifier: MIT */
/* libfuse's header and the kernel's define the same names: this file includes the latter only.
 * Requests and answers lie in memory that is aligned for them. */
#include "provider_sim/fuse/fuse_wire.h"

#include <linux/fuse.h>

/* What follows the head of a request of this kind; NULL: it is none, or it is cut short. */
static const void *body_of(const void *request, size_t size, unsigned opcode, size_t body_size)
{
    const struct fuse_in_header *head = request;

    if (!request || size < sizeof(*head) + body_size || head->opcode != opcode)
        return NULL;
    return head + 1;
}

bool fuse_wire_offers_killpriv(const void *request, size_t size)
{
    const struct fuse_init_in *init =
        body_of(request, size, FUSE_INIT, offsetof(struct fuse_init_in, flags2));

    return init && init->flags & FUSE_HANDLE_KILLPRIV_V2;
}

void fuse_wire_accept_killpriv(const struct iovec *answer, int count)
{
    const struct fuse_out_header *head = answer[0].iov_base;

    if (count < 2 || answer[0].iov_len != sizeof(*head) || head->error ||
        answer[1].iov_len < offsetof(struct fuse_init_out, flags2))
        return;
    ((struct fuse_init_out *)answer[1].iov_base)->flags |= FUSE_HANDLE_KILLPRIV_V2;
}

bool fuse_wire_kills_suid(const void *request, size_t size)
{
    const struct fuse_write_in *write = body_of(request, size, FUSE_WRITE, sizeof(*write));

    if (write)
        return write->write_flags & FUSE_WRITE_KILL_SUIDGID;
    const struct fuse_setattr_in *set = body_of(request, size, FUSE_SETATTR, sizeof(*set));

    return set && set->valid & FATTR_KILL_SUIDGID;
}
