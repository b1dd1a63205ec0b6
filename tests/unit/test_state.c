/* SPDX-License-Identifier: ISC
 *
 * test_state.c - the state file and its directory: every outcome of a start, damage of every byte and bit,
 * saving in both ways, crashes at every byte and system call, and the fingerprint of the machine.
 */
#include "core/core.h"
#include "platform/identity.h"
#include "platform/state.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_MAX = 8192, FINGERPRINT = 42, PATIENCE_MS = 20000 };

/* ---- a state directory per test ---- */

static char directory[64]; /* in memory, where it can be: thousands of times it is waited until something is on disk */

static const char *path_of(const char *name) {
    static char path[sizeof directory + 64];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

/* Records of the file, heads included: seats, and all that an older version does not write. */
enum { NUMBER_RECORD = 4 + 8, SEATS_RECORD = 4 + 14 + ROSTER_MAX * 16 };
enum { PINNED = NUMBER_RECORD, SEATED = PINNED + SEATS_RECORD, PROMISED = SEATED + SEATS_RECORD }; /* ends of records */
enum { LATER_SIZE = PROMISED + NUMBER_RECORD };

static void setup(void) {
    snprintf(directory, sizeof directory, "%s/eldest-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void remove_tree(const char *path) {
    DIR *dir = opendir(path);
    struct dirent *entry;
    char child[PATH_MAX];

    while (dir && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
        if (remove(child) < 0)
            remove_tree(child);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

static void teardown(void) {
    remove_tree(directory);
}

static size_t read_bytes(const char *name, uint8_t bytes[FILE_MAX]) {
    FILE *file = fopen(path_of(name), "rb");
    size_t size;

    ck_assert_ptr_nonnull(file);
    size = fread(bytes, 1, FILE_MAX, file);
    fclose(file);
    return size;
}

static void write_bytes(const char *name, const void *bytes, size_t size) {
    FILE *file = fopen(path_of(name), "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void assert_same(const struct persistent *a, const struct persistent *b) {
    ck_assert(node_id_equal(&a->id, &b->id));
    ck_assert_uint_eq(a->incarnation, b->incarnation);
    ck_assert_uint_eq(a->epoch_block, b->epoch_block);
    ck_assert(token_equal(&a->own, &b->own));
    ck_assert_uint_eq(a->vote_epoch, b->vote_epoch);
    ck_assert(node_id_equal(&a->voted, &b->voted));
    ck_assert_uint_eq(a->granted_epoch, b->granted_epoch);
    ck_assert_int_eq(a->promise_max, b->promise_max);
    ck_assert_mem_eq(&a->roster, &b->roster, sizeof a->roster);
    ck_assert_mem_eq(&a->pin, &b->pin, sizeof a->pin);
}

/* What a start with what is on disk gives; the store is closed again. */
static enum state_origin start_once(uint64_t fingerprint, struct persistent *ret) {
    struct state_store *store = NULL;
    enum state_origin origin = STATE_LOADED;

    ck_assert_int_eq(state_open(directory, fingerprint, &store, ret, &origin), 0);
    state_close(store);
    return origin;
}

/* A state with a different number in every field. */
static struct persistent example(const struct persistent *start) {
    struct persistent state = *start;

    state.epoch_block = 1000;
    state.own.epoch = 990;
    state.vote_epoch = 991;
    state.granted_epoch = 990;
    memset(&state.own.leader, 0x11, sizeof state.own.leader);
    memset(&state.voted, 0x22, sizeof state.voted);
    state.promise_max = 3 * USEC_PER_SEC;
    state.roster = (struct wire_roster){ .epoch = 989, .change = 4, .expect = 3, .count = 2,
                                         .ids = { { { 5 } }, { { 6 } } } };
    state.pin = (struct wire_roster){ .expect = 1, .count = 1, .ids = { { { 7 } } } };
    return state;
}

/* A directory with the example in it; returns what was saved. */
static struct persistent prepare(void) {
    struct state_store *store;
    struct persistent state;
    enum state_origin origin;

    ck_assert_int_eq(state_open(directory, FINGERPRINT, &store, &state, &origin), 0);
    state = example(&state);
    ck_assert_int_eq(state_save_durable(store, &state), 0);
    state_close(store);
    return state;
}

static struct persistent counted_up(struct persistent state) {
    state.incarnation++;
    state.epoch_block += EPOCH_BLOCK;
    return state;
}

/* ---- starts ---- */

START_TEST(first_start_draws_an_identity) {
    struct persistent state, again;

    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_MISSING);
    ck_assert(!node_id_is_none(&state.id));
    ck_assert_uint_eq(state.incarnation, 1);
    ck_assert_uint_eq(state.epoch_block, EPOCH_BLOCK);
    ck_assert_uint_eq(state.own.epoch, 0);
    unlink(path_of("state"));
    ck_assert_int_eq(start_once(FINGERPRINT, &again), STATE_MISSING);
    ck_assert(!node_id_equal(&state.id, &again.id));
}
END_TEST

START_TEST(a_directory_that_others_can_write_to_is_refused) {
    struct state_store *other;
    struct persistent state;
    enum state_origin origin;

    ck_assert_int_eq(chmod(directory, 0757), 0);
    ck_assert_int_eq(state_open(directory, 1, &other, &state, &origin), -EPERM);
    ck_assert_int_eq(chmod(directory, 0750), 0);
    ck_assert_int_eq(state_open(directory, 1, &other, &state, &origin), 0);
    state_close(other);
}
END_TEST

START_TEST(restart_counts_up_and_keeps_the_rest) {
    struct persistent saved = prepare(), state, expected = counted_up(saved);

    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &expected);
    expected = counted_up(expected);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &expected);
}
END_TEST

START_TEST(start_is_on_disk_before_open_returns) {
    uint8_t before[FILE_MAX], after[FILE_MAX];
    struct state_store *store;
    struct persistent state;
    enum state_origin origin;
    size_t size;

    ck_assert_int_eq(state_open(directory, FINGERPRINT, &store, &state, &origin), 0);
    size = read_bytes("state", before);
    state_close(store);
    ck_assert_uint_eq(read_bytes("state", after), size);
    ck_assert_mem_eq(before, after, size);
}
END_TEST

START_TEST(other_machine_takes_a_new_identity_above_the_old_epochs) {
    struct persistent saved = prepare(), state;

    ck_assert_int_eq(start_once(FINGERPRINT + 1, &state), STATE_OTHER_HOST);
    ck_assert(!node_id_equal(&state.id, &saved.id));
    ck_assert_uint_eq(state.incarnation, 1);
    ck_assert_uint_eq(state.epoch_block, saved.epoch_block + EPOCH_BLOCK);
    ck_assert_uint_eq(state.own.epoch, 0);
    ck_assert_uint_eq(state.vote_epoch, 0);
    ck_assert_int_eq(start_once(FINGERPRINT + 1, &state), STATE_LOADED);
}
END_TEST

/* Whoever votes in the place of another one makes two majorities; and a new node has promised nothing. */
static void assert_without_seat(const struct persistent *state) {
    ck_assert_uint_eq(state->roster.count, 0);
    ck_assert_uint_eq(state->pin.count, 0);
    ck_assert_uint_eq(state->granted_epoch, 0);
    ck_assert_int_eq(state->promise_max, 0);
}

START_TEST(a_new_identity_has_no_seat) {
    struct persistent saved = prepare(), state;
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    ck_assert_uint_eq(saved.roster.count, 2);
    ck_assert_int_eq(start_once(FINGERPRINT + 1, &state), STATE_OTHER_HOST);
    assert_without_seat(&state);
    write_bytes("state", bytes, size - 1);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_DAMAGED);
    assert_without_seat(&state);
    ck_assert_int_eq(unlink(path_of("state")), 0);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_MISSING);
    assert_without_seat(&state);
}
END_TEST

