/* SPDX-License-Identifier: ISC
 *
 * state.c - see state.h. First the records of the file (records.h), then the file, then the directory, then the thread
 * that writes.
 *
 * A newer eldest may add types of records, but never changes the length of one. What would mislead this one takes a new
 * version.
 */
#include "platform/state.h"

#include "base/util.h"
#include "core/core.h"
#include "platform/clock.h"
#include "platform/records.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STATE_FILE "state"
#define STATE_FILE_DAMAGED "state.damaged"
#define STATE_LOCK "lock"
#define OVERRIDES_FILE "overrides"

enum {
    FORMAT_VERSION = 1,
    IMAGE_MAX = 4096, /* bytes of a file that we write */
    FOREIGN_MAX = 2048, /* bytes of records that are kept for a newer version */
    RETRY_S = 1, /* between tries of a failing write */
    STACK_SIZE = 128 * 1024,
};

static const char magic[RECORDS_MAGIC_SIZE] = "ELDSTATE";

/* What is in a file. */
struct content {
    struct persistent state;
    uint64_t fingerprint; /* 0 unknown */
    uint16_t foreign_size;
    uint8_t foreign[FOREIGN_MAX]; /* whole records */
};

/* ---- identities as bytes ---- */

static void put_id(struct cursor *cursor, const struct node_id *id) {
    records_put_bytes(cursor, id->bytes, sizeof id->bytes);
}

static void get_id(struct const_cursor *cursor, struct node_id *id) {
    memcpy(id->bytes, cursor->at, sizeof id->bytes);
    cursor->at += sizeof id->bytes;
}

/* ---- the records that this version knows ---- */

static void put_identity(struct cursor *cursor, const struct content *content) {
    put_id(cursor, &content->state.id);
    records_put_number(cursor, content->fingerprint, 8);
    records_put_number(cursor, content->state.incarnation, 4);
}

static void get_identity(struct const_cursor *cursor, struct content *content) {
    get_id(cursor, &content->state.id);
    content->fingerprint = records_get_number(cursor, 8);
    content->state.incarnation = (uint32_t)records_get_number(cursor, 4);
}

static void put_epochs(struct cursor *cursor, const struct content *content) {
    records_put_number(cursor, content->state.epoch_block, 8);
}

static void get_epochs(struct const_cursor *cursor, struct content *content) {
    content->state.epoch_block = records_get_number(cursor, 8);
}

static void put_own(struct cursor *cursor, const struct content *content) {
    records_put_number(cursor, content->state.own.epoch, 8);
    put_id(cursor, &content->state.own.leader);
}

static void get_own(struct const_cursor *cursor, struct content *content) {
    content->state.own.epoch = records_get_number(cursor, 8);
    get_id(cursor, &content->state.own.leader);
}

static void put_vote(struct cursor *cursor, const struct content *content) {
    records_put_number(cursor, content->state.vote_epoch, 8);
    put_id(cursor, &content->state.voted);
}

static void get_vote(struct const_cursor *cursor, struct content *content) {
    content->state.vote_epoch = records_get_number(cursor, 8);
    get_id(cursor, &content->state.voted);
}

/* Type 0 does not exist; the type of a record is its place here plus one. All of them are in every file, in
 * this order. */
static const struct record {
    uint16_t size;
    void (*put)(struct cursor *cursor, const struct content *content);
    void (*get)(struct const_cursor *cursor, struct content *content);
} records[] = {
    { 28, put_identity, get_identity },
    { 8, put_epochs, get_epochs },
    { 24, put_own, get_own },
    { 24, put_vote, get_vote },
};

/* ---- the image of a file ---- */

static size_t encode(const struct content *content, uint8_t image[IMAGE_MAX]) {
    size_t size = RECORDS_HEADER_SIZE + content->foreign_size + RECORDS_CHECKSUM_SIZE;
    struct cursor cursor = { image };

    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        size += RECORDS_HEAD_SIZE + records[i].size;
    assert(size <= IMAGE_MAX);

    records_put_header(&cursor, magic, FORMAT_VERSION, size);
    for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
        records_put_head(&cursor, (unsigned)i + 1, records[i].size);
        records[i].put(&cursor, content);
    }
    records_put_bytes(&cursor, content->foreign, content->foreign_size);
    records_put_checksum(&cursor, image);
    assert(cursor.at == image + size);
    return size;
}

