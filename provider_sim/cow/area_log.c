/* SPDX-License-Identifier: MIT */
/* Checksums are salted with generation and offset, so that bytes of an earlier log, or of another
 * place, are never a record. */
#include "provider_sim/cow/area_log.h"

#include "emu/base/checksum.h"
#include "emu/base/mem.h"
#include "emu/port/store.h"
#include "provider_sim/cow/area_catalogue.h"
#include "provider_sim/cow/cow_store.h"

#include <errno.h>
#include <stdlib.h>

/* Room is asked for in pieces, so that a record hardly ever finds the store full. */
#define PIECE (UINT64_C(256) * 1024)

static const char *file_name(uint64_t generation)
{
    return generation & 1 ? "vssemu.log.1" : "vssemu.log.0";
}

static uint64_t seed_of(const struct area_log *log, uint64_t offset)
{
    return (log->generation << 40) + offset;
}

/* ---- the file ---- */

int area_log_create(struct store *store, struct store_node *folder, uint64_t generation,
                    struct area_log *ret_log)
{
    struct area_log log = { .store = store, .folder = folder, .generation = generation };

    area_log_remove(store, folder, generation);
    int error = store->ops->create(store, folder, file_name(generation), S_IFREG | 0600, 0,
                                   (uid_t)-1, (gid_t)-1, &log.file);
    if (error)
        return error;
    *ret_log = log;
    struct area_bytes *b = area_log_begin(ret_log, AREA_BEGIN);

    area_put_u32(b, AREA_VERSION);
    area_put_u32(b, COW_BLOCK_SIZE);
    area_put_u64(b, generation);
    area_log_finish(ret_log);
    return 0;
}

int area_log_open(struct store *store, struct store_node *folder, uint64_t generation,
                  struct area_log *ret_log)
{
    struct area_log log = { .store = store, .folder = folder, .generation = generation };
    int error = store->ops->lookup(store, folder, file_name(generation), &log.file);

    if (error)
        return error;
    *ret_log = log;
    return 0;
}

void area_log_close(struct area_log *log)
{
    if (log->file)
        log->store->ops->unref(log->store, log->file);
    array_free(&log->pending.bytes);
    *log = (struct area_log){ 0 };
}

void area_log_remove(struct store *store, struct store_node *folder, uint64_t generation)
{
    store->ops->unlink(store, folder, file_name(generation));
}

/* ---- writing ---- */

struct area_bytes *area_log_begin(struct area_log *log, enum area_kind kind)
{
    log->frame = log->pending.bytes.count;
    area_put_u64(&log->pending, 0); /* checksum and size: area_log_finish */
    area_put_u32(&log->pending, 0);
    area_put_u16(&log->pending, (uint16_t)kind);
    area_put_u16(&log->pending, 0);
    return &log->pending;
}

void area_log_finish(struct area_log *log)
{
    static const char zeroes[8];
    size_t size = log->pending.bytes.count - log->frame;

    area_put(&log->pending, zeroes, -size & 7);
    size = log->pending.bytes.count - log->frame;
    unsigned char *frame = log->pending.bytes.items + log->frame;
    uint32_t size_on_disk = htole32((uint32_t)size);

    memcpy(frame + 8, &size_on_disk, sizeof(size_on_disk));
    uint64_t sum = htole64(checksum_of(frame + 8, size - 8, seed_of(log, log->end + log->frame)));
    memcpy(frame, &sum, sizeof(sum));
    log->n_records++;
}

static int make_room(struct area_log *log, uint64_t end)
{
    struct store *s = log->store;

    if (end <= log->allocated || !s->ops->allocate)
        return 0;
    uint64_t size = (end - log->end + PIECE) / PIECE * PIECE;
    int error = s->ops->allocate(s, log->file, (off_t)log->end, (off_t)size);

    if (error == -EOPNOTSUPP)
        return 0;
    if (!error)
        log->allocated = log->end + size;
    return error;
}

int area_log_flush(struct area_log *log)
{
    size_t size = log->pending.bytes.count, done = 0;

    if (!size)
        return 0;
    int error = make_room(log, log->end + size);
    while (!error && done < size) {
        ssize_t n = log->store->ops->write(log->store, log->file, log->pending.bytes.items + done,
                                           size - done, (off_t)(log->end + done));

        if (n <= 0)
            error = n < 0 ? (int)n : -EIO;
        else
            done += (size_t)n;
    }
    if (error)
        return error;
    log->end += size;
    log->pending.bytes.count = 0;
    return 0;
}