START_TEST(unknown_fingerprint_matches_any) {
    struct persistent saved = prepare(), state;

    ck_assert_int_eq(start_once(0, &state), STATE_LOADED);
    ck_assert(node_id_equal(&state.id, &saved.id));
    ck_assert_int_eq(start_once(FINGERPRINT + 1, &state), STATE_OTHER_HOST);
}
END_TEST

START_TEST(fingerprint_is_learned_when_it_becomes_known) {
    struct persistent state;

    ck_assert_int_eq(start_once(0, &state), STATE_MISSING);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    ck_assert_int_eq(start_once(FINGERPRINT + 1, &state), STATE_OTHER_HOST);
}
END_TEST

START_TEST(used_up_incarnation_takes_a_new_identity) {
    struct state_store *store;
    struct persistent state, next;
    enum state_origin origin;

    ck_assert_int_eq(state_open(directory, FINGERPRINT, &store, &state, &origin), 0);
    state.incarnation = UINT32_MAX;
    ck_assert_int_eq(state_save_durable(store, &state), 0);
    state_close(store);
    ck_assert_int_eq(start_once(FINGERPRINT, &next), STATE_USED_UP);
    ck_assert(!node_id_equal(&state.id, &next.id));
    ck_assert_uint_eq(next.incarnation, 1);
}
END_TEST

START_TEST(epochs_end_at_their_maximum) {
    struct state_store *store;
    struct persistent state;
    enum state_origin origin;

    ck_assert_int_eq(state_open(directory, FINGERPRINT, &store, &state, &origin), 0);
    state.epoch_block = WIRE_EPOCH_MAX - 1;
    ck_assert_int_eq(state_save_durable(store, &state), 0);
    state_close(store);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    ck_assert_uint_eq(state.epoch_block, WIRE_EPOCH_MAX);
}
END_TEST

/* ---- damage ---- */

static void assert_damaged(const struct persistent *saved) {
    struct persistent state;

    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_DAMAGED);
    ck_assert(!node_id_equal(&state.id, &saved->id));
    ck_assert_uint_eq(state.incarnation, 1);
}

START_TEST(truncated_anywhere_is_damaged) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    for (size_t length = 0; length < size; length++) {
        write_bytes("state", bytes, length);
        assert_damaged(&saved);
    }
}
END_TEST

START_TEST(any_flipped_bit_is_damage) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        write_bytes("state", bytes, size);
        assert_damaged(&saved);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}
END_TEST

START_TEST(anything_appended_is_damage) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX] = { 0 };
    size_t size = read_bytes("state", bytes);

    write_bytes("state", bytes, size + 1);
    assert_damaged(&saved);
    write_bytes("state", bytes, FILE_MAX);
    assert_damaged(&saved);
}
END_TEST

START_TEST(what_is_damaged_is_kept_aside) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX], kept[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    ck_assert_int_eq(access(path_of("state.damaged"), F_OK), -1);
    for (unsigned time = 1; time <= 2; time++) {
        bytes[size - 1] = (uint8_t)(bytes[size - 1] + 1);
        write_bytes("state", bytes, size);
        assert_damaged(&saved);
        ck_assert_uint_eq(read_bytes("state.damaged", kept), size);
        ck_assert_mem_eq(kept, bytes, size);
    }
}
END_TEST

