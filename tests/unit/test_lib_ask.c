/* SPDX-License-Identifier: ISC
 *
 * test_lib_ask.c - the questions of libeldest, put to a daemon that answers well, badly, slowly or not at all.
 */
#include "lib/eldest.h"

#include "base/util.h"
#include "unit/fake_daemon.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEADS "{\"epoch\":7,\"token\":\"7.aa\",\"leader\":{\"id\":\"aa\",\"name\":\"alpha\",\"self\":true}}\n"
#define FOLLOWS "{\"epoch\":7,\"token\":\"7.aa\",\"leader\":{\"id\":\"aa\",\"name\":\"alpha\",\"self\":false}}\n"
#define NOBODY "{\"epoch\":7,\"token\":null,\"leader\":null}\n"
#define ERROR(code) "{\"error\":{\"code\":\"" code "\",\"message\":\"no\"}}\n"

static struct eldest *eldest;

static void setup(void) {
    fake_open();
    ck_assert_int_eq(eldest_open(&eldest, NULL, fake_path()), 0);
}

static void teardown(void) {
    eldest_close(eldest);
    fake_close();
}

static void answer(const char *command, const char *text) {
    fake_answer(command, false, (const char *const[]){ text, NULL });
}

static int role_for(const char *text) {
    answer("leader", text);
    return eldest_get_role(eldest);
}

START_TEST(the_role_has_three_values) {
    ck_assert_int_eq(role_for(LEADS), ELDEST_LEADS);
    ck_assert_int_eq(role_for(FOLLOWS), ELDEST_FOLLOWS);
    ck_assert_int_eq(role_for(NOBODY), ELDEST_UNCERTAIN);
}
END_TEST

START_TEST(what_is_odd_is_never_a_yes) {
    ck_assert_int_eq(role_for("{}\n"), ELDEST_UNCERTAIN);
    ck_assert_int_eq(role_for("{\"leader\":true}\n"), ELDEST_UNCERTAIN);
    ck_assert_int_eq(role_for("{\"leader\":{\"self\":\"true\"}}\n"), ELDEST_FOLLOWS);
    ck_assert_int_eq(role_for("{\"leader\":{}}\n"), ELDEST_FOLLOWS);
    ck_assert_int_eq(role_for("[]\n"), -EPROTO);
    ck_assert_int_eq(role_for("\n"), -EPROTO);
    ck_assert_int_eq(role_for("220 mail ESMTP\n"), -EPROTO);
    ck_assert_int_eq(role_for("{\"leader\":{\"self\":true},\"x\":\"\xff\"}\n"), -EPROTO);
    ck_assert_int_eq(role_for("{\"leader\":{\"self\":true}"), -EPIPE);
    ck_assert_int_eq(role_for(""), -EPIPE);
}
END_TEST

START_TEST(an_error_of_the_daemon_is_one_of_the_function) {
    ck_assert_int_eq(role_for(ERROR("denied")), -EACCES);
    ck_assert_int_eq(role_for(ERROR("too-many-clients")), -EBUSY);
    ck_assert_int_eq(role_for(ERROR("too-much-unread")), -EBUSY);
    ck_assert_int_eq(role_for(ERROR("unknown-command")), -EOPNOTSUPP);
    ck_assert_int_eq(role_for(ERROR("of tomorrow")), -EPROTO);
    ck_assert_int_eq(role_for("{\"error\":true,\"leader\":{\"self\":true}}\n"), -EPROTO);
}
END_TEST

START_TEST(an_answer_may_come_in_parts) {
    fake_answer("leader", false, (const char *const[]){ "{\"leader\"", ":{\"self\":true", "}", "}", "\n", NULL });
    ck_assert_int_eq(eldest_get_role(eldest), ELDEST_LEADS);
}
END_TEST

START_TEST(a_silent_daemon_is_not_waited_for_for_ever) {
    fake_answer("leader", true, (const char *const[]){ "{\"leader\":{\"self\":true}}", NULL });
    ck_assert_int_eq(eldest_set_timeout(eldest, 0), -EINVAL);
    ck_assert_int_eq(eldest_set_timeout(eldest, 30), 0);
    ck_assert_int_eq(eldest_get_role(eldest), -ETIMEDOUT);
}
END_TEST

START_TEST(no_daemon_is_said) {
    struct eldest_status *status = NULL;

    fake_die();
    ck_assert_int_eq(eldest_get_role(eldest), -ENOENT);
    ck_assert_int_eq(eldest_get_status(eldest, &status), -ENOENT);
    ck_assert_int_eq(eldest_wait(eldest, ELDEST_GOAL_LEADER, -1, &status), -ENOENT);
    ck_assert_int_eq(eldest_resign(eldest), -ENOENT);
    ck_assert_ptr_null(status);
    fake_start();
}
END_TEST

