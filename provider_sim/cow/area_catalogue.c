/* SPDX-License-Identifier: MIT */
/* Header and witness have two places each, written in turn, with checksums: a process that dies
 * while writing leaves the other one. */
#include "provider_sim/cow/area_catalogue.h"

#include "emu/base/checksum.h"
#include "emu/port/store.h"
#include "provider_sim/cow/area_bytes.h"

#include <errno.h>
#include <string.h>

#define FILE_NAME      "vssemu.catalogue"
#define FILE_SIZE      4096
#define PLACE_SIZE     512
#define WITNESS_PLACE  1024
#define WITNESS_STEP   256 /* to its second place */
#define LOST_PLACE     1536
#define NAME_PLACE     1792
#define SETTINGS_PLACE 2048

#define HEADER_MAGIC   "vssemu-c"
#define WITNESS_MAGIC  "vssemu-w"
#define LOST_MAGIC     "vssemu-l"
#define NAME_MAGIC     "vssemu-n"
#define SETTINGS_MAGIC "vssemu-s"
#define MAGIC_SIZE     8u

#define FLAG_DURABLE 1u

/* How long what the witness says may stay as it is. */
#define WITNESS_FRESH_NS INT64_C(500000000)

/* ---- places ---- */

static int write_place(struct area_catalogue *c, struct area_bytes *b, off_t place)
{
    area_put_u64(b, checksum_of(b->bytes.items, b->bytes.count, 0));
    ssize_t n = c->store->ops->write(c->store, c->file, b->bytes.items, b->bytes.count, place);
    int error = n == (ssize_t)b->bytes.count ? 0 : n < 0 ? (int)n : -EIO;

    array_free(&b->bytes);
    return error;
}

/* The fields of a place between magic and checksum: size bytes. */
static bool read_place(struct area_catalogue *c, off_t place, const char *magic, size_t size,
                       unsigned char *buffer, struct area_reader *ret_fields)
{
    size_t whole = MAGIC_SIZE + size + sizeof(uint64_t);
    ssize_t n = c->store->ops->read(c->store, c->file, buffer, whole, place);
    struct area_reader sum = { buffer + MAGIC_SIZE + size, buffer + whole, false };

    if (n != (ssize_t)whole || memcmp(buffer, magic, MAGIC_SIZE) != 0 ||
        area_get_u64(&sum) != checksum_of(buffer, MAGIC_SIZE + size, 0))
        return false;
    *ret_fields = (struct area_reader){ buffer + MAGIC_SIZE, buffer + MAGIC_SIZE + size, false };
    return true;
}

/* ---- the header ---- */

#define HEADER_SIZE (4 + 4 + 8 + 16 + 4 + 4 + 8 + 8 + 16)

static bool is_zero(const unsigned char *bytes, size_t size)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* What a place of a header holds. */
enum place { PLACE_ERROR, PLACE_EMPTY, PLACE_BAD, PLACE_VALID };

static enum place read_header(struct area_catalogue *c, off_t place, int *ret_error)
{
    unsigned char buffer[PLACE_SIZE] = { 0 };
    struct area_reader r;
    struct area_header h;

    if (!read_place(c, place, HEADER_MAGIC, HEADER_SIZE, buffer, &r))
        return is_zero(buffer, sizeof(buffer)) ? PLACE_EMPTY : PLACE_BAD;
    uint32_t version = area_get_u32(&r);
    if (version > AREA_VERSION) {
        *ret_error = -EPROTONOSUPPORT;
        return PLACE_ERROR;
    }
    h.next_number = area_get_u32(&r);
    h.turn = area_get_u64(&r);
    memcpy(h.life, area_get(&r, sizeof(h.life)), sizeof(h.life));
    h.state = area_get_u32(&r);
    h.is_durable = area_get_u32(&r) & FLAG_DURABLE;
    h.generation = area_get_u64(&r);
    h.log_end = area_get_u64(&r);
    h.settled = area_get_time(&r);
    if (version >= AREA_OLDEST && h.turn > c->header.turn)
        c->header = h;
    return PLACE_VALID;
}