static bool keep_foreign(struct content *content, const uint8_t *record, size_t size) {
    if (size > FOREIGN_MAX - (size_t)content->foreign_size)
        return false;
    memcpy(content->foreign + content->foreign_size, record, size);
    content->foreign_size = (uint16_t)(content->foreign_size + size);
    return true;
}

/* Takes the record at `at`; `left` bytes of records remain in the file. Returns its size, or 0 if it is not
 * sound. */
static size_t take_record(struct content *content, const uint8_t *at, size_t left, unsigned *seen) {
    struct const_cursor cursor = { at };
    size_t type, length, size;

    if (!records_get_head(&cursor, left, &type, &length) || type == 0)
        return 0;
    size = RECORDS_HEAD_SIZE + length;
    if (type > ARRAY_SIZE(records))
        return keep_foreign(content, at, size) ? size : 0;
    if (length != records[type - 1].size || (*seen & 1u << type))
        return 0;
    *seen |= 1u << type;
    records[type - 1].get(&cursor, content);
    return size;
}

/* The checksum says that we wrote it; this, that it makes sense. */
static bool is_plausible(const struct persistent *state) {
    return !node_id_is_none(&state->id) && state->epoch_block <= WIRE_EPOCH_MAX &&
           state->own.epoch <= WIRE_EPOCH_MAX && state->vote_epoch <= WIRE_EPOCH_MAX;
}

/* The records of a sound frame. */
static bool decode(const uint8_t *image, size_t size, struct content *ret) {
    struct content content = { 0 };
    unsigned seen = 0, all = 0;
    size_t at = RECORDS_HEADER_SIZE;

    while (at < size - RECORDS_CHECKSUM_SIZE) {
        size_t taken = take_record(&content, image + at, size - RECORDS_CHECKSUM_SIZE - at, &seen);

        if (taken == 0)
            return false;
        at += taken;
    }
    for (size_t i = 0; i < ARRAY_SIZE(records); i++)
        all |= 1u << (i + 1);
    if (seen != all || !is_plausible(&content.state))
        return false;
    *ret = content;
    return true;
}

/* ---- the file ---- */

/* Replaces the file; called by one thread at a time. */
static int write_file(int directory, const struct content *content) {
    uint8_t image[IMAGE_MAX];

    return records_replace(directory, STATE_FILE, image, encode(content, image));
}

/* What the file says, as far as it says anything: content is filled for STATE_LOADED only. -EPROTONOSUPPORT if it is
 * of a version that we do not know. */
static int read_file(int directory, struct content *content, enum state_origin *ret_origin) {
    uint8_t image[RECORDS_FILE_MAX + 1];
    ssize_t size = records_read(directory, STATE_FILE, image, sizeof image);
    unsigned version;

    *ret_origin = size == -ENOENT ? STATE_MISSING : STATE_UNREADABLE;
    if (size < 0)
        return 0;
    version = records_version(image, (size_t)size, magic);
    if (version != 0 && version != FORMAT_VERSION)
        return -EPROTONOSUPPORT;
    *ret_origin = version != 0 && decode(image, (size_t)size, content) ? STATE_LOADED : STATE_DAMAGED;
    return 0;
}

/* A file that does not tell us its epochs may still tell them to somebody. */
static int keep_aside(int directory, enum state_origin origin) {
    if (origin != STATE_DAMAGED && origin != STATE_UNREADABLE)
        return 0;
    return renameat(directory, STATE_FILE, directory, STATE_FILE_DAMAGED) < 0 ? -errno : 0;
}

/* ---- the state of a start ---- */

