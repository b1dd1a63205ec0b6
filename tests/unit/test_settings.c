/* SPDX-License-Identifier: ISC
 *
 * test_settings.c - how the command line and the configuration file go together, at the start and when they are read
 * again.
 */
#include "daemon/settings.h"

#include "base/util.h"
#include "platform/mac.h"

#include <check.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <sysexits.h>
#include <unistd.h>

#define KEY_1 "1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define KEY_2 "2 100102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static char file_path[64], key_path[80];
static struct options options;
static struct settings settings;

/* Messages are not tested here. */
static void setup(void) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int fd;

    snprintf(file_path, sizeof file_path, "/tmp/eldest-test-XXXXXX");
    fd = mkstemp(file_path);
    ck_assert_int_ge(null, 0);
    ck_assert_int_ge(fd, 0);
    close(fd);
    dup2(null, STDERR_FILENO);
    close(null);
    options = (struct options){ .foreground = true };
    snprintf(options.config_path, sizeof options.config_path, "%s", file_path);
}

static void teardown(void) {
    settings_drop_keys(&settings);
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(file_path);
    unlink(key_path);
}

static void write_file(const char *text) {
    FILE *file = fopen(file_path, "we");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void write_keys(const char *text, mode_t mode) {
    int fd;

    snprintf(key_path, sizeof key_path, "%s.key", file_path);
    unlink(key_path);
    fd = open(key_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
}

static void name_keys(void) {
    char text[200];

    snprintf(text, sizeof text, "[cluster]\nkey_file = %s\n", key_path);
    write_file(text);
}

START_TEST(options_rule_over_the_file) {
    const struct conf *conf = &settings.conf;

    write_file("[cluster]\nname = red\n[network]\ninterfaces = eth7\n[log]\nlevel = debug\n[node]\npriority = 7\n");
    options.cluster = "blue";
    options.log_level = "error";
    snprintf(options.interfaces, sizeof options.interfaces, "lo");
    snprintf(options.state_directory, sizeof options.state_directory, "/state");
    snprintf(options.socket_path, sizeof options.socket_path, "/socket");
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_str_eq(settings.path, file_path);
    ck_assert_str_eq(conf->cluster, "blue");
    ck_assert_str_eq(conf->interfaces, "lo");
    ck_assert_int_eq(conf->log_level, LOG_LEVEL_ERROR);
    ck_assert_uint_eq(conf->facts.priority, 7);
    ck_assert_str_eq(conf->state_directory, "/state");
    ck_assert_str_eq(conf->socket_path, "/socket");
}
END_TEST

START_TEST(wrong_values_have_their_status) {
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    options.log_level = "loud";
    ck_assert_int_eq(settings_load(&settings, &options), EX_USAGE);
    write_file("[node]\nno_such_key = 1\n");
    ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
    options.log_level = NULL;
    ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
    write_file("");
    options.cluster = "a/b";
    ck_assert_int_eq(settings_load(&settings, &options), EX_USAGE);
}
END_TEST

START_TEST(a_file_that_is_named_must_be_there) {
    snprintf(options.config_path, sizeof options.config_path, "/nowhere/eldest.conf");
    ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
}
END_TEST

/* ---- reading again ---- */

static struct settings_outcome outcome;

static void load(const char *text) {
    write_file(text);
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
}

static void reload(const char *text) {
    write_file(text);
    settings_reload(&settings, &outcome);
}

/* The names, each followed by a blank. */
static const char *names(const struct settings_keys *keys) {
    static char texts[2][1024];
    static unsigned used;
    char *text = texts[used++ % 2];

    text[0] = '\0';
    for (unsigned i = 0; i < keys->count; i++)
        sprintf(text + strlen(text), "%s ", keys->list[i]);
    return text;
}

START_TEST(what_can_change_changes_and_the_rest_waits) {
    const struct conf *conf = &settings.conf;

    load("[node]\nname = a\n[network]\nport = 30000\n");
    reload("[node]\nname = b\npriority = 7\n[network]\nport = 30001\n[timing]\ndetect = 1s\n");
    ck_assert_uint_eq(outcome.errors.count, 0);
    ck_assert_str_eq(names(&outcome.changed), "node.name node.priority timing.detect ");
    ck_assert_str_eq(names(&outcome.restart), "network.port ");
    ck_assert_str_eq(conf->facts.name, "b");
    ck_assert_uint_eq(conf->facts.priority, 7);
    ck_assert_int_eq(conf->timing.detect, USEC_PER_SEC);
    ck_assert_uint_eq(conf->port, 30000);
}
END_TEST

START_TEST(what_waits_is_told_each_time) {
    load("");
    reload("[network]\nport = 30001\n");
    reload("[network]\nport = 30001\n");
    ck_assert_str_eq(names(&outcome.changed), "");
    ck_assert_str_eq(names(&outcome.restart), "network.port ");
    reload("");
    ck_assert_str_eq(names(&outcome.restart), "");
}
END_TEST

START_TEST(a_key_taken_out_has_its_default_again) {
    load("[node]\npriority = 7\n");
    reload("");
    ck_assert_str_eq(names(&outcome.changed), "node.priority ");
    ck_assert_uint_eq(settings.conf.facts.priority, 100);
}
END_TEST

START_TEST(a_mistake_leaves_everything_as_it_was) {
    load("[node]\nname = a\n");
    reload("[node]\nname = b\npriority = high\nnonsense\n");
    ck_assert_uint_eq(outcome.errors.count, 2);
    ck_assert_uint_eq(outcome.changed.count + outcome.restart.count, 0);
    ck_assert_str_eq(settings.conf.facts.name, "a");
    unlink(file_path);
    settings_reload(&settings, &outcome);
    ck_assert_uint_eq(outcome.errors.count, 1);
    ck_assert_str_eq(settings.conf.facts.name, "a");
}
END_TEST

START_TEST(the_command_line_still_rules) {
    options.log_level = "error";
    snprintf(options.state_directory, sizeof options.state_directory, "/state");
    load("");
    reload("[log]\nlevel = debug\n");
    ck_assert_uint_eq(outcome.changed.count + outcome.restart.count, 0);
    ck_assert_int_eq(settings.conf.log_level, LOG_LEVEL_ERROR);
    ck_assert_str_eq(settings.conf.state_directory, "/state");
}
END_TEST

/* A daemon in the background has left the directory in which it was started. */
START_TEST(the_same_file_is_read_from_another_directory) {
    char program[] = "eldestd", option[] = "-c";
    char *arguments[] = { program, option, strrchr(file_path, '/') + 1, NULL };
    int status;

    ck_assert_int_eq(chdir("/tmp"), 0);
    ck_assert(options_parse(3, arguments, &options, &status));
    load("");
    ck_assert_int_eq(chdir("/"), 0);
    reload("[node]\npriority = 7\n");
    ck_assert_uint_eq(outcome.errors.count, 0);
    ck_assert_uint_eq(settings.conf.facts.priority, 7);
}
END_TEST

/* ---- keys ---- */

static const struct settings_outcome *read_again(void) {
    settings_reload(&settings, &outcome);
    return &outcome;
}

START_TEST(keys_come_from_the_file_that_is_named) {
    write_keys(KEY_2 KEY_1, 0640);
    name_keys();
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_ptr_null(settings.keys);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    ck_assert_uint_eq(settings.keys->count, 2);
    ck_assert_uint_eq(settings.keys->list[0].id, 2);
}
END_TEST

START_TEST(keys_come_from_the_credential_of_systemd) {
    char directory[] = "/tmp/eldest-test-XXXXXX", path[64];
    FILE *file;

    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(setenv("CREDENTIALS_DIRECTORY", directory, 1), 0);
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    ck_assert_uint_eq(settings.keys->count, 0);
    settings_drop_keys(&settings);
    snprintf(path, sizeof path, "%s/key", directory);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fchmod(fileno(file), 0400), 0);
    fputs(KEY_1, file);
    fclose(file);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    ck_assert_uint_eq(settings.keys->count, 1);
    settings_drop_keys(&settings);
    write_file("[cluster]\nkey_file = none\n");
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    ck_assert_uint_eq(settings.keys->count, 0);
    unlink(path);
    rmdir(directory);
}
END_TEST

/* A file that cannot be used never means that there is no key. */
START_TEST(keys_that_others_can_touch_or_that_are_wrong_are_refused) {
    static const struct {
        const char *text;
        mode_t mode;
    } wrong[] = { { KEY_1, 0644 }, { KEY_1, 0642 }, { KEY_1, 0660 }, { KEY_1, 0601 }, { "", 0600 },
                  { "1 00\n", 0600 } };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_keys(wrong[i].text, wrong[i].mode);
        name_keys();
        ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
    }
    unlink(key_path);
    ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
    ck_assert_int_eq(symlink("/tmp", key_path), 0);
    ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
}
END_TEST