/* From the second turn on both places have been written. */
static int read_headers(struct area_catalogue *c)
{
    int error = 0;
    enum place first = read_header(c, 0, &error), second = read_header(c, PLACE_SIZE, &error);

    c->is_blank = first != PLACE_VALID && second != PLACE_VALID;
    c->n_bad_headers = (unsigned)(first == PLACE_BAD) + (second == PLACE_BAD);
    if (c->header.turn > 1 && !c->n_bad_headers)
        c->n_bad_headers = (unsigned)(first == PLACE_EMPTY) + (second == PLACE_EMPTY);
    return error;
}

static void put_header(struct area_bytes *b, const struct area_header *h)
{
    area_put(b, HEADER_MAGIC, MAGIC_SIZE);
    area_put_u32(b, AREA_VERSION);
    area_put_u32(b, h->next_number);
    area_put_u64(b, h->turn);
    area_put(b, h->life, sizeof(h->life));
    area_put_u32(b, h->state);
    area_put_u32(b, h->is_durable ? FLAG_DURABLE : 0);
    area_put_u64(b, h->generation);
    area_put_u64(b, h->log_end);
    area_put_time(b, h->settled);
}

int area_catalogue_put(struct area_catalogue *c, const struct area_header *header)
{
    struct area_bytes b = { 0 };
    struct area_header h = *header;

    h.turn = c->header.turn + 1;
    put_header(&b, &h);
    int error = write_place(c, &b, (off_t)(h.turn & 1) * PLACE_SIZE);
    if (!error)
        error = c->store->ops->sync(c->store, c->file);
    c->is_uncertain = error != 0;
    if (error)
        return error;
    c->header = h;
    c->is_blank = c->is_fresh = false;
    c->n_bad_headers = 0;
    return 0;
}

/* ---- settings ---- */

#define SETTINGS_SIZE (8 + 4 + 4 + AREA_SETTINGS_MAX)

struct settings {
    uint64_t turn;
    uint32_t size;
    unsigned char bytes[AREA_SETTINGS_MAX];
};

/* Answers whether anything but zeroes is there; turn 0: nothing valid. */
static bool read_settings(struct area_catalogue *c, off_t place, struct settings *ret_settings)
{
    unsigned char buffer[PLACE_SIZE] = { 0 };
    struct area_reader r;

    *ret_settings = (struct settings){ 0 };
    if (!read_place(c, place, SETTINGS_MAGIC, SETTINGS_SIZE, buffer, &r))
        return !is_zero(buffer, PLACE_SIZE);
    ret_settings->turn = area_get_u64(&r);
    ret_settings->size = area_get_u32(&r);
    area_get_u32(&r);
    memcpy(ret_settings->bytes, area_get(&r, AREA_SETTINGS_MAX), AREA_SETTINGS_MAX);
    if (ret_settings->size > AREA_SETTINGS_MAX)
        ret_settings->turn = 0;
    return true;
}

/* The one that counts; likewise. */
static bool newest_settings(struct area_catalogue *c, struct settings *ret_settings)
{
    struct settings second;
    bool is_any = read_settings(c, SETTINGS_PLACE, ret_settings);

    is_any = read_settings(c, SETTINGS_PLACE + PLACE_SIZE, &second) || is_any;
    if (second.turn > ret_settings->turn)
        *ret_settings = second;
    return is_any;
}

int area_catalogue_put_settings(struct area_catalogue *c, const void *bytes, size_t size)
{
    static const unsigned char zeroes[AREA_SETTINGS_MAX];
    struct area_bytes b = { 0 };
    struct settings before;

    if (size > AREA_SETTINGS_MAX)
        return -E2BIG;
    newest_settings(c, &before);
    uint64_t turn = before.turn + 1;

    area_put(&b, SETTINGS_MAGIC, MAGIC_SIZE);
    area_put_u64(&b, turn);
    area_put_u32(&b, (uint32_t)size);
    area_put_u32(&b, 0);
    area_put(&b, bytes, size);
    area_put(&b, zeroes, AREA_SETTINGS_MAX - size);
    int error = write_place(c, &b, SETTINGS_PLACE + (off_t)(turn & 1) * PLACE_SIZE);

    return error ? error : c->store->ops->sync(c->store, c->file);
}

ssize_t area_catalogue_settings(struct area_catalogue *c, void *buffer)
{
    struct settings settings;
    bool is_any = c->file && newest_settings(c, &settings);

    if (!c->file || !settings.turn)
        return is_any ? -EBADMSG : 0;
    memcpy(buffer, settings.bytes, settings.size);
    return (ssize_t)settings.size;
}

