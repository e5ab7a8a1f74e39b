/* SPDX-License-Identifier: MIT */
/* The bytes of memory's files, in pieces, so that a file of terabytes with a byte at its end costs
 * a piece and a list of pointers. The first piece grows with the file: most files are small. */
#include "fakes/world/memstore_inside.h"

#include <string.h>

#define PIECE (size_t)(64 * 1024)

/* How much of a transfer lies in one piece. */
static size_t part_of(size_t size, size_t within)
{
    return size < PIECE - within ? size : PIECE - within;
}

void mem_data_read(const struct store_node *node, char *buffer, size_t size, size_t offset)
{
    while (size) {
        size_t i = offset / PIECE, within = offset % PIECE, n = part_of(size, within);
        const char *piece = i == 0                    ? node->data
                            : i <= node->pieces.count ? node->pieces.items[i - 1]
                                                      : NULL;
        size_t there = !piece ? 0 : i ? PIECE : node->capacity;
        size_t copied = there <= within ? 0 : n < there - within ? n : there - within;

        if (copied)
            memcpy(buffer, piece + within, copied);
        memset(buffer + copied, 0, n - copied);
        buffer += n;
        offset += n;
        size -= n;
    }
}

size_t mem_data_missing(const struct store_node *node, size_t offset)
{
    size_t i = offset / PIECE, within = offset % PIECE;

    if (i == 0)
        return within < node->capacity ? 0 : PIECE - within;
    return i <= node->pieces.count && node->pieces.items[i - 1] ? 0 : PIECE - within;
}

static char *first_piece(struct store_node *node, size_t needed)
{
    size_t capacity = node->capacity ? node->capacity : 64;

    while (capacity < needed)
        capacity *= 2;
    if (capacity > node->capacity) {
        node->data = mem_realloc(node->data, capacity);
        memset(node->data + node->capacity, 0, capacity - node->capacity);
        node->capacity = capacity;
    }
    return node->data;
}

static char *later_piece(struct store_node *node, size_t i)
{
    while (node->pieces.count < i)
        array_add(&node->pieces, NULL);
    char **piece = &node->pieces.items[i - 1];
    if (!*piece)
        *piece = mem_alloc(PIECE);
    return *piece;
}

void mem_data_write(struct store_node *node, const char *buffer, size_t size, size_t offset)
{
    while (size) {
        size_t i = offset / PIECE, within = offset % PIECE, n = part_of(size, within);
        char *piece = i ? later_piece(node, i) : first_piece(node, within + n);

        memcpy(piece + within, buffer, n);
        buffer += n;
        offset += n;
        size -= n;
    }
}

/* What lies behind the new end reads as zeros, should the file grow again. */
void mem_data_cut(struct store_node *node, size_t size)
{
    size_t n_kept = (size + PIECE - 1) / PIECE, within = size % PIECE;

    while (node->pieces.count && node->pieces.count + 1 > n_kept)
        free(node->pieces.items[--node->pieces.count]);
    if (size < PIECE && node->capacity > size)
        memset(node->data + size, 0, node->capacity - size);
    else if (within && size > PIECE && node->pieces.count + 1 == n_kept &&
             node->pieces.items[n_kept - 2])
        memset(node->pieces.items[n_kept - 2] + within, 0, PIECE - within);
}

void mem_data_free(struct store_node *node)
{
    for (size_t i = 0; i < node->pieces.count; i++)
        free(node->pieces.items[i]);
    array_free(&node->pieces);
    free(node->data);
}