enum { STRANGER = 54321 }; /* a user, and a group */

static int status_of_keys(mode_t mode, gid_t group) {
    write_keys(KEY_1, 0600);
    ck_assert_int_eq(chown(key_path, geteuid(), group), 0);
    ck_assert_int_eq(chmod(key_path, mode), 0);
    name_keys();
    return settings_load(&settings, &options);
}

/* Only root can give a file to any group, and be in any. */
START_TEST(a_group_that_reads_keys_is_one_of_the_daemon) {
    const gid_t strange = STRANGER;

    ck_assert_int_eq(status_of_keys(0640, getegid()), EX_OK);
    if (geteuid() != 0)
        return;
    ck_assert_int_eq(status_of_keys(0600, STRANGER), EX_OK);
    ck_assert_int_eq(status_of_keys(0640, STRANGER), EX_CONFIG);
    ck_assert_int_eq(status_of_keys(0440, STRANGER), EX_CONFIG);
    ck_assert_int_eq(setgroups(1, &strange), 0);
    ck_assert_int_eq(status_of_keys(0640, STRANGER), EX_OK);
    ck_assert_int_eq(setgroups(0, NULL), 0);
    ck_assert_int_eq(setegid(STRANGER), 0);
    ck_assert_int_eq(status_of_keys(0440, STRANGER), EX_OK);
    ck_assert_int_eq(status_of_keys(0440, 0), EX_OK);
}
END_TEST