/* ---- the mark of loss ---- */

static void read_lost(struct area_catalogue *c)
{
    unsigned char buffer[PLACE_SIZE];
    struct area_reader r;

    if (!read_place(c, LOST_PLACE, LOST_MAGIC, 16, buffer, &r))
        return;
    c->lost_generation = area_get_u64(&r);
    c->lost_number = area_get_u64(&r);
}

int area_catalogue_mark_lost(struct area_catalogue *c, uint64_t number)
{
    struct area_bytes b = { 0 };

    area_put(&b, LOST_MAGIC, MAGIC_SIZE);
    area_put_u64(&b, c->header.generation);
    area_put_u64(&b, number);
    int error = write_place(c, &b, LOST_PLACE);
    if (!error)
        error = c->store->ops->sync(c->store, c->file);
    return error;
}

/* ---- the identity ---- */

static void read_identity(struct area_catalogue *c)
{
    unsigned char buffer[PLACE_SIZE];
    struct area_reader r;

    c->has_identity = read_place(c, NAME_PLACE, NAME_MAGIC, sizeof(c->identity), buffer, &r);
    if (c->has_identity)
        memcpy(c->identity, area_get(&r, sizeof(c->identity)), sizeof(c->identity));
}

/* Worlds repeat what they draw, but not the moment, nor the file. */
static int draw_identity(struct area_catalogue *c, const unsigned char salt[16])
{
    struct area_bytes b = { 0 };
    struct stat st;
    int error = c->store->ops->stat(c->store, c->file, &st);

    if (error)
        return error;
    area_put(&b, salt, 16);
    area_put_time(&b, c->store->ops->now(c->store));
    area_put_u64(&b, st.st_dev);
    area_put_u64(&b, st.st_ino);
    for (size_t i = 0; i < 2; i++) {
        uint64_t half = htole64(checksum_of(b.bytes.items, b.bytes.count, i));

        memcpy(c->identity + i * sizeof(half), &half, sizeof(half));
    }
    array_free(&b.bytes);
    return 0;
}

int area_catalogue_identify(struct area_catalogue *c, const unsigned char salt[16])
{
    struct area_bytes b = { 0 };
    int error = draw_identity(c, salt);

    if (error)
        return error;
    area_put(&b, NAME_MAGIC, MAGIC_SIZE);
    area_put(&b, c->identity, sizeof(c->identity));
    error = write_place(c, &b, NAME_PLACE);
    if (!error) /* the folders, too: others depend on it from now on */
        error = c->store->ops->sync(c->store, NULL);
    c->has_identity = !error;
    return error;
}

/* ---- the witness ---- */

#define WITNESS_SIZE (8 + 16 + 8 + 8 * AREA_WITNESSES)

static bool is_newer(const struct area_witness *a, const struct area_witness *b)
{
    if (a->generation != b->generation)
        return a->generation > b->generation;
    return area_is_later(a->since, b->since) ||
           (!area_is_later(b->since, a->since) && a->count > b->count);
}

static void read_witness(struct area_catalogue *c, unsigned place)
{
    unsigned char buffer[PLACE_SIZE];
    struct area_reader r;
    struct area_witness w;

    if (!read_place(c, WITNESS_PLACE + (off_t)place * WITNESS_STEP, WITNESS_MAGIC, WITNESS_SIZE,
                    buffer, &r))
        return;
    w.generation = area_get_u64(&r);
    w.since = area_get_time(&r);
    w.count = area_get_u64(&r);
    for (size_t i = 0; i < AREA_WITNESSES; i++)
        w.inodes[i] = area_get_u64(&r);
    if (w.count > AREA_WITNESSES || !is_newer(&w, &c->witness))
        return;
    c->witness = w;
    c->witness_turn = place;
}

static int write_witness(struct area_catalogue *c)
{
    struct area_bytes b = { 0 };

    area_put(&b, WITNESS_MAGIC, MAGIC_SIZE);
    area_put_u64(&b, c->header.generation);
    area_put_time(&b, c->witness.since);
    area_put_u64(&b, c->witness.count);
    for (size_t i = 0; i < AREA_WITNESSES; i++)
        area_put_u64(&b, c->witness.inodes[i]);
    return write_place(c, &b, WITNESS_PLACE + (off_t)(++c->witness_turn & 1) * WITNESS_STEP);
}

