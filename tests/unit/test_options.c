/* SPDX-License-Identifier: ISC
 *
 * test_options.c - the command line of eldestd: what it says, what it refuses, and how it goes together with the file.
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

static char file_path[] = "test-options-XXXXXX";

/* Messages are not tested here, and help is not to be read. */
static void setup(void) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int fd = mkstemp(file_path);

    ck_assert_int_ge(null, 0);
    ck_assert_int_ge(fd, 0);
    close(fd);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    close(null);
}

static void teardown(void) {
    unlink(file_path);
}

static void write_file(const char *text) {
    FILE *file = fopen(file_path, "we");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* Parses a line of words; the words live on in a buffer of this function. */
static bool parse(const char *line, struct options *ret, int *ret_status) {
    static char words[1024];
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
    ck_assert_ptr_null(options.config_path);
    ck_assert_ptr_null(options.cluster);
    ck_assert_str_eq(options.interfaces, "");
}
END_TEST

START_TEST(short_and_long_forms_say_the_same) {
    static const char *const lines[] = {
        "eldestd -f -c FILE -i eth0 -C blue -S DIR -s SOCK -l debug",
        "eldestd --foreground --config FILE --interface eth0 --cluster blue --state-dir=DIR --socket=SOCK "
        "--log-level debug",
    };
    size_t i;

    for (i = 0; i < 2; i++) {
        struct options options = right(lines[i]);

        ck_assert(options.foreground);
        ck_assert_str_eq(options.config_path, "FILE");
        ck_assert_str_eq(options.interfaces, "eth0");
        ck_assert_str_eq(options.cluster, "blue");
        ck_assert_str_eq(options.state_directory, "DIR");
        ck_assert_str_eq(options.socket_path, "SOCK");
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

static struct options with_file(const char *more) {
    char line[256];

    snprintf(line, sizeof line, "eldestd -c %s %s", file_path, more);
    return right(line);
}

START_TEST(options_rule_over_the_file) {
    struct options options = with_file("-C blue -i lo -l error -S /state -s /socket");
    struct conf conf;

    write_file("[cluster]\nname = red\n[network]\ninterfaces = eth7\n[log]\nlevel = debug\n[node]\npriority = 7\n");
    ck_assert_int_eq(options_load(&options, &conf), EX_OK);
    ck_assert_str_eq(conf.cluster, "blue");
    ck_assert_str_eq(conf.interface, "lo");
    ck_assert_int_eq(conf.log_level, LOG_LEVEL_ERROR);
    ck_assert_uint_eq(conf.facts.priority, 7);
    ck_assert_str_eq(conf.state_directory, "/state");
    ck_assert_str_eq(conf.socket_path, "/socket");
}
END_TEST

START_TEST(relative_paths_hold_after_a_change_of_directory) {
    struct options options = with_file("-S state -s socket");
    char here[CONF_PATH_SIZE], wanted[CONF_PATH_SIZE + 8];
    struct conf conf;

    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    ck_assert_int_eq(options_load(&options, &conf), EX_OK);
    snprintf(wanted, sizeof wanted, "%s/state", here);
    ck_assert_str_eq(conf.state_directory, wanted);
    snprintf(wanted, sizeof wanted, "%s/socket", here);
    ck_assert_str_eq(conf.socket_path, wanted);
}
END_TEST

static int status_of(const char *more) {
    struct options options = with_file(more);
    struct conf conf;

    return options_load(&options, &conf);
}

START_TEST(wrong_values_have_their_status) {
    struct options missing = right("eldestd -c no-such-file");
    struct conf conf;

    ck_assert_int_eq(options_load(&missing, &conf), EX_CONFIG);
    ck_assert_int_eq(status_of(""), EX_OK);
    ck_assert_int_eq(status_of("-l loud"), EX_USAGE);
    ck_assert_int_eq(status_of("-C a/b"), EX_USAGE);
    write_file("[node]\nno_such_key = 1\n");
    ck_assert_int_eq(status_of(""), EX_CONFIG);
    ck_assert_int_eq(status_of("-l loud"), EX_CONFIG);
}
END_TEST

START_TEST(a_path_too_long_is_refused) {
    static char path[2 * CONF_PATH_SIZE];
    struct options options = with_file("");
    struct conf conf;

    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    options.socket_path = path;
    ck_assert_int_eq(options_load(&options, &conf), EX_USAGE);
    options.socket_path = "";
    ck_assert_int_eq(options_load(&options, &conf), EX_USAGE);
}
END_TEST

static Suite *suite_of_options(void) {
    Suite *suite = suite_create("options");
    TCase *cases = tcase_create("options");

    suite_add_tcase(suite, cases);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, nothing_given);
    tcase_add_test(cases, short_and_long_forms_say_the_same);
    tcase_add_test(cases, usage_errors);
    tcase_add_test(cases, help_and_version_end_well);
    tcase_add_test(cases, too_many_interfaces_do_not_overflow);
    tcase_add_test(cases, options_rule_over_the_file);
    tcase_add_test(cases, relative_paths_hold_after_a_change_of_directory);
    tcase_add_test(cases, wrong_values_have_their_status);
    tcase_add_test(cases, a_path_too_long_is_refused);
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