struct entry {
    unsigned tag, rights, id;
};

/* False where files have no access lists. */
static bool set_access_list(const struct entry *entries, size_t count) {
    struct {
        struct posix_acl_xattr_header header;
        struct posix_acl_xattr_entry entries[40];
    } list = { .header.a_version = htole32(POSIX_ACL_XATTR_VERSION) };

    for (size_t i = 0; i < count; i++)
        list.entries[i] = (struct posix_acl_xattr_entry){ .e_tag = htole16(entries[i].tag),
                                                          .e_perm = htole16(entries[i].rights),
                                                          .e_id = htole32(entries[i].id) };
    if (setxattr(key_path, "system.posix_acl_access", &list, sizeof list.header + count * sizeof *list.entries, 0) == 0)
        return true;
    ck_assert_int_eq(errno, EOPNOTSUPP);
    return false;
}

/* Keys that belong to a group of which the daemon is no member, if root tries that, and a list that names somebody. The
 * kernel wants users before groups. */
static int status_with(struct entry named, unsigned rights_of_group, unsigned mask) {
    const struct entry group = { ACL_GROUP_OBJ, rights_of_group, (unsigned)-1 };
    const bool user = named.tag == ACL_USER;
    const struct entry list[] = {
        { ACL_USER_OBJ, 4, (unsigned)-1 },
        user ? named : group,
        user ? group : named,
        { ACL_MASK, mask, (unsigned)-1 },
        { ACL_OTHER, 0, (unsigned)-1 },
    };

    status_of_keys(0400, geteuid() == 0 ? STRANGER : getegid());
    return set_access_list(list, ARRAY_SIZE(list)) ? settings_load(&settings, &options) : -1;
}

/* As systemd writes a credential: for one user, though the mode becomes 0440. */
START_TEST(an_access_list_opens_keys_to_nobody_else) {
    if (status_with((struct entry){ ACL_USER, 4, geteuid() }, 0, 4) < 0)
        return;
    ck_assert_int_eq(status_with((struct entry){ ACL_USER, 4, geteuid() }, 0, 4), EX_OK);
    ck_assert_int_eq(status_with((struct entry){ ACL_USER, 4, 0 }, 0, 4), EX_OK);
    ck_assert_int_eq(status_with((struct entry){ ACL_USER, 4, STRANGER }, 0, 4), EX_CONFIG);
    ck_assert_int_eq(status_with((struct entry){ ACL_USER, 6, STRANGER }, 0, 0), EX_OK);
    ck_assert_int_eq(status_with((struct entry){ ACL_GROUP, 4, getegid() }, 0, 4), EX_OK);
    ck_assert_int_eq(status_with((struct entry){ ACL_GROUP, 6, getegid() }, 0, 6), EX_CONFIG);
    ck_assert_int_eq(status_with((struct entry){ ACL_GROUP, 6, getegid() }, 0, 4), EX_OK);
    ck_assert_int_eq(status_with((struct entry){ ACL_GROUP, 4, STRANGER }, 0, 4), EX_CONFIG);
    ck_assert_int_eq(status_with((struct entry){ ACL_USER, 4, geteuid() }, 4, 4), geteuid() == 0 ? EX_CONFIG : EX_OK);
}
END_TEST

START_TEST(an_access_list_that_is_too_long_is_refused) {
    struct entry list[40] = { { ACL_USER_OBJ, 4, (unsigned)-1 } };

    for (unsigned i = 1; i < 37; i++)
        list[i] = (struct entry){ ACL_USER, 0, i };
    list[37] = (struct entry){ ACL_GROUP_OBJ, 0, (unsigned)-1 };
    list[38] = (struct entry){ ACL_MASK, 4, (unsigned)-1 };
    list[39] = (struct entry){ ACL_OTHER, 0, (unsigned)-1 };
    ck_assert_int_eq(status_of_keys(0400, getegid()), EX_OK);
    if (set_access_list(list, ARRAY_SIZE(list)))
        ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
}
END_TEST