START_TEST(a_directory_in_place_of_the_file_is_kept_aside) {
    struct persistent state;
    struct stat status;

    ck_assert_int_eq(mkdir(path_of("state"), 0700), 0);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_UNREADABLE);
    ck_assert_int_eq(stat(path_of("state.damaged"), &status), 0);
    ck_assert(S_ISDIR(status.st_mode));
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
}
END_TEST

START_TEST(left_over_temporary_file_is_ignored) {
    struct persistent saved = prepare(), state, expected = counted_up(saved);

    write_bytes("state.new", "half of a st", 12);
    ck_assert_int_eq(chmod(path_of("state.new"), 0444), 0);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &expected);
    ck_assert_int_eq(access(path_of("state.new"), F_OK), -1);
    expected = counted_up(expected);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &expected);
}
END_TEST

/* ---- files of a newer version ---- */

static uint64_t checksum(const uint8_t *bytes, size_t size) {
    uint64_t sum = 0xcbf29ce484222325;

    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 0x100000001b3;
    return sum;
}

/* Puts a record in before the checksum, and corrects length and checksum. Returns the size of the file. */
static size_t insert_record(uint8_t *bytes, size_t size, const uint8_t *record, size_t record_size) {
    size_t end = size - 8 + record_size;
    uint64_t sum;

    memcpy(bytes + size - 8, record, record_size);
    bytes[10] = (uint8_t)((end + 8) >> 8);
    bytes[11] = (uint8_t)(end + 8);
    sum = checksum(bytes, end);
    for (unsigned i = 0; i < 8; i++)
        bytes[end + i] = (uint8_t)(sum >> (56 - 8 * i));
    return end + 8;
}

static int open_result(const char *path) {
    struct state_store *store = NULL;
    struct persistent state;
    enum state_origin origin;
    int result = state_open(path, FINGERPRINT, &store, &state, &origin);

    if (result < 0)
        ck_assert_ptr_null(store);
    state_close(store);
    return result;
}

/* A file of that size and version, in which only the frame is as it is today. */
static void assert_version_is_left_alone(uint16_t version, size_t size) {
    static uint8_t bytes[FILE_MAX], after[FILE_MAX];

    memset(bytes, 0xee, size);
    memcpy(bytes, "ELDSTATE", 8);
    bytes[8] = (uint8_t)(version >> 8);
    bytes[9] = (uint8_t)version;
    insert_record(bytes, size, bytes, 0);
    write_bytes("state", bytes, size);
    ck_assert_int_eq(open_result(directory), -EPROTONOSUPPORT);
    ck_assert_uint_eq(read_bytes("state", after), size);
    ck_assert_mem_eq(bytes, after, size);
    ck_assert_int_eq(access(path_of("state.damaged"), F_OK), -1);
    ck_assert_int_eq(unlink(path_of("state")), 0);
}

START_TEST(another_version_is_refused_and_left_alone) {
    assert_version_is_left_alone(2, 20);
    assert_version_is_left_alone(2, 120);
    assert_version_is_left_alone(0x100, 120);
    assert_version_is_left_alone(UINT16_MAX, FILE_MAX);
    ck_assert_int_eq(open_result(directory), 0);
}
END_TEST

START_TEST(unknown_records_are_kept) {
    static const uint8_t pin[] = { 0x12, 0x34, 0, 3, 'p', 'i', 'n' }, empty[] = { 0x12, 0x35, 0, 0 };
    struct persistent saved = prepare(), state, expected = counted_up(saved);
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    size = insert_record(bytes, size, pin, sizeof pin);
    size = insert_record(bytes, size, empty, sizeof empty);
    write_bytes("state", bytes, size);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &expected);
    ck_assert_uint_eq(read_bytes("state", bytes), size);
    ck_assert_mem_eq(bytes + size - 8 - sizeof empty - sizeof pin, pin, sizeof pin);
    ck_assert_mem_eq(bytes + size - 8 - sizeof empty, empty, sizeof empty);
}
END_TEST

START_TEST(unsound_records_are_damage) {
    static const uint8_t type_0[] = { 0, 0, 0, 0 }, twice[] = { 0, 2, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1 },
                         too_long[] = { 0x12, 0x34, 0, 9, 1 }, cut[] = { 0x12, 0x34, 0 };
    static const struct {
        const uint8_t *bytes;
        size_t size;
    } cases[] = {
        { type_0, sizeof type_0 },
        { twice, sizeof twice },
        { too_long, sizeof too_long },
        { cut, sizeof cut },
    };
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX], changed[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memcpy(changed, bytes, size);
        write_bytes("state", changed, insert_record(changed, size, cases[i].bytes, cases[i].size));
        assert_damaged(&saved);
    }
}
END_TEST

START_TEST(more_unknown_records_than_are_kept_is_damage) {
    static const uint8_t big[4 + 2100] = { 0x12, 0x34, 2100 >> 8, 2100 & 255 };
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    write_bytes("state", bytes, insert_record(bytes, size, big, sizeof big));
    assert_damaged(&saved);
}
END_TEST

START_TEST(a_missing_record_is_damage) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    write_bytes("state", bytes, insert_record(bytes, size - LATER_SIZE - 28, bytes, 0)); /* nor the vote before those */
    assert_damaged(&saved);
}
END_TEST

START_TEST(a_file_of_before_there_were_majorities_is_read) {
    struct persistent saved = prepare(), state, expected = counted_up(saved);
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    write_bytes("state", bytes, insert_record(bytes, size - LATER_SIZE, bytes, 0));
    expected.granted_epoch = saved.vote_epoch; /* nobody knows better */
    expected.promise_max = 0;
    memset(&expected.roster, 0, sizeof expected.roster);
    memset(&expected.pin, 0, sizeof expected.pin);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &expected);
}
END_TEST

