/* SPDX-License-Identifier: MIT */
/* Making room and holes, and where data and holes are, so that who reads a sparse file reads no
 * holes: in a snapshot, what was preserved is what it was, and the rest is as the file is now. */
#include "provider_sim/cow/cow_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* ---- making them ---- */

#define CLEARS (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)

/* Those modes that shift what lies behind the range are no business of a volume's. */
static bool is_possible(const struct cow_volume *v, int mode)
{
    return v->cs.store->ops->fallocate && !(mode & ~(CLEARS | FALLOC_FL_KEEP_SIZE));
}

int cow_volume_fallocate(struct cow_volume *v, struct cow_node *node, int mode, off_t offset,
                         off_t size)
{
    struct store_node *file;

    if (v->is_held)
        return -EAGAIN;
    if (!S_ISREG(node->type) || offset < 0 || size <= 0)
        return S_ISDIR(node->type) ? -EISDIR : -EINVAL;
    if (size > INT64_MAX - offset)
        return -EFBIG;
    int error = is_possible(v, mode) ? cow_node_store(v, node, &file) : -EOPNOTSUPP;
    if (error)
        return error;
    error = cow_preserve_cleared(v, node, offset, mode & CLEARS ? offset + size : offset);
    if (!error)
        error = cow_journal_before(v, node, NULL, NULL, NULL);
    return error ? error : v->cs.store->ops->fallocate(v->cs.store, file, mode, offset, size);
}

/* ---- finding them ---- */

/* The walk over a file of a snapshot. What the store says of the file is kept while it holds. */
struct walk {
    struct cow_volume *v;
    struct cow_node *node;
    struct store_node *file;
    unsigned view;
    off_t data; /* in the file as it is now: no data from the walk's place to here */
};

static off_t block_end(off_t at)
{
    return (at / (off_t)COW_BLOCK_SIZE + 1) * (off_t)COW_BLOCK_SIZE;
}

static off_t next_data(struct walk *w, off_t at)
{
    struct store *s = w->v->cs.store;

    if (w->data <= at) {
        w->data = s->ops->seek ? s->ops->seek(s, w->file, at, SEEK_DATA) : at;
        if (w->data == -ENXIO)
            w->data = INT64_MAX;
    }
    return w->data;
}

/* Whether a byte of data lies between this place and the end of its block: *ret_at is where. */
static int find_in_block(struct walk *w, off_t at, bool *ret_found, off_t *ret_at)
{
    uint32_t slot;

    *ret_at = at;
    if (extent_map_find(w->v->extents, w->node->id, (uint64_t)at / COW_BLOCK_SIZE, w->view,
                        &slot)) {
        *ret_found = slot != COW_SLOT_ZERO;
        return 0;
    }
    off_t data = next_data(w, at);
    if (data < 0)
        return (int)data;
    *ret_found = data < block_end(at);
    *ret_at = data;
    return 0;
}

/* A hole is told by whole blocks: what is called data may be zeroes, as POSIX allows. */
static off_t seek_preserved(struct walk *w, off_t size, off_t offset, int whence)
{
    bool found = false;
    off_t at = offset;

    for (; offset < size; offset = block_end(offset)) {
        int error = find_in_block(w, offset, &found, &at);

        if (error)
            return error;
        if (found && whence == SEEK_DATA)
            return at < size ? at : -ENXIO;
        if (!found && whence == SEEK_HOLE)
            return offset;
    }
    return whence == SEEK_HOLE ? size : -ENXIO;
}

off_t cow_volume_seek(struct cow_volume *v, unsigned view, struct cow_node *node, off_t offset,
                      int whence)
{
    struct walk w = { .v = v, .node = node, .view = view };
    struct stat st;
    int error = cow_volume_stat(v, view, node, &st);

    if (error)
        return error;
    if (!S_ISREG(node->type) || (whence != SEEK_DATA && whence != SEEK_HOLE))
        return -EINVAL;
    if (offset < 0 || offset >= st.st_size)
        return -ENXIO;
    error = cow_node_store(v, node, &w.file);
    if (error)
        return error;
    bool is_now = !view || !cow_history_find(v, &node->stats, view);
    struct store *s = v->cs.store;

    if (is_now && s->ops->seek)
        return s->ops->seek(s, w.file, offset, whence);
    if (is_now)
        return whence == SEEK_DATA ? offset : st.st_size;
    return seek_preserved(&w, st.st_size, offset, whence);
}