START_TEST(a_leader_is_read) {
    struct eldest_status *status;

    answer("leader", "{\"cluster\":\"web\",\"node\":{\"id\":\"bb\",\"name\":\"beta\",\"state\":\"idle\"},\"epoch\":7,"
                     "\"token\":\"7.aa\",\"leader\":{\"id\":\"aa\",\"name\":\"alpha\",\"address\":\"10.0.0.1\","
                     "\"port\":29418,\"self\":false}}\n");
    ck_assert_int_eq(eldest_get_leader(eldest, &status), 0);
    ck_assert_str_eq(eldest_status_cluster(status), "web");
    ck_assert_str_eq(eldest_status_node_id(status), "bb");
    ck_assert_str_eq(eldest_status_node_name(status), "beta");
    ck_assert_str_eq(eldest_status_node_state(status), "idle");
    ck_assert_uint_eq(eldest_status_epoch(status), 7);
    ck_assert_str_eq(eldest_status_token(status), "7.aa");
    ck_assert_str_eq(eldest_status_leader_id(status), "aa");
    ck_assert_str_eq(eldest_status_leader_name(status), "alpha");
    ck_assert_str_eq(eldest_status_leader_address(status), "10.0.0.1");
    ck_assert_uint_eq(eldest_status_leader_port(status), 29418);
    ck_assert_ptr_null(eldest_status_event(status));
    ck_assert_uint_eq(eldest_status_members(status), 0);
    eldest_status_free(status);
}
END_TEST

START_TEST(members_are_read) {
    struct eldest_status *status, *copy;

    answer("status", "{\"leader\":null,\"peers\":["
                     "{\"id\":\"aa\",\"name\":\"alpha\",\"address\":\"10.0.0.1\",\"port\":1,\"state\":\"leader\","
                     "\"self\":true},{\"id\":\"bb\",\"address\":null,\"port\":-1,\"self\":false}]}\n");
    ck_assert_int_eq(eldest_get_status(eldest, &status), 0);
    copy = eldest_status_copy(status);
    eldest_status_free(status);
    ck_assert_uint_eq(eldest_status_members(copy), 2);
    ck_assert_str_eq(eldest_status_member_id(copy, 0), "aa");
    ck_assert_str_eq(eldest_status_member_name(copy, 0), "alpha");
    ck_assert_str_eq(eldest_status_member_address(copy, 0), "10.0.0.1");
    ck_assert_uint_eq(eldest_status_member_port(copy, 0), 1);
    ck_assert_str_eq(eldest_status_member_state(copy, 0), "leader");
    ck_assert_int_eq(eldest_status_member_self(copy, 0), 1);
    ck_assert_ptr_null(eldest_status_member_name(copy, 1));
    ck_assert_ptr_null(eldest_status_member_address(copy, 1));
    ck_assert_uint_eq(eldest_status_member_port(copy, 1), 0);
    ck_assert_int_eq(eldest_status_member_self(copy, 1), 0);
    ck_assert_ptr_null(eldest_status_member_id(copy, 2));
    ck_assert_int_eq(strncmp(eldest_status_json(copy), "{\"leader\":null,", 15), 0);
    eldest_status_free(copy);
}
END_TEST

START_TEST(nothing_is_known_of_nothing) {
    ck_assert_int_eq(eldest_status_role(NULL), ELDEST_UNCERTAIN);
    ck_assert_ptr_null(eldest_status_token(NULL));
    ck_assert_uint_eq(eldest_status_epoch(NULL), 0);
    ck_assert_ptr_null(eldest_status_leader_name(NULL));
    ck_assert_uint_eq(eldest_status_leader_port(NULL), 0);
    ck_assert_uint_eq(eldest_status_members(NULL), 0);
    ck_assert_ptr_null(eldest_status_member_id(NULL, 0));
    ck_assert_int_eq(eldest_status_limit_ms(NULL), 0);
    ck_assert_ptr_null(eldest_status_json(NULL));
    ck_assert_ptr_null(eldest_status_copy(NULL));
    eldest_status_free(NULL);
    eldest_close(NULL);
}
END_TEST