void area_log_forget(struct area_log *log)
{
    log->pending.bytes.count = 0;
}

int area_log_sync(struct area_log *log)
{
    return log->store->ops->sync(log->store, log->file);
}

uint64_t area_log_size(const struct area_log *log)
{
    return log->end + log->pending.bytes.count;
}

/* ---- reading ---- */

/* A window on the file that slides forward. */
struct window {
    struct area_log *log;
    unsigned char *bytes;
    size_t capacity;
    uint64_t start; /* in the file */
    size_t size;
    uint64_t limit; /* of the file */
};

#define WINDOW ((size_t)1024 * 1024)

/* Bytes offset..offset + size - 1, NULL if the file has not so many. */
static const unsigned char *look(struct window *w, uint64_t offset, size_t size, int *ret_error)
{
    if (offset + size > w->limit)
        return NULL;
    if (offset >= w->start && offset + size <= w->start + w->size)
        return w->bytes + (offset - w->start);
    if (size > w->capacity) {
        w->capacity = size > WINDOW ? size : WINDOW;
        free(w->bytes);
        w->bytes = mem_alloc(w->capacity);
    }
    w->start = offset;
    w->size = 0;
    while (w->size < w->capacity && offset + w->size < w->limit) {
        size_t most = w->capacity - w->size;
        uint64_t left = w->limit - offset - w->size;
        ssize_t n =
            w->log->store->ops->read(w->log->store, w->log->file, w->bytes + w->size,
                                     left < most ? (size_t)left : most, (off_t)(offset + w->size));

        if (n < 0)
            *ret_error = (int)n;
        if (n <= 0)
            break;
        w->size += (size_t)n;
    }
    return w->size >= size ? w->bytes : NULL;
}

/* Whether a record stands there. */
static bool find_record(struct window *w, uint64_t offset, struct area_record *ret_record,
                        int *ret_error)
{
    const unsigned char *frame = look(w, offset, AREA_FRAME_SIZE, ret_error);
    uint32_t size;
    uint16_t kind, zero;
    uint64_t sum;

    if (!frame)
        return false;
    memcpy(&sum, frame, sizeof(sum));
    memcpy(&size, frame + 8, sizeof(size));
    memcpy(&kind, frame + 12, sizeof(kind));
    memcpy(&zero, frame + 14, sizeof(zero));
    size = le32toh(size);
    kind = le16toh(kind);
    if (size < AREA_FRAME_SIZE || size % 8 || zero || !kind || kind >= AREA_KINDS)
        return false;
    frame = look(w, offset, size, ret_error);
    if (!frame || le64toh(sum) != checksum_of(frame + 8, size - 8, seed_of(w->log, offset)))
        return false;
    *ret_record = (struct area_record){
        kind, offset, size, { frame + AREA_FRAME_SIZE, frame + size, false }
    };
    return true;
}

static bool has_record_behind(struct window *w, uint64_t offset, int *ret_error)
{
    struct area_record record;

    for (offset += 8; offset + AREA_FRAME_SIZE <= w->limit && !*ret_error; offset += 8) {
        if (find_record(w, offset, &record, ret_error))
            return true;
    }
    return false;
}

int area_log_read(struct area_log *log, uint64_t limit,
                  bool (*each)(void *arg, struct area_record *record), void *arg,
                  enum area_log_end *ret_end)
{
    struct window w = { .log = log, .limit = limit };
    struct area_record record;
    struct stat st;
    int error = log->store->ops->stat(log->store, log->file, &st);
    bool is_refused = false;

    if (error)
        return error;
    if ((uint64_t)st.st_size < w.limit)
        w.limit = (uint64_t)st.st_size;
    log->end = log->allocated = 0;
    while (!is_refused && find_record(&w, log->end, &record, &error)) {
        is_refused = !each(arg, &record);
        if (!is_refused) {
            log->end += record.size;
            log->n_records++;
        }
    }
    if (is_refused)
        *ret_end = AREA_LOG_DAMAGED;
    else if (log->end == w.limit)
        *ret_end = AREA_LOG_WHOLE;
    else
        *ret_end = has_record_behind(&w, log->end, &error) ? AREA_LOG_DAMAGED : AREA_LOG_TORN;
    free(w.bytes);
    return error;
}