const char *state_origin_text(enum state_origin origin) {
    static const char *const texts[] = {
        [STATE_LOADED] = "loaded",
        [STATE_MISSING] = "missing",
        [STATE_DAMAGED] = "damaged, kept as " STATE_FILE_DAMAGED,
        [STATE_UNREADABLE] = "unreadable, kept as " STATE_FILE_DAMAGED,
        [STATE_OTHER_HOST] = "of another machine",
        [STATE_USED_UP] = "used up",
    };

    return (size_t)origin < ARRAY_SIZE(texts) ? texts[origin] : "?";
}

static int draw_id(struct node_id *ret) {
    struct node_id id;

    do {
        ssize_t got = getrandom(id.bytes, sizeof id.bytes, 0);

        if (got < 0 && errno != EINTR)
            return -errno;
        if (got != (ssize_t)sizeof id.bytes)
            memset(&id, 0, sizeof id);
    } while (node_id_is_none(&id));
    *ret = id;
    return 0;
}

static enum state_origin judge(const struct content *content, uint64_t fingerprint) {
    if (content->fingerprint != 0 && fingerprint != 0 && content->fingerprint != fingerprint)
        return STATE_OTHER_HOST;
    if (content->state.incarnation == UINT32_MAX)
        return STATE_USED_UP;
    return STATE_LOADED;
}

/* A new identity. Of the old one it keeps how high the epochs were, if that is known: tokens must not go
 * back. */
static int renew(struct content *content) {
    const struct persistent *old = &content->state;
    uint64_t highest = old->epoch_block;
    struct content fresh = { 0 };
    int result = draw_id(&fresh.state.id);

    if (result < 0)
        return result;
    highest = highest > old->own.epoch ? highest : old->own.epoch;
    highest = highest > old->vote_epoch ? highest : old->vote_epoch;
    fresh.state.epoch_block = highest;
    *content = fresh;
    return 0;
}

static void count_up(struct content *content) {
    uint64_t room = WIRE_EPOCH_MAX - content->state.epoch_block;

    content->state.incarnation++;
    content->state.epoch_block += room < EPOCH_BLOCK ? room : EPOCH_BLOCK;
}

/* Reads what is there, or starts anew, and writes it back for this start. */
static int start(int directory, uint64_t fingerprint, struct content *content, enum state_origin *ret_origin) {
    enum state_origin origin;
    int result = read_file(directory, content, &origin);

    if (result == 0)
        result = keep_aside(directory, origin);
    if (result == 0 && origin == STATE_LOADED)
        origin = judge(content, fingerprint);
    if (result == 0 && origin != STATE_LOADED)
        result = renew(content);
    if (result < 0)
        return result;
    if (fingerprint != 0)
        content->fingerprint = fingerprint;
    count_up(content);
    result = write_file(directory, content);
    if (result == 0)
        *ret_origin = origin;
    return result;
}

/* ---- the directory ---- */

static void close_if_open(int fd) {
    if (fd >= 0)
        close(fd);
}

/* Makes the entry of a new directory in its parent last. As well as we may: the parent need not be readable
 * for us. */
static void sync_parent(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int parent = fd < 0 ? -1 : openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (parent >= 0)
        fsync(parent);
    close_if_open(parent);
    close_if_open(fd);
}

static int make_directory(const char *path) {
    int error;

    if (mkdir(path, 0750) == 0) {
        sync_parent(path);
        return 0;
    }
    error = errno; /* for a directory that is there it may also be what forbids a new one */
    return error == EEXIST || access(path, F_OK) == 0 ? 0 : -error;
}

/* Creates what is missing of path, from the top. */
static int make_path(const char *path) {
    char text[PATH_MAX];
    size_t length = strlen(path);
    int result = 0;

    if (length >= sizeof text)
        return -ENAMETOOLONG;
    memcpy(text, path, length + 1);
    for (size_t i = 1; i < length && result == 0; i++) {
        if (text[i] != '/')
            continue;
        text[i] = '\0';
        result = make_directory(text);
        text[i] = '/';
    }
    return result < 0 ? result : make_directory(text);
}

