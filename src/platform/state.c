/* SPDX-License-Identifier: ISC
 *
 * state.c - see state.h. First the file (stateimage.h), then the directory, then the thread that writes.
 */
#include "platform/state.h"

#include "base/util.h"
#include "core/core.h"
#include "platform/clock.h"
#include "platform/identity.h"
#include "platform/records.h"
#include "platform/stateimage.h"

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
    RETRY_S = 1, /* between tries of a failing write */
    STACK_SIZE = 128 * 1024,
};

/* ---- the file ---- */

/* Replaces the file; called by one thread at a time. */
static int write_file(int directory, const struct state_content *content) {
    uint8_t image[STATEIMAGE_MAX];

    return records_replace(directory, STATE_FILE, image, stateimage_encode(content, image));
}

/* What the file says, as far as it says anything: content is filled for STATE_LOADED only. -EPROTONOSUPPORT if it is
 * of a version that we do not know. */
static int read_file(int directory, struct state_content *content, enum state_origin *ret_origin) {
    uint8_t image[RECORDS_FILE_MAX + 1];
    ssize_t size = records_read(directory, STATE_FILE, image, sizeof image);
    int result;

    *ret_origin = size == -ENOENT ? STATE_MISSING : STATE_UNREADABLE;
    if (size < 0)
        return 0;
    result = stateimage_decode(image, (size_t)size, content);
    *ret_origin = result == 0 ? STATE_LOADED : STATE_DAMAGED;
    return result == -EPROTONOSUPPORT ? result : 0;
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

static enum state_origin judge(const struct state_content *content, uint64_t fingerprint) {
    if (!identity_may_match(content->fingerprint, fingerprint))
        return STATE_OTHER_HOST;
    if (content->state.incarnation == UINT32_MAX)
        return STATE_USED_UP;
    return STATE_LOADED;
}

/* A new identity. Of the old one it keeps how high the epochs were, if that is known: tokens must not go
 * back. */
static int renew(struct state_content *content) {
    const struct persistent *old = &content->state;
    uint64_t highest = old->epoch_block;
    struct state_content fresh = { 0 };
    int result = draw_id(&fresh.state.id);

    if (result < 0)
        return result;
    highest = highest > old->own.epoch ? highest : old->own.epoch;
    highest = highest > old->vote_epoch ? highest : old->vote_epoch;
    fresh.state.epoch_block = highest;
    *content = fresh;
    return 0;
}

static void count_up(struct state_content *content) {
    uint64_t room = WIRE_EPOCH_MAX - content->state.epoch_block;

    content->state.incarnation++;
    content->state.epoch_block += room < EPOCH_BLOCK ? room : EPOCH_BLOCK;
}

/* Reads what is there, or starts anew, and writes it back for this start. */
static int start(int directory, uint64_t fingerprint, struct state_content *content, enum state_origin *ret_origin) {
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
    content->fingerprint = identity_join(content->fingerprint, fingerprint);
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

static int take_lock_by(int directory, int mode) {
    int fd = openat(directory, STATE_LOCK, mode | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int result;

    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    result = errno == EWOULDBLOCK ? -EBUSY : -errno;
    close(fd);
    return result;
}

/* Returns the descriptor that holds the lock, or -EBUSY. It is open for reading, or the file system could not be made
 * read-only meanwhile; NFS locks only what is open for writing. */
static int take_lock(int directory) {
    int fd = take_lock_by(directory, O_RDONLY);

    return fd == -EBADF ? take_lock_by(directory, O_RDWR) : fd;
}

/* ---- the store and its thread ---- */

struct state_store {
    char *path; /* of the directory */
    int directory;
    int lock; /* descriptor that holds the lock of the directory */
    int changed; /* eventfd: the result has begun to fail or works again */
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t work; /* something waits, or the end has come */
    pthread_cond_t idle; /* the file is not being written */
    struct state_content content; /* the newest state */
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

/* Makes the directory anew if it was removed: what waits to be written is not lost by that. The descriptors stay the
 * same, since the other thread may use them at this moment. */
static int find_directory(struct state_store *store) {
    struct stat status;
    int directory, lock, result = 0;

    if (fstat(store->directory, &status) < 0 || status.st_nlink > 0)
        return 0;
    directory = open_directory(store->path);
    if (directory < 0)
        return directory;
    lock = take_lock(directory);
    if (lock < 0)
        result = lock;
    else if (dup3(lock, store->lock, O_CLOEXEC) < 0 || dup3(directory, store->directory, O_CLOEXEC) < 0)
        result = -errno;
    close_if_open(lock);
    close(directory);
    return result;
}

/* Writes the newest state as it is now. The mutex is held on entry and on return, but not while the disk is
 * at work. */
static int write_newest(struct state_store *store) {
    struct state_content content;
    usec_t began_at;
    int result;

    while (store->writing)
        pthread_cond_wait(&store->idle, &store->mutex);
    content = store->content;
    store->waits = false;
    store->writing = true;
    pthread_mutex_unlock(&store->mutex);
    began_at = clock_now();
    result = find_directory(store);
    if (result == 0)
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
    result = find_directory(store);
    if (result == 0)
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
    store->path = realpath(directory, NULL);
    if (!store->path)
        return -errno;
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
    free(store->path);
    free(store);
}