/* At so many bytes before the checksum something is changed to that value. */
static const struct {
    size_t back;
    uint8_t value;
    const char *what;
} nonsense[] = {
    { 8, 0x01, "a vote for another in an epoch above that of the vote" },
    { PROMISED + 8, 0x80, "a negative promise" },
    { PROMISED + 5, 0xff, "a promise of an hour and more" },
    { SEATED + 9 * 16 + 2, 10, "more seats than a roster has" },
    { SEATED + 9 * 16 + 1, 4, "more seats taken than there are" },
    { SEATED + 9 * 16, 7, "seats that are not in order" },
    { SEATED + 1, 1, "a node in a seat that is not taken" },
    { SEATED + 9 * 16 + 14, 0xff, "an epoch above the ceiling" },
    { PINNED + 9 * 16 + 1, 0, "a node in a roster without seats" },
};

START_TEST(seats_that_make_no_sense_are_damage) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX], changed[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    memcpy(changed, bytes, size);
    changed[size - 8 - nonsense[_i].back] = nonsense[_i].value;
    write_bytes("state", changed, insert_record(changed, size, changed, 0));
    assert_damaged(&saved);
}
END_TEST

START_TEST(values_out_of_range_are_damage) {
    struct persistent saved = prepare();
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    bytes[12 + 32 + 4] = 0xff; /* highest byte of the epoch block: above 2^53 - 1 */
    write_bytes("state", bytes, insert_record(bytes, size, bytes, 0));
    assert_damaged(&saved);
}
END_TEST

/* ---- the directory ---- */

START_TEST(directory_is_created_with_its_parents) {
    char path[sizeof directory + 64];
    struct state_store *store;
    struct persistent state;
    enum state_origin origin;
    struct stat status;

    umask(022);
    snprintf(path, sizeof path, "%s/lib/eldest/default", directory);
    ck_assert_int_eq(state_open(path, FINGERPRINT, &store, &state, &origin), 0);
    state_close(store);
    ck_assert_int_eq(origin, STATE_MISSING);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0750);
    ck_assert_int_eq(stat(path_of("lib/eldest/default/state"), &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0600);
}
END_TEST

START_TEST(unusable_directories_are_errors) {
    char too_long[PATH_MAX + 10];

    write_bytes("file", "x", 1);
    ck_assert_int_eq(open_result(path_of("file")), -ENOTDIR);
    ck_assert_int_eq(open_result(path_of("file/below")), -ENOTDIR);
    ck_assert_int_lt(open_result("/proc/eldest-test"), 0);
    ck_assert_int_eq(open_result(""), -ENOENT);
    memset(too_long, 'a', sizeof too_long - 1);
    too_long[0] = '/';
    too_long[sizeof too_long - 1] = '\0';
    ck_assert_int_eq(open_result(too_long), -ENAMETOOLONG);
    ck_assert_int_eq(mkdir(path_of("state.new"), 0700), 0);
    ck_assert_int_eq(open_result(directory), -EEXIST);
}
END_TEST

START_TEST(directory_has_one_user_at_a_time) {
    struct state_store *store;
    struct persistent state;
    enum state_origin origin;

    ck_assert_int_eq(state_open(directory, FINGERPRINT, &store, &state, &origin), 0);
    ck_assert_int_eq(open_result(directory), -EBUSY);
    state_close(store);
    ck_assert_int_eq(open_result(directory), 0);
}
END_TEST

START_TEST(a_link_in_place_of_the_file_is_not_followed) {
    struct persistent state;
    uint8_t bytes[FILE_MAX];

    write_bytes("elsewhere", "precious", 8);
    ck_assert_int_eq(symlink("elsewhere", path_of("state")), 0);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_UNREADABLE);
    ck_assert_uint_eq(read_bytes("elsewhere", bytes), 8);
    ck_assert_uint_eq(read_bytes("state.damaged", bytes), 8);
    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
}
END_TEST

/* ---- saving ---- */

struct fixture {
    struct state_store *store;
    struct persistent state;
};

static struct fixture open_store(void) {
    struct fixture fixture;
    enum state_origin origin;

    ck_assert_int_eq(state_open(directory, FINGERPRINT, &fixture.store, &fixture.state, &origin), 0);
    fixture.state = example(&fixture.state);
    return fixture;
}

static void assert_on_disk(const struct persistent *expected) {
    struct persistent state, next = counted_up(*expected);

    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    assert_same(&state, &next);
}

static void assert_overrides(const char *expected) {
    struct fixture f = open_store();
    uint8_t image[STATE_OVERRIDES_MAX + 1];

    ck_assert_int_eq(state_read_overrides(f.store, image), (ssize_t)strlen(expected));
    ck_assert_mem_eq(image, expected, strlen(expected));
    state_close(f.store);
}

/* Makes every write fail, for root too: the temporary file cannot be created. */
static void break_directory(void) {
    ck_assert_int_eq(mkdir(path_of("state.new"), 0700), 0);
}

static void repair_directory(void) {
    ck_assert_int_eq(rmdir(path_of("state.new")), 0);
}

static bool is_signalled(const struct state_store *store, int patience_ms) {
    struct pollfd fd = { .fd = state_fd(store), .events = POLLIN };

    return poll(&fd, 1, patience_ms) == 1;
}

