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
    uint64_t limit;  /* of the file */
    uint64_t budget; /* what looking for records may still cost; UINT64_MAX: whatever it costs */
    bool is_spent;   /* something was not looked at */
};

#define WINDOW ((size_t)1024 * 1024)

/* Looking for records where none need be: bytes that only look like large ones cost no more than a
 * multiple of the file, and small ones little enough to be looked at wherever they may be. */
#define SMALL_RECORD  1024u
#define MIDDLE_RECORD (WINDOW / 8)
#define BUDGET_TIMES  16u
#define BUDGET_LEAST  (UINT64_C(64) * 1024 * 1024)

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

static bool may_look(struct window *w, size_t size)
{
    uint64_t cost = size > MIDDLE_RECORD ? (uint64_t)size + WINDOW : size;

    if (w->budget == UINT64_MAX || size <= SMALL_RECORD)
        return true;
    if (cost > w->budget) {
        w->is_spent = true;
        return false;
    }
    w->budget -= cost;
    return true;
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
    if (offset + size > w->limit || !may_look(w, size))
        return false;
    frame = look(w, offset, size, ret_error);
    if (!frame || le64toh(sum) != checksum_of(frame + 8, size - 8, seed_of(w->log, offset)))
        return false;
    *ret_record = (struct area_record){
        kind, offset, size, { frame + AREA_FRAME_SIZE, frame + size, false }
    };
    return true;
}

/* Every record from there on, whatever stands between them. */
static void scan(struct window *w, uint64_t offset, area_record_fn *each, void *arg, int *ret_error)
{
    struct area_record record;

    if (w->limit <= (UINT64_MAX - BUDGET_LEAST) / BUDGET_TIMES)
        w->budget = w->limit * BUDGET_TIMES + BUDGET_LEAST;
    while (offset + AREA_FRAME_SIZE <= w->limit && !*ret_error) {
        if (!find_record(w, offset, &record, ret_error)) {
            offset += 8;
            continue;
        }
        if (!each(arg, &record))
            return;
        offset += record.size;
    }
}

static bool note_record(void *arg, struct area_record *record)
{
    (void)record;
    *(bool *)arg = true;
    return false;
}

/* Where not everything could be looked at, the safe side is that there is one. */
static bool has_record_behind(struct window *w, uint64_t offset, int *ret_error)
{
    bool is_any = false;

    scan(w, offset + 8, note_record, &is_any, ret_error);
    return is_any || w->is_spent;
}

static int begin_window(struct area_log *log, uint64_t limit, struct window *ret_window)
{
    struct stat st;
    int error = log->store->ops->stat(log->store, log->file, &st);

    *ret_window = (struct window){ .log = log, .limit = limit, .budget = UINT64_MAX };
    if (!error && (uint64_t)st.st_size < limit)
        ret_window->limit = (uint64_t)st.st_size;
    return error;
}

int area_log_read(struct area_log *log, uint64_t limit, area_record_fn *each, void *arg,
                  enum area_log_end *ret_end)
{
    struct area_record record;
    struct window w;
    int error = begin_window(log, limit, &w);
    bool is_refused = false;

    if (error)
        return error;
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

/* ---- when nothing says what there is ---- */

/* More generations than any volume has seen that is not very busy. */
#define GENERATIONS_TRIED 32768u

#define BEGIN_SIZE       (AREA_FRAME_SIZE + 16u) /* and where its generation stands: */
#define BEGIN_GENERATION (AREA_FRAME_SIZE + 8u)

/* The generation that the first record names, or that makes the second one valid. */
static bool find_generation(struct window *w, unsigned parity, int *ret_error)
{
    struct area_log *log = w->log;
    struct area_record record;
    const unsigned char *begin = look(w, 0, BEGIN_SIZE, ret_error);

    if (begin) {
        struct area_reader r = { begin + BEGIN_GENERATION, begin + BEGIN_SIZE, false };

        log->generation = area_get_u64(&r);
        if ((log->generation & 1) == parity && find_record(w, 0, &record, ret_error))
            return true;
    }
    w->budget = BUDGET_LEAST;
    for (log->generation = parity; log->generation < GENERATIONS_TRIED; log->generation += 2) {
        if (find_record(w, BEGIN_SIZE, &record, ret_error))
            return true;
    }
    return false;
}

int area_log_open_any(struct store *store, struct store_node *folder, unsigned parity,
                      uint64_t generation, struct area_log *ret_log)
{
    struct area_log log;
    struct window w;
    int error = area_log_open(store, folder, parity, &log);

    if (error)
        return error;
    error = begin_window(&log, UINT64_MAX, &w);
    if (!error && !find_generation(&w, parity, &error) && !error) {
        if ((generation & 1) != parity)
            error = -EBADMSG;
        log.generation = generation;
    }
    free(w.bytes);
    if (error)
        area_log_close(&log);
    else
        *ret_log = log;
    return error;
}

int area_log_scan(struct area_log *log, area_record_fn *each, void *arg)
{
    struct window w;
    int error = begin_window(log, UINT64_MAX, &w);

    if (!error)
        scan(&w, 0, each, arg, &error);
    free(w.bytes);
    return error;
}