START_TEST(a_wait_ends_when_it_is_so) {
    static const struct {
        enum eldest_goal goal;
        const char *before, *then;
    } waits[] = {
        { ELDEST_GOAL_LEADER, NOBODY, FOLLOWS }, { ELDEST_GOAL_SELF, FOLLOWS, LEADS },
        { ELDEST_GOAL_SELF, NOBODY, LEADS },     { ELDEST_GOAL_NOT_SELF, LEADS, NOBODY },
    };
    struct eldest_status *status;

    for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
        fake_answer("watch", true, (const char *const[]){ waits[i].before, waits[i].then, NULL });
        ck_assert_int_eq(eldest_wait(eldest, waits[i].goal, -1, &status), 0);
        ck_assert_int_eq(strncmp(eldest_status_json(status), waits[i].then, strlen(waits[i].then) - 1), 0);
        eldest_status_free(status);
    }
    fake_answer("watch", true, (const char *const[]){ LEADS, NULL });
    ck_assert_int_eq(eldest_wait(eldest, ELDEST_GOAL_SELF, 10000, NULL), 0);
}
END_TEST

START_TEST(a_wait_may_be_in_vain) {
    struct eldest_status *status = NULL;

    fake_answer("watch", true, (const char *const[]){ FOLLOWS, FOLLOWS, NULL });
    ck_assert_int_eq(eldest_wait(eldest, ELDEST_GOAL_SELF, 50, &status), -ETIMEDOUT);
    answer("watch", FOLLOWS);
    ck_assert_int_eq(eldest_wait(eldest, ELDEST_GOAL_SELF, -1, &status), -EPIPE);
    answer("watch", ERROR("too-many-clients"));
    ck_assert_int_eq(eldest_wait(eldest, ELDEST_GOAL_NOT_SELF, -1, &status), -EBUSY);
    ck_assert_ptr_null(status);
}
END_TEST

START_TEST(a_resignation_has_three_ends) {
    answer("resign", "{\"resigned\":true,\"epoch\":8}\n");
    ck_assert_int_eq(eldest_resign(eldest), ELDEST_RESIGNED);
    answer("resign", ERROR("not-leader"));
    ck_assert_int_eq(eldest_resign(eldest), ELDEST_NOT_LEADER);
    answer("resign", ERROR("nobody"));
    ck_assert_int_eq(eldest_resign(eldest), ELDEST_NOBODY);
    answer("resign", ERROR("denied"));
    ck_assert_int_eq(eldest_resign(eldest), -EACCES);
    answer("resign", ERROR("timeout"));
    ck_assert_int_eq(eldest_resign(eldest), -ETIMEDOUT);
}
END_TEST

START_TEST(a_handle_is_for_a_cluster_or_a_path) {
    struct eldest *other = NULL;
    char longer[200];

    ck_assert_int_eq(eldest_open(&other, "../etc", NULL), -EINVAL);
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    ck_assert_int_eq(eldest_open(&other, NULL, longer), -ENAMETOOLONG);
    ck_assert_ptr_null(other);
    ck_assert_int_eq(eldest_open(&other, "no-such-cluster", NULL), 0);
    ck_assert_int_eq(eldest_get_role(other), -ENOENT);
    eldest_close(other);
    ck_assert_int_eq(eldest_open(&other, NULL, NULL), 0);
    eldest_close(other);
}
END_TEST

START_TEST(errors_have_words) {
    ck_assert_str_ne(eldest_error_text(-ENOENT), strerror(ENOENT));
    ck_assert_ptr_nonnull(strstr(eldest_error_text(-EACCES), "group eldest"));
    ck_assert_str_eq(eldest_error_text(-ENOMEM), strerror(ENOMEM));
    ck_assert_ptr_nonnull(eldest_error_text(-12345));
}
END_TEST

START_TEST(a_child_has_no_handle) {
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        bool right = eldest_get_role(eldest) == -ECHILD && eldest_dispatch(eldest, 0) == -ECHILD &&
                     eldest_stopped(eldest) == -ECHILD && eldest_wait(eldest, ELDEST_GOAL_SELF, 0, NULL) == -ECHILD;
        eldest_close(eldest);
        _exit(right ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(role_for(LEADS), ELDEST_LEADS);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        the_role_has_three_values, what_is_odd_is_never_a_yes, an_error_of_the_daemon_is_one_of_the_function,
        an_answer_may_come_in_parts, a_silent_daemon_is_not_waited_for_for_ever, no_daemon_is_said, a_leader_is_read,
        members_are_read, nothing_is_known_of_nothing, a_wait_ends_when_it_is_so, a_wait_may_be_in_vain,
        a_resignation_has_three_ends, a_handle_is_for_a_cluster_or_a_path, errors_have_words, a_child_has_no_handle,
    };
    Suite *suite = suite_create("lib_ask");
    TCase *tcase = tcase_create("ask");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