START_TEST(close_writes_what_waits) {
    struct fixture f = open_store();

    for (unsigned i = 0; i < 100; i++) {
        f.state.own.epoch++;
        state_save_background(f.store, &f.state);
    }
    state_close(f.store);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(background_save_is_written_without_more_to_do) {
    struct fixture f = open_store();
    uint8_t before[FILE_MAX], now[FILE_MAX];
    size_t size = read_bytes("state", before);

    state_save_background(f.store, &f.state);
    for (unsigned i = 0; i < PATIENCE_MS / 10; i++) {
        if (read_bytes("state", now) != size || memcmp(before, now, size) != 0)
            break;
        poll(NULL, 0, 10);
    }
    ck_assert_mem_ne(before, now, size);
    state_close(f.store);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(durable_save_is_never_followed_by_an_older_one) {
    struct fixture f = open_store();
    uint8_t at_return[FILE_MAX], later[FILE_MAX];
    size_t size;

    for (unsigned round = 0; round < 50; round++) {
        f.state.own.epoch++;
        state_save_background(f.store, &f.state);
        f.state.own.epoch++;
        ck_assert_int_eq(state_save_durable(f.store, &f.state), 0);
    }
    size = read_bytes("state", at_return);
    state_close(f.store);
    ck_assert_uint_eq(read_bytes("state", later), size);
    ck_assert_mem_eq(at_return, later, size);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(failing_background_save_is_told_and_made_good) {
    struct fixture f = open_store();

    ck_assert(!is_signalled(f.store, 0));
    break_directory();
    state_save_background(f.store, &f.state);
    ck_assert(is_signalled(f.store, PATIENCE_MS));
    ck_assert_int_lt(state_result(f.store), 0);
    ck_assert(!is_signalled(f.store, 0));
    repair_directory();
    ck_assert(is_signalled(f.store, PATIENCE_MS));
    ck_assert_int_eq(state_result(f.store), 0);
    state_close(f.store);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(failing_durable_save_is_told_and_made_good) {
    struct fixture f = open_store();

    break_directory();
    ck_assert_int_lt(state_save_durable(f.store, &f.state), 0);
    ck_assert(is_signalled(f.store, 0));
    ck_assert_int_lt(state_result(f.store), 0);
    repair_directory();
    ck_assert(is_signalled(f.store, PATIENCE_MS));
    ck_assert_int_eq(state_result(f.store), 0);
    state_close(f.store);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(saves_are_counted) {
    struct fixture f = open_store();
    struct state_writes writes;

    state_writes(f.store, &writes);
    uint64_t before = histogram_count(&writes.lasted);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), 0);
    state_writes(f.store, &writes);
    ck_assert_uint_eq(histogram_count(&writes.lasted), before + 1);
    ck_assert_uint_eq(writes.failed, 0);
    break_directory();
    ck_assert_int_lt(state_save_durable(f.store, &f.state), 0);
    state_writes(f.store, &writes);
    ck_assert_uint_ge(histogram_count(&writes.lasted), before + 2);
    ck_assert_uint_ge(writes.failed, 1);
    repair_directory();
    state_close(f.store);
}
END_TEST

START_TEST(durable_save_ends_a_failure_at_once) {
    struct fixture f = open_store();

    break_directory();
    state_save_background(f.store, &f.state);
    ck_assert(is_signalled(f.store, PATIENCE_MS));
    ck_assert_int_lt(state_result(f.store), 0);
    repair_directory();
    f.state.vote_epoch++;
    ck_assert_int_eq(state_save_durable(f.store, &f.state), 0);
    ck_assert_int_eq(state_result(f.store), 0);
    state_close(f.store);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(failed_save_leaves_the_old_file) {
    struct persistent saved = prepare();
    struct fixture f = open_store();

    f.state.own.epoch += 5;
    break_directory();
    ck_assert_int_lt(state_save_durable(f.store, &f.state), 0);
    state_close(f.store);
    repair_directory();
    saved = counted_up(saved);
    assert_on_disk(&saved);
}
END_TEST

/* Bytes that a file can have from now on; RLIM_INFINITY. */
static void limit_this(rlim_t size) {
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_write_that_ends_half_way_leaves_nothing) {
    struct persistent saved = prepare();
    struct fixture f = open_store();

    signal(SIGXFSZ, SIG_IGN);
    f.state.own.epoch += 5;
    limit_this(16);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), -EFBIG);
    state_close(f.store);
    limit_this(RLIM_INFINITY);
    ck_assert_int_eq(access(path_of("state.new"), F_OK), -1);
    saved = counted_up(saved);
    assert_on_disk(&saved);
}
END_TEST

START_TEST(a_file_that_cannot_be_replaced_is_told_and_made_good) {
    struct fixture f = open_store();

    ck_assert_int_eq(unlink(path_of("state")), 0);
    ck_assert_int_eq(mkdir(path_of("state"), 0700), 0);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), -EISDIR);
    ck_assert_int_eq(rmdir(path_of("state")), 0);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), 0);
    state_close(f.store);
    ck_assert_int_eq(access(path_of("state.new"), F_OK), -1);
    assert_on_disk(&f.state);
}
END_TEST

START_TEST(a_directory_that_was_removed_is_made_again) {
    struct fixture f = open_store();

    remove_tree(directory);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), 0);
    ck_assert_int_eq(open_result(directory), -EBUSY);
    remove_tree(directory);
    f.state.own.epoch++;
    state_save_background(f.store, &f.state);
    state_save_overrides(f.store, (const uint8_t *)"word", 4);
    state_close(f.store);
    assert_on_disk(&f.state);
    assert_overrides("word");
}
END_TEST