static bool names(const struct area_witness *w, ino_t inode)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->inodes[i] == inode)
            return true;
    }
    return false;
}

static bool is_fresh_at(const struct area_witness *w, struct timespec now)
{
    int64_t seconds = now.tv_sec - w->since.tv_sec;

    if (seconds < 0 || seconds > 1)
        return false;
    int64_t age_ns = seconds * INT64_C(1000000000) + now.tv_nsec - w->since.tv_nsec;
    return age_ns >= 0 && age_ns < WITNESS_FRESH_NS;
}

/* A witness that cannot be written makes changes of the owner look foreign: the safe side. */
void area_catalogue_witness(struct area_catalogue *c, const ino_t *inodes, size_t n)
{
    struct area_witness *w = &c->witness;
    struct timespec now = c->store->ops->now(c->store);
    size_t missing = 0;

    for (size_t i = 0; i < n; i++)
        missing += !names(w, inodes[i]);
    bool is_fresh = w->generation == c->header.generation && is_fresh_at(w, now);
    if (c->is_mute || (is_fresh && !missing))
        return;
    if (!is_fresh || w->count + missing > AREA_WITNESSES)
        *w = (struct area_witness){ .generation = c->header.generation, .since = now };
    for (size_t i = 0; i < n; i++) {
        if (!names(w, inodes[i]))
            w->inodes[w->count++] = inodes[i];
    }
    write_witness(c);
}

int area_catalogue_witness_from(struct area_catalogue *c, struct timespec since)
{
    c->witness = (struct area_witness){ .generation = c->header.generation, .since = since };
    return c->is_mute ? 0 : write_witness(c);
}

bool area_catalogue_is_witnessed(const struct area_catalogue *c, ino_t inode,
                                 struct timespec changed)
{
    struct timespec until = c->witness.since;

    if (!area_is_later(changed, until))
        return true;
    until.tv_sec += AREA_GRACE_S;
    return names(&c->witness, inode) && !area_is_later(changed, until);
}

/* ---- the file ---- */

int area_catalogue_open(struct store *store, struct store_node *folder,
                        struct area_catalogue *ret_catalogue)
{
    struct area_catalogue c = { .store = store, .header = { .next_number = 1 }, .is_blank = true };
    struct stat st = { 0 };
    int error = store->ops->lookup(store, folder, FILE_NAME, &c.file);

    if (!error)
        error = store->ops->stat(store, c.file, &st);
    if (!error && st.st_size)
        error = read_headers(&c);
    if (error && error != -ENOENT) {
        area_catalogue_close(&c);
        return error;
    }
    c.is_fresh = !st.st_size;
    if (st.st_size) {
        read_witness(&c, 0);
        read_witness(&c, 1);
        read_lost(&c);
        read_identity(&c);
    }
    *ret_catalogue = c;
    return 0;
}

/* One write, so that a file without a header has been damaged. A full store has no room for
 * snapshots, but for its own files. */
int area_catalogue_create(struct area_catalogue *c, struct store_node *folder, bool has_header)
{
    static const char zeroes[FILE_SIZE];
    struct area_bytes b = { 0 };
    int error = c->file ? 0
                        : c->store->ops->create(c->store, folder, FILE_NAME, S_IFREG | 0600, 0,
                                                (uid_t)-1, (gid_t)-1, &c->file);

    if (error || !has_header)
        return error;
    c->header.turn = 1;
    area_put(&b, zeroes, PLACE_SIZE);
    put_header(&b, &c->header);
    area_put_u64(&b, checksum_of(b.bytes.items + PLACE_SIZE, b.bytes.count - PLACE_SIZE, 0));
    area_put(&b, zeroes, FILE_SIZE - b.bytes.count);
    if (c->store->ops->write(c->store, c->file, b.bytes.items, FILE_SIZE, 0) == FILE_SIZE)
        c->is_blank = c->is_fresh = false;
    else
        c->header.turn = 0;
    array_free(&b.bytes);
    return 0;
}

void area_catalogue_close(struct area_catalogue *c)
{
    if (c->file)
        c->store->ops->unref(c->store, c->file);
    c->file = NULL;
}

struct timespec area_life(struct store *store, unsigned char ret_life[16])
{
    return store->ops->life(store, ret_life);
}