/* Add the new one, use it, take the old one away: no step is a start. */
START_TEST(keys_are_changed_while_the_node_runs) {
    static const char *const steps[] = { KEY_1 KEY_2, KEY_2 KEY_1, KEY_2 };

    write_keys(KEY_1, 0600);
    name_keys();
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    ck_assert_uint_eq(read_again()->changed.count, 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        write_keys(steps[i], 0600);
        ck_assert_uint_eq(read_again()->changed.count, 1);
        ck_assert_uint_eq(read_again()->changed.count, 0);
    }
    ck_assert_uint_eq(settings.keys->count, 1);
    ck_assert_uint_eq(settings.keys->list[0].id, 2);
}
END_TEST

static void want_encryption(const char *key_file, const char *value) {
    char text[200];

    snprintf(text, sizeof text, "[cluster]\nkey_file = %s\nencrypt = %s\n", key_file, value);
    write_file(text);
}

START_TEST(encryption_is_turned_on_while_the_node_runs_but_not_without_a_key) {
    write_keys(KEY_1, 0600);
    want_encryption(key_path, "no");
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    want_encryption(key_path, "yes");
    ck_assert_uint_eq(read_again()->changed.count, 1);
    ck_assert(settings.conf.encrypt);
    want_encryption("none", "yes");
    ck_assert_uint_eq(read_again()->errors.count, 1);
    ck_assert(settings.conf.encrypt);
    settings_drop_keys(&settings);
    ck_assert_int_eq(settings_load(&settings, &options), EX_CONFIG);
}
END_TEST

/* Until then there is nothing to encrypt with. */
START_TEST(encryption_waits_for_the_key) {
    write_keys(KEY_1, 0600);
    want_encryption("none", "no");
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    want_encryption(key_path, "yes");
    ck_assert_uint_eq(read_again()->restart.count, 1);
    ck_assert(!settings.conf.encrypt);
}
END_TEST

START_TEST(a_node_gets_and_loses_its_key_at_a_start_only) {
    write_keys(KEY_1, 0600);
    name_keys();
    ck_assert_int_eq(settings_load(&settings, &options), EX_OK);
    ck_assert_int_eq(settings_take_keys(&settings), EX_OK);
    write_file("[cluster]\nkey_file = none\n");
    ck_assert_uint_eq(read_again()->restart.count, 1);
    ck_assert_uint_eq(read_again()->changed.count, 0);
    ck_assert_str_eq(settings.conf.key_file, key_path);
    ck_assert_uint_eq(settings.keys->count, 1);
    write_keys("", 0600);
    name_keys();
    ck_assert_uint_eq(read_again()->errors.count, 1);
    ck_assert_uint_eq(settings.keys->count, 1);
}
END_TEST

static Suite *suite_of_settings(void) {
    Suite *suite = suite_create("settings");
    TCase *cases = tcase_create("settings");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, options_rule_over_the_file);
    tcase_add_test(cases, wrong_values_have_their_status);
    tcase_add_test(cases, a_file_that_is_named_must_be_there);
    tcase_add_test(cases, what_can_change_changes_and_the_rest_waits);
    tcase_add_test(cases, what_waits_is_told_each_time);
    tcase_add_test(cases, a_key_taken_out_has_its_default_again);
    tcase_add_test(cases, a_mistake_leaves_everything_as_it_was);
    tcase_add_test(cases, the_command_line_still_rules);
    tcase_add_test(cases, the_same_file_is_read_from_another_directory);
    tcase_add_test(cases, keys_that_others_can_touch_or_that_are_wrong_are_refused);
    if (!mac_hash())
        return suite; /* built without */
    tcase_add_test(cases, keys_come_from_the_file_that_is_named);
    tcase_add_test(cases, keys_come_from_the_credential_of_systemd);
    tcase_add_test(cases, a_group_that_reads_keys_is_one_of_the_daemon);
    tcase_add_test(cases, an_access_list_opens_keys_to_nobody_else);
    tcase_add_test(cases, an_access_list_that_is_too_long_is_refused);
    tcase_add_test(cases, keys_are_changed_while_the_node_runs);
    tcase_add_test(cases, a_node_gets_and_loses_its_key_at_a_start_only);
    tcase_add_test(cases, encryption_is_turned_on_while_the_node_runs_but_not_without_a_key);
    tcase_add_test(cases, encryption_waits_for_the_key);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_settings());
    int failed;

    srunner_set_fork_status(runner, CK_FORK); /* whatever CK_FORK says: standard error is replaced */
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
