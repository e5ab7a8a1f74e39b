/* SPDX-License-Identifier: MIT */
/* See fuse_nodes.h. The two fixed inodes stand outside the table and are never forgotten. */
#include "provider_sim/fuse/fuse_nodes.h"

#include "emu/base/check.h"
#include "emu/base/list.h"
#include "provider_sim/cow/cow_volume.h"

#define ROOT_NUMBER 1u /* FUSE_ROOT_ID */

void fuse_nodes_init(struct fuse_nodes *nodes, struct cow_volume *volume)
{
    *nodes = (struct fuse_nodes){ .volume = volume };
    nodes->root.node = cow_volume_root(volume);
}

static void inode_free(struct fuse_nodes *nodes, struct fuse_inode *inode)
{
    hash_remove(inode->is_stale ? &nodes->stale : &nodes->inodes, &inode->link);
    cow_node_unref(nodes->volume, inode->node);
    free(inode);
}

static void free_all(struct fuse_nodes *nodes, struct hash *inodes)
{
    for (size_t i = 0; i < inodes->n_buckets; i++) {
        while (inodes->buckets[i])
            inode_free(nodes, container_of(inodes->buckets[i], struct fuse_inode, link));
    }
    hash_free(inodes);
}

void fuse_nodes_fini(struct fuse_nodes *nodes)
{
    free_all(nodes, &nodes->inodes);
    free_all(nodes, &nodes->stale);
    cow_node_unref(nodes->volume, nodes->root.node);
}

struct fuse_inode *fuse_nodes_find(struct fuse_nodes *nodes, uint64_t number)
{
    return number == ROOT_NUMBER ? &nodes->root : (struct fuse_inode *)(uintptr_t)number;
}

uint64_t fuse_nodes_number(const struct fuse_nodes *nodes, const struct fuse_inode *inode)
{
    return inode == &nodes->root ? ROOT_NUMBER : (uint64_t)(uintptr_t)inode;
}

static uint64_t hash_of(const struct cow_node *node, unsigned view)
{
    return hash_number((uint64_t)(uintptr_t)node + view);
}

void fuse_nodes_retire(struct fuse_nodes *nodes, struct fuse_inode *inode)
{
    hash_remove(&nodes->inodes, &inode->link);
    inode->is_stale = true;
    hash_add(&nodes->stale, &inode->link, hash_of(inode->node, inode->view));
}

struct fuse_inode *fuse_nodes_look_up(struct fuse_nodes *nodes, struct cow_node *take_node,
                                      unsigned view)
{
    uint64_t hash = hash_of(take_node, view);

    for (struct hash_link *link = hash_chain(&nodes->inodes, hash); link; link = link->next) {
        struct fuse_inode *inode = container_of(link, struct fuse_inode, link);

        if (inode->node == take_node && inode->view == view) {
            cow_node_unref(nodes->volume, take_node);
            inode->n_lookups++;
            return inode;
        }
    }
    struct fuse_inode *inode = mem_new(struct fuse_inode);

    inode->node = take_node;
    inode->view = view;
    inode->n_lookups = 1;
    hash_add(&nodes->inodes, &inode->link, hash);
    return inode;
}

void fuse_nodes_forget(struct fuse_nodes *nodes, uint64_t number, uint64_t n_lookups)
{
    struct fuse_inode *inode = fuse_nodes_find(nodes, number);

    if (inode == &nodes->root || inode == &nodes->snapshots)
        return;
    check(inode->n_lookups >= n_lookups);
    inode->n_lookups -= n_lookups;
    if (!inode->n_lookups)
        inode_free(nodes, inode);
}