START_TEST(a_directory_that_another_has_taken_since_is_left_alone) {
    struct fixture f = open_store(), other;

    remove_tree(directory);
    other = open_store();
    ck_assert_int_eq(state_save_durable(other.store, &other.state), 0);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), -EBUSY);
    state_close(f.store);
    state_close(other.store);
    assert_on_disk(&other.state);
}
END_TEST

/* ---- crashes ---- */

/* What a file says while a daemon starts and saves something: each is whole, and followed by the next. */
struct steps {
    struct persistent before, started, saved;
};

static volatile unsigned *step_told; /* by the other process: that the file says at least this */

static struct persistent later(struct persistent state) {
    state.own.epoch += 5;
    state.vote_epoch += 7;
    memset(&state.own.leader, 0x33, sizeof state.own.leader);
    memset(&state.voted, 0x44, sizeof state.voted);
    return state;
}

static struct steps steps_from(const struct persistent *before) {
    struct persistent started = counted_up(*before);

    void *shared = mmap(NULL, sizeof *step_told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(shared, MAP_FAILED);
    step_told = shared;
    return (struct steps){ *before, started, later(started) };
}

/* Which step a start finds; it may not find anything else, nor one before what was told to be on disk. */
static unsigned step_found(const struct steps *steps) {
    const struct persistent *all[] = { &steps->before, &steps->started, &steps->saved };
    struct persistent state, expected;
    unsigned step;

    ck_assert_int_eq(start_once(FINGERPRINT, &state), STATE_LOADED);
    step = state.incarnation == steps->started.incarnation ? 0 : state.own.epoch == steps->started.own.epoch ? 1 : 2;
    expected = counted_up(*all[step]);
    assert_same(&state, &expected);
    ck_assert_uint_ge(step, *step_told);
    return step;
}

/* Whoever writes beyond it is killed by SIGXFSZ, when as much as may be was written. */
static void limit_files(rlim_t size) {
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* A daemon that starts and saves; files end at these sizes, in another process than the test's. */
static _Noreturn void start_and_save(rlim_t size_at_start, rlim_t size_at_save) {
    struct state_store *store;
    struct persistent state;
    enum state_origin origin;

    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    signal(SIGXFSZ, SIG_DFL); /* a test before, in the same process, may not have wanted it */
    limit_files(size_at_start);
    if (state_open(directory, FINGERPRINT, &store, &state, &origin) < 0)
        _exit(EXIT_FAILURE);
    *step_told = 1;
    limit_files(size_at_save);
    state = later(state);
    if (state_save_durable(store, &state) < 0)
        _exit(EXIT_FAILURE);
    *step_told = 2;
    state_close(store);
    _exit(EXIT_SUCCESS);
}

static void crash_while_writing(rlim_t size_at_start, rlim_t size_at_save) {
    pid_t process;
    int status;

    *step_told = 0;
    process = fork();
    ck_assert_int_ge(process, 0);
    if (process == 0)
        start_and_save(size_at_start, size_at_save);
    ck_assert_int_eq(waitpid(process, &status, 0), process);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
}

START_TEST(a_crash_at_any_byte_leaves_the_file_before) {
    struct persistent saved = prepare();
    struct steps steps = steps_from(&saved);
    uint8_t bytes[FILE_MAX], half[FILE_MAX];
    size_t size = read_bytes("state", bytes);

    for (size_t written = 0; written < size; written++) {
        write_bytes("state", bytes, size);
        crash_while_writing(written, RLIM_INFINITY);
        ck_assert_uint_eq(read_bytes("state.new", half), written);
        ck_assert_uint_eq(step_found(&steps), 0);

        write_bytes("state", bytes, size);
        crash_while_writing(RLIM_INFINITY, written);
        ck_assert_uint_eq(read_bytes("state.new", half), written);
        ck_assert_uint_eq(step_found(&steps), 1);
    }
}
END_TEST

/* Kills a process that is about to be traced when it has begun or ended so many system calls. False: it had done all
 * that it does before. */
static bool kill_at(pid_t process, unsigned calls) {
    long signal = 0;
    int status;

    ck_assert_int_eq(waitpid(process, &status, 0), process);
    ck_assert(WIFSTOPPED(status));
    for (unsigned i = 0; i < calls; i++) {
        ck_assert_int_eq(ptrace(PTRACE_SYSCALL, process, NULL, signal), 0);
        ck_assert_int_eq(waitpid(process, &status, 0), process);
        signal = WIFSTOPPED(status) && WSTOPSIG(status) != SIGTRAP ? WSTOPSIG(status) : 0;
        if (WIFSTOPPED(status))
            continue;
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS, "its status is %d", status);
        return false;
    }
    ck_assert_int_eq(kill(process, SIGKILL), 0);
    ck_assert_int_eq(waitpid(process, &status, 0), process);
    return true;
}

static bool crash_at_call(unsigned calls) {
    pid_t process;

    *step_told = 0;
    process = fork();
    ck_assert_int_ge(process, 0);
    if (process == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
            _exit(EXIT_FAILURE);
        raise(SIGSTOP);
        start_and_save(RLIM_INFINITY, RLIM_INFINITY);
    }
    return kill_at(process, calls);
}

START_TEST(a_crash_at_any_system_call_leaves_a_whole_file) {
    struct persistent saved = prepare();
    struct steps steps = steps_from(&saved);
    uint8_t bytes[FILE_MAX];
    size_t size = read_bytes("state", bytes);
    unsigned found[3] = { 0 };
    bool crashed = true;

    for (unsigned calls = 0; crashed; calls++) {
        write_bytes("state", bytes, size);
        crashed = crash_at_call(calls);
        found[step_found(&steps)]++;
    }
    ck_assert_uint_eq(*step_told, 2);
    ck_assert(found[0] > 10 && found[1] > 10 && found[2] > 1);
}
END_TEST

/* ---- the other file ---- */

START_TEST(overrides_are_kept_as_they_were_saved_last) {
    struct fixture f = open_store();
    uint8_t image[STATE_OVERRIDES_MAX + 1];

    ck_assert_int_eq(state_read_overrides(f.store, image), -ENOENT);
    state_save_overrides(f.store, (const uint8_t *)"first", 5);
    state_save_overrides(f.store, (const uint8_t *)"second", 6);
    state_save_background(f.store, &f.state);
    ck_assert_int_eq(state_overrides_result(f.store), 0);
    state_close(f.store);
    assert_on_disk(&f.state);
    assert_overrides("second");
}
END_TEST

START_TEST(overrides_are_written_without_more_to_do) {
    struct fixture f = open_store();
    uint8_t image[STATE_OVERRIDES_MAX + 1];

    state_save_overrides(f.store, (const uint8_t *)"word", 4);
    for (unsigned i = 0; i < PATIENCE_MS / 10 && state_read_overrides(f.store, image) != 4; i++)
        poll(NULL, 0, 10);
    ck_assert_int_eq(state_read_overrides(f.store, image), 4);
    ck_assert(!is_signalled(f.store, 0));
    state_close(f.store);
}
END_TEST

START_TEST(a_file_of_overrides_that_is_too_long_shows) {
    struct fixture f = open_store();
    uint8_t bytes[STATE_OVERRIDES_MAX + 2] = { 0 }, image[STATE_OVERRIDES_MAX + 1];

    write_bytes("overrides", bytes, sizeof bytes);
    ck_assert_int_eq(state_read_overrides(f.store, image), STATE_OVERRIDES_MAX + 1);
    state_close(f.store);
}
END_TEST

/* The state can be saved all the while, and nothing is said about it. */
START_TEST(failing_overrides_are_told_by_themselves_and_made_good) {
    struct fixture f = open_store();

    ck_assert_int_eq(mkdir(path_of("overrides.new"), 0700), 0);
    state_save_overrides(f.store, (const uint8_t *)"word", 4);
    ck_assert(is_signalled(f.store, PATIENCE_MS));
    ck_assert_int_eq(state_result(f.store), 0);
    ck_assert_int_lt(state_overrides_result(f.store), 0);
    ck_assert(!is_signalled(f.store, 0));
    state_save_background(f.store, &f.state);
    ck_assert_int_eq(state_save_durable(f.store, &f.state), 0);
    ck_assert(!is_signalled(f.store, 0));
    ck_assert_int_eq(rmdir(path_of("overrides.new")), 0);
    ck_assert(is_signalled(f.store, PATIENCE_MS));
    ck_assert_int_eq(state_result(f.store), 0);
    ck_assert_int_eq(state_overrides_result(f.store), 0);
    state_close(f.store);
    assert_overrides("word");
}
END_TEST

START_TEST(closing_nothing_is_fine) {
    state_close(NULL);
}
END_TEST

/* ---- fingerprint ---- */

#define MACHINE "0123456789abcdef0123456789abcdef"
#define UUID "03000200-0400-0500-0006-000700080009"

/* NULL: there is no such file. */
static uint64_t fingerprint_of(const char *machine, const char *uuid) {
    unlink(path_of("machine-id"));
    unlink(path_of("uuid"));
    if (machine)
        write_bytes("machine-id", machine, strlen(machine));
    if (uuid)
        write_bytes("uuid", uuid, strlen(uuid));

    char *machine_path = strdup(path_of("machine-id"));
    uint64_t fingerprint = identity_fingerprint(machine_path, path_of("uuid"));
    free(machine_path);
    return fingerprint;
}

static bool may_match(uint64_t one, uint64_t other) {
    bool may = identity_may_match(one, other);

    ck_assert_int_eq(identity_may_match(other, one), may);
    return may;
}

START_TEST(fingerprint_follows_the_machine_id) {
    uint64_t one = fingerprint_of(MACHINE "\n", NULL);

    ck_assert_uint_ne(one, 0);
    ck_assert_uint_eq(fingerprint_of(MACHINE, NULL), one);
    ck_assert(!may_match(fingerprint_of("0123456789abcdef0123456789abcdee\n", NULL), one));
    ck_assert(!may_match(fingerprint_of("0123456789abcdef0123456789abcdee\n", UUID), one));
}
END_TEST

START_TEST(fingerprint_follows_the_uuid) {
    uint64_t one = fingerprint_of(MACHINE, UUID "\n");

    ck_assert_uint_eq(fingerprint_of(MACHINE, UUID), one);
    ck_assert(!may_match(fingerprint_of(MACHINE, "13000200-0400-0500-0006-000700080009"), one));
    ck_assert(may_match(fingerprint_of(MACHINE, NULL), one));
    ck_assert(may_match(fingerprint_of(NULL, UUID), one));
    ck_assert(!may_match(fingerprint_of(NULL, UUID), fingerprint_of(NULL, "13000200-0400-0500-0006-000700080009")));
}
END_TEST

START_TEST(no_id_is_unknown) {
    ck_assert_uint_eq(fingerprint_of(NULL, NULL), 0);
    ck_assert_uint_eq(identity_fingerprint(directory, directory), 0);
    ck_assert_uint_eq(fingerprint_of("", ""), 0);
    ck_assert_uint_eq(fingerprint_of("uninitialized\n", "unknown\n"), 0);
    ck_assert_uint_eq(fingerprint_of("0123456789abcdef\n", "03000200-0400-0500-0006\n"), 0);
    ck_assert_uint_eq(fingerprint_of(MACHINE "0\n", UUID "0\n"), 0);
}
END_TEST

START_TEST(what_is_known_of_the_machine_is_kept) {
    uint64_t both = fingerprint_of(MACHINE, UUID), machine = fingerprint_of(MACHINE, NULL);
    uint64_t copy = fingerprint_of(MACHINE, "13000200-0400-0500-0006-000700080009");
    struct persistent state;

    ck_assert_int_eq(start_once(machine, &state), STATE_MISSING);
    ck_assert_int_eq(start_once(both, &state), STATE_LOADED);
    ck_assert_int_eq(start_once(machine, &state), STATE_LOADED);
    ck_assert_int_eq(start_once(copy, &state), STATE_OTHER_HOST);
    ck_assert_int_eq(start_once(copy, &state), STATE_LOADED);
}
END_TEST

START_TEST(uuid_is_a_credential_or_the_file_of_the_kernel) {
    char path[IDENTITY_PATH_SIZE];

    unsetenv("CREDENTIALS_DIRECTORY");
    ck_assert_str_eq(identity_uuid_path(path), "/sys/class/dmi/id/product_uuid");
    setenv("CREDENTIALS_DIRECTORY", "/run/credentials/eldest.service", 1);
    ck_assert_str_eq(identity_uuid_path(path), "/run/credentials/eldest.service/product_uuid");
}
END_TEST

static Suite *suite_of_state(void) {
    Suite *suite = suite_create("state");
    TCase *cases = tcase_create("state");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, first_start_draws_an_identity);
    tcase_add_test(cases, a_directory_that_others_can_write_to_is_refused);
    tcase_add_test(cases, restart_counts_up_and_keeps_the_rest);
    tcase_add_test(cases, start_is_on_disk_before_open_returns);
    tcase_add_test(cases, other_machine_takes_a_new_identity_above_the_old_epochs);
    tcase_add_test(cases, a_new_identity_has_no_seat);
    tcase_add_test(cases, unknown_fingerprint_matches_any);
    tcase_add_test(cases, fingerprint_is_learned_when_it_becomes_known);
    tcase_add_test(cases, used_up_incarnation_takes_a_new_identity);
    tcase_add_test(cases, epochs_end_at_their_maximum);
    tcase_add_test(cases, truncated_anywhere_is_damaged);
    tcase_add_test(cases, any_flipped_bit_is_damage);
    tcase_add_test(cases, anything_appended_is_damage);
    tcase_add_test(cases, what_is_damaged_is_kept_aside);
    tcase_add_test(cases, a_directory_in_place_of_the_file_is_kept_aside);
    tcase_add_test(cases, left_over_temporary_file_is_ignored);
    tcase_add_test(cases, another_version_is_refused_and_left_alone);
    tcase_add_test(cases, unknown_records_are_kept);
    tcase_add_test(cases, unsound_records_are_damage);
    tcase_add_test(cases, more_unknown_records_than_are_kept_is_damage);
    tcase_add_test(cases, a_missing_record_is_damage);
    tcase_add_test(cases, a_file_of_before_there_were_majorities_is_read);
    tcase_add_loop_test(cases, seats_that_make_no_sense_are_damage, 0, sizeof nonsense / sizeof nonsense[0]);
    tcase_add_test(cases, values_out_of_range_are_damage);
    tcase_add_test(cases, directory_is_created_with_its_parents);
    tcase_add_test(cases, unusable_directories_are_errors);
    tcase_add_test(cases, directory_has_one_user_at_a_time);
    tcase_add_test(cases, a_link_in_place_of_the_file_is_not_followed);
    tcase_add_test(cases, close_writes_what_waits);
    tcase_add_test(cases, background_save_is_written_without_more_to_do);
    tcase_add_test(cases, durable_save_is_never_followed_by_an_older_one);
    tcase_add_test(cases, failing_background_save_is_told_and_made_good);
    tcase_add_test(cases, failing_durable_save_is_told_and_made_good);
    tcase_add_test(cases, saves_are_counted);
    tcase_add_test(cases, durable_save_ends_a_failure_at_once);
    tcase_add_test(cases, failed_save_leaves_the_old_file);
    tcase_add_test(cases, a_write_that_ends_half_way_leaves_nothing);
    tcase_add_test(cases, a_file_that_cannot_be_replaced_is_told_and_made_good);
    tcase_add_test(cases, a_directory_that_was_removed_is_made_again);
    tcase_add_test(cases, a_directory_that_another_has_taken_since_is_left_alone);
    tcase_add_test(cases, a_crash_at_any_byte_leaves_the_file_before);
    tcase_add_test(cases, a_crash_at_any_system_call_leaves_a_whole_file);
    tcase_add_test(cases, overrides_are_kept_as_they_were_saved_last);
    tcase_add_test(cases, overrides_are_written_without_more_to_do);
    tcase_add_test(cases, a_file_of_overrides_that_is_too_long_shows);
    tcase_add_test(cases, failing_overrides_are_told_by_themselves_and_made_good);
    tcase_add_test(cases, closing_nothing_is_fine);
    tcase_add_test(cases, fingerprint_follows_the_machine_id);
    tcase_add_test(cases, fingerprint_follows_the_uuid);
    tcase_add_test(cases, no_id_is_unknown);
    tcase_add_test(cases, what_is_known_of_the_machine_is_kept);
    tcase_add_test(cases, uuid_is_a_credential_or_the_file_of_the_kernel);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_state());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