static int refuse_others(int fd) {
    struct stat status;
    int result = fstat(fd, &status) < 0 ? -errno : (status.st_mode & S_IWOTH) != 0 ? -EPERM : fd;

    if (result < 0)
        close(fd);
    return result;
}

static int open_directory(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result;

    if (fd >= 0)
        return refuse_others(fd);
    if (errno != ENOENT)
        return -errno;
    result = make_path(path);
    if (result < 0)
        return result;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* Returns the descriptor that holds the lock, or -EBUSY. */
static int take_lock(int directory) {
    int fd = openat(directory, STATE_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int result;

    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    result = errno == EWOULDBLOCK ? -EBUSY : -errno;
    close(fd);
    return result;
}

/* ---- the store and its thread ---- */

struct state_store {
    int directory;
    int lock; /* descriptor that holds the lock of the directory */
    int changed; /* eventfd: the result has begun to fail or works again */
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t work; /* something waits, or the end has come */
    pthread_cond_t idle; /* the file is not being written */
    struct content content; /* the newest state */
    bool waits; /* content is newer than the file, and the thread is to write it */
    bool writing; /* somebody is writing the file */
    bool closing;
    int result; /* of the latest write */
    struct state_writes writes;
    /* the other file, which the thread alone writes */
    uint8_t overrides[STATE_OVERRIDES_MAX]; /* the newest image ... */
    size_t overrides_size; /* ... of so many bytes */
    bool overrides_wait; /* it is newer than the file */
    int overrides_result; /* of the latest write */
};

static void tell_change(struct state_store *store, int before, int now) {
    if ((before < 0) != (now < 0))
        eventfd_write(store->changed, 1);
}

static void note_result(struct state_store *store, int result) {
    tell_change(store, store->result, result);
    store->result = result;
    if (result < 0)
        store->waits = true;
}

/* Writes the newest state as it is now. The mutex is held on entry and on return, but not while the disk is
 * at work. */
static int write_newest(struct state_store *store) {
    struct content content;
    usec_t began_at;
    int result;

    while (store->writing)
        pthread_cond_wait(&store->idle, &store->mutex);
    content = store->content;
    store->waits = false;
    store->writing = true;
    pthread_mutex_unlock(&store->mutex);
    began_at = clock_now();
    result = write_file(store->directory, &content);
    pthread_mutex_lock(&store->mutex);
    store->writing = false;
    store->writes.failed += result < 0;
    histogram_note(&store->writes.lasted, clock_now() - began_at);
    note_result(store, result);
    pthread_cond_broadcast(&store->idle);
    return result;
}

/* The same for the other file. */
static void write_overrides(struct state_store *store) {
    uint8_t image[STATE_OVERRIDES_MAX];
    size_t size = store->overrides_size;
    int before = store->overrides_result, result;

    memcpy(image, store->overrides, size);
    store->overrides_wait = false;
    pthread_mutex_unlock(&store->mutex);
    result = records_replace(store->directory, OVERRIDES_FILE, image, size);
    pthread_mutex_lock(&store->mutex);
    store->overrides_result = result;
    store->overrides_wait |= result < 0;
    tell_change(store, before, result);
}

static bool is_failing(const struct state_store *store) {
    return store->result < 0 || store->overrides_result < 0;
}

/* Until there is something to write, or the end. After a failure not before the next try is due. */
static void wait_for_work(struct state_store *store) {
    struct timespec due;

    if (is_failing(store) && !store->closing) {
        clock_gettime(CLOCK_MONOTONIC, &due);
        due.tv_sec += RETRY_S;
        while (is_failing(store) && !store->closing &&
               pthread_cond_timedwait(&store->work, &store->mutex, &due) != ETIMEDOUT)
            continue;
    }
    while (!store->waits && !store->overrides_wait && !store->closing)
        pthread_cond_wait(&store->work, &store->mutex);
}

static void *run(void *argument) {
    struct state_store *store = argument;
    bool closing;

    pthread_mutex_lock(&store->mutex);
    do {
        wait_for_work(store);
        closing = store->closing;
        if (store->waits)
            write_newest(store);
        if (store->overrides_wait)
            write_overrides(store);
    } while (!closing);
    pthread_mutex_unlock(&store->mutex);
    return NULL;
}

/* No signal is for this thread; it inherits its mask from here. */
static int start_thread(struct state_store *store) {
    pthread_attr_t attributes;
    sigset_t all, before;
    int error;

    sigfillset(&all);
    error = pthread_attr_init(&attributes);
    if (error != 0)
        return -error;
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    error = pthread_create(&store->thread, &attributes, run, store);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    store->has_thread = error == 0;
    return -error;
}

static void stop_thread(struct state_store *store) {
    if (!store->has_thread)
        return;
    pthread_mutex_lock(&store->mutex);
    store->closing = true;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
    pthread_join(store->thread, NULL);
}

static struct state_store *store_new(void) {
    struct state_store *store = calloc(1, sizeof *store);
    pthread_condattr_t attributes;

    if (!store)
        return NULL;
    store->directory = store->lock = store->changed = -1;
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->idle, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&store->work, &attributes);
    pthread_condattr_destroy(&attributes);
    return store;
}

/* What can be opened before the state is read. */
static int store_open(struct state_store *store, const char *directory) {
    store->directory = open_directory(directory);
    if (store->directory < 0)
        return store->directory;
    store->lock = take_lock(store->directory);
    if (store->lock < 0)
        return store->lock;
    store->changed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return store->changed < 0 ? -errno : 0;
}

int state_open(const char *directory, uint64_t fingerprint, struct state_store **ret_store,
               struct persistent *ret_state, enum state_origin *ret_origin) {
    struct state_store *store = store_new();
    enum state_origin origin = STATE_LOADED;
    int result = store ? store_open(store, directory) : -ENOMEM;

    if (result == 0)
        result = start(store->directory, fingerprint, &store->content, &origin);
    if (result == 0)
        result = start_thread(store);
    if (result < 0) {
        state_close(store);
        return result;
    }
    *ret_store = store;
    *ret_state = store->content.state;
    *ret_origin = origin;
    return 0;
}

int state_save_durable(struct state_store *store, const struct persistent *state) {
    int result;

    pthread_mutex_lock(&store->mutex);
    store->content.state = *state;
    result = write_newest(store);
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
    return result;
}

void state_save_background(struct state_store *store, const struct persistent *state) {
    pthread_mutex_lock(&store->mutex);
    store->content.state = *state;
    store->waits = true;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
}

ssize_t state_read_overrides(const struct state_store *store, uint8_t image[STATE_OVERRIDES_MAX + 1]) {
    return records_read(store->directory, OVERRIDES_FILE, image, STATE_OVERRIDES_MAX + 1);
}

void state_save_overrides(struct state_store *store, const uint8_t *image, size_t size) {
    assert(size <= STATE_OVERRIDES_MAX);
    pthread_mutex_lock(&store->mutex);
    memcpy(store->overrides, image, size);
    store->overrides_size = size;
    store->overrides_wait = true;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
}

int state_overrides_result(struct state_store *store) {
    int result;

    pthread_mutex_lock(&store->mutex);
    result = store->overrides_result;
    pthread_mutex_unlock(&store->mutex);
    return result;
}

int state_fd(const struct state_store *store) {
    return store->changed;
}

int state_result(struct state_store *store) {
    eventfd_t count;
    int result;

    pthread_mutex_lock(&store->mutex);
    eventfd_read(store->changed, &count);
    result = store->result;
    pthread_mutex_unlock(&store->mutex);
    return result;
}

void state_writes(struct state_store *store, struct state_writes *ret) {
    pthread_mutex_lock(&store->mutex);
    *ret = store->writes;
    pthread_mutex_unlock(&store->mutex);
}

void state_close(struct state_store *store) {
    if (!store)
        return;
    stop_thread(store);
    close_if_open(store->changed);
    close_if_open(store->lock);
    close_if_open(store->directory);
    pthread_cond_destroy(&store->work);
    pthread_cond_destroy(&store->idle);
    pthread_mutex_destroy(&store->mutex);
    free(store);
}
