/* SPDX-License-Identifier: ISC
 *
 * test_options.c - the command line of eldestd: what it says and what it refuses.
 */
#include "daemon/options.h"

#include <check.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16 };

/* Messages are not tested here, and help is not to be read. */
static void setup(void) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    ck_assert_int_ge(null, 0);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    close(null);
}

/* Parses a line of words; the words live on in a buffer of this function. */
static bool parse(const char *line, struct options *ret, int *ret_status) {
    static char words[4096];
    char *arguments[ARGUMENTS_MAX + 1] = { NULL };
    int count = 0;
    char *word;

    snprintf(words, sizeof words, "%s", line);
    for (word = strtok(words, " "); word && count < ARGUMENTS_MAX; word = strtok(NULL, " "))
        arguments[count++] = word;
    optind = 0; /* getopt begins anew */
    return options_parse(count, arguments, ret, ret_status);
}

static struct options right(const char *line) {
    struct options options;
    int status;

    ck_assert(parse(line, &options, &status));
    return options;
}

static int wrong(const char *line) {
    struct options options;
    int status = -1;

    ck_assert(!parse(line, &options, &status));
    return status;
}

START_TEST(nothing_given) {
    struct options options = right("eldestd");

    ck_assert(!options.foreground && !options.check);
    ck_assert_str_eq(options.config_path, "");
    ck_assert_str_eq(options.state_directory, "");
    ck_assert_str_eq(options.socket_path, "");
    ck_assert_ptr_null(options.cluster);
    ck_assert_str_eq(options.interfaces, "");
}
END_TEST

START_TEST(short_and_long_forms_say_the_same) {
    static const char *const lines[] = {
        "eldestd -f -c /FILE -i eth0 -C blue -S /DIR -s /SOCK -l debug",
        "eldestd --foreground --config /FILE --interface eth0 --cluster blue --state-dir=/DIR --socket=/SOCK "
        "--log-level debug",
    };
    size_t i;

    for (i = 0; i < 2; i++) {
        struct options options = right(lines[i]);

        ck_assert(options.foreground);
        ck_assert_str_eq(options.config_path, "/FILE");
        ck_assert_str_eq(options.interfaces, "eth0");
        ck_assert_str_eq(options.cluster, "blue");
        ck_assert_str_eq(options.state_directory, "/DIR");
        ck_assert_str_eq(options.socket_path, "/SOCK");
        ck_assert_str_eq(options.log_level, "debug");
    }
}
END_TEST

START_TEST(usage_errors) {
    ck_assert_int_eq(wrong("eldestd -x"), EX_USAGE);
    ck_assert_int_eq(wrong("eldestd --no-such-option"), EX_USAGE);
    ck_assert_int_eq(wrong("eldestd -c"), EX_USAGE);
    ck_assert_int_eq(wrong("eldestd --check=yes"), EX_USAGE);
    ck_assert_int_eq(wrong("eldestd start"), EX_USAGE);
}
END_TEST

START_TEST(help_and_version_end_well) {
    ck_assert_int_eq(wrong("eldestd -h"), EX_OK);
    ck_assert_int_eq(wrong("eldestd --help"), EX_OK);
    ck_assert_int_eq(wrong("eldestd -V"), EX_OK);
    ck_assert_int_eq(wrong("eldestd --version"), EX_OK);
}
END_TEST

START_TEST(too_many_interfaces_do_not_overflow) {
    static char name[200], line[1024];

    memset(name, 'x', sizeof name - 1);
    snprintf(line, sizeof line, "eldestd -i %s -i %s", name, name);
    ck_assert_int_eq(wrong(line), EX_USAGE);
}
END_TEST

START_TEST(relative_paths_hold_after_a_change_of_directory) {
    struct options options = right("eldestd -c conf -S state -s socket");
    char here[CONF_PATH_SIZE], wanted[CONF_PATH_SIZE + 8];

    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    snprintf(wanted, sizeof wanted, "%s/conf", here);
    ck_assert_str_eq(options.config_path, wanted);
    snprintf(wanted, sizeof wanted, "%s/state", here);
    ck_assert_str_eq(options.state_directory, wanted);
    snprintf(wanted, sizeof wanted, "%s/socket", here);
    ck_assert_str_eq(options.socket_path, wanted);
}
END_TEST

START_TEST(paths_that_are_none_are_refused) {
    static const char *const letters[] = { "c", "S", "s" };
    static char path[2 * CONF_PATH_SIZE], line[sizeof path + 32];

    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    for (unsigned i = 0; i < 3; i++) {
        snprintf(line, sizeof line, "eldestd -%s %s", letters[i], path);
        ck_assert_int_eq(wrong(line), EX_USAGE);
    }
    ck_assert_int_eq(wrong("eldestd --config="), EX_USAGE);
    ck_assert_int_eq(wrong("eldestd --state-dir="), EX_USAGE);
    ck_assert_int_eq(wrong("eldestd --socket="), EX_USAGE);
}
END_TEST

static Suite *suite_of_options(void) {
    Suite *suite = suite_create("options");
    TCase *cases = tcase_create("options");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, nothing_given);
    tcase_add_test(cases, short_and_long_forms_say_the_same);
    tcase_add_test(cases, usage_errors);
    tcase_add_test(cases, help_and_version_end_well);
    tcase_add_test(cases, too_many_interfaces_do_not_overflow);
    tcase_add_test(cases, relative_paths_hold_after_a_change_of_directory);
    tcase_add_test(cases, paths_that_are_none_are_refused);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(suite_of_options());
    int failed;

    srunner_set_fork_status(runner, CK_FORK); /* whatever CK_FORK says: standard output and error are replaced */
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
