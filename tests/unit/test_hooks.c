/* SPDX-License-Identifier: ISC
 *
 * test_hooks.c - what hooks are told next, which files are hooks, and what becomes of their output.
 *
 * Alpha is this node. A second passes before each thing that happens, so that what waits for a moment is due, unless a
 * test says otherwise.
 */
#include "base/str.h"
#include "cli/hook_dir.h"
#include "cli/hook_output.h"
#include "cli/hook_path.h"
#include "cli/hook_queue.h"

#include "base/util.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is told next */

static struct hook_queue queue;
static struct standing standing;
static usec_t now;

static void setup(void) {
    memset(&queue, 0, sizeof(queue));
    memset(&standing, 0, sizeof(standing));
    now = 1000 * USEC_PER_SEC;
}

/* JSON is written with ' for " here. */
static void hear(char *text) {
    json_t *line;

    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    line = json_loads(text, 0, NULL);
    ck_assert_msg(line, "%s", text);
    standing_read(&standing, line);
    json_decref(line);
    now += USEC_PER_SEC;
    hook_queue_note(&queue, &standing, now);
}

/* An order to work, and one to stop. */
static void works(int epoch) {
    char text[512];

    snprintf(text, sizeof(text), "{'hold':'work','cluster':'default','state':'leader','epoch':%d,'token':'%d.alpha',"
             "'leader':{'id':'id-alpha','name':'alpha','self':true,'address':'192.0.2.1','port':29418}}", epoch, epoch);
    hear(text);
}

static void is_stopped(void) {
    char text[] = "{'hold':'stop','state':'idle','leader':null,'token':null}";

    hear(text);
}

/* Changes. */
static void another_leads(const char *name, int epoch) {
    char text[512];

    snprintf(text, sizeof(text), "{'event':'leader','state':'idle','epoch':%d,'token':'%d.%s','leader':{'id':'id-%s',"
             "'name':'other','self':false,'address':'192.0.2.2','port':29418}}", epoch, epoch, name, name);
    hear(text);
}

static void nobody_leads(void) {
    char text[] = "{'event':'no-leader','state':'candidate','leader':null,'token':null}";

    hear(text);
}

static void it_leads_as_it_says(int epoch) {
    char text[256];

    snprintf(text, sizeof(text), "{'event':'leader','state':'leader','epoch':%d,'token':'%d.alpha',"
             "'leader':{'id':'id-alpha','name':'alpha','self':true}}", epoch, epoch);
    hear(text);
}

static void is_asked_to_reassert(void) {
    now += USEC_PER_SEC;
    hook_queue_reassert(&queue, now);
}

static void is_asked_to_end(void) {
    now += USEC_PER_SEC;
    hook_queue_stop(&queue, now);
}

/* What is told when a second has passed. */
static const char *told(void) {
    now += USEC_PER_SEC;
    return hook_event_name(hook_queue_next(&queue, now));
}

#define ck_told(event) ck_assert_str_eq(told(), event)

START_TEST(first_the_present_state_is_told) {
    ck_told("none");
    another_leads("beta", 3);
    ck_told("start");
    ck_assert(!queue.told.leads);
    ck_assert_str_eq(queue.told.leader_name, "other");
    ck_assert_str_eq(queue.told.state, "idle");
    ck_told("none");
}
END_TEST

START_TEST(who_starts_on_the_leader_is_told_so_at_once) {
    nobody_leads();
    works(3);
    ck_told("start");
    ck_assert(queue.told.leads);
    ck_assert_str_eq(queue.told.state, "leader");
    ck_told("none");
}
END_TEST

START_TEST(a_leadership_is_gained_and_lost) {
    nobody_leads();
    ck_told("start");
    works(3);
    ck_told("gained");
    ck_assert_str_eq(queue.told.token, "3.alpha");
    ck_assert_str_eq(queue.told.epoch, "3");
    ck_assert_str_eq(queue.told.leader_id, "id-alpha");
    ck_assert_str_eq(queue.told.leader_port, "29418");
    ck_assert(!hook_queue_overtakes(&queue));
    is_stopped();
    ck_assert(hook_queue_overtakes(&queue));
    ck_told("lost");
    ck_assert(!hook_queue_overtakes(&queue));
    ck_assert_str_eq(queue.told.token, "");
    ck_assert_str_eq(queue.told.leader_name, "");
    ck_assert_str_eq(queue.told.state, "idle");
    another_leads("beta", 4);
    ck_told("changed");
    nobody_leads();
    ck_told("changed");
    ck_assert_str_eq(queue.told.state, "candidate");
    ck_told("none");
}
END_TEST

/* The hooks run while all this happens. */
START_TEST(what_is_over_is_not_told) {
    nobody_leads();
    ck_told("start");
    works(3);
    is_stopped();
    ck_told("none");
    another_leads("beta", 4);
    another_leads("gamma", 5);
    ck_told("changed");
    ck_assert_str_eq(queue.told.token, "5.gamma");
    nobody_leads();
    another_leads("gamma", 5);
    ck_told("none");
    for (int i = 0; i < 100; i++) {
        another_leads("beta", 10 + i);
        nobody_leads();
    }
    works(200);
    ck_told("gained");
    ck_told("none");
}
END_TEST

START_TEST(a_loss_is_told_even_if_it_is_over) {
    works(3);
    ck_told("start");
    is_stopped();
    works(4);
    ck_assert(hook_queue_overtakes(&queue));
    ck_told("lost");
    ck_assert(!queue.told.leads);
    ck_assert_str_eq(queue.told.token, "");
    ck_told("gained");
    ck_assert_str_eq(queue.told.token, "4.alpha");
}
END_TEST

START_TEST(a_new_token_is_told_and_so_is_the_same_one_if_asked) {
    works(3);
    ck_told("start");
    works(5);
    ck_told("reassert");
    ck_assert_str_eq(queue.told.token, "5.alpha");
    is_asked_to_reassert();
    works(5);
    ck_told("reassert");
    is_asked_to_reassert();
    works(6);
    ck_told("reassert");
    ck_told("none");
    is_asked_to_reassert();
    is_stopped();
    ck_told("lost");
    works(7);
    ck_told("gained");
    ck_told("none");
}
END_TEST

START_TEST(who_does_not_lead_reasserts_nothing) {
    another_leads("beta", 3);
    ck_told("start");
    is_asked_to_reassert();
    ck_told("none");
    works(4);
    ck_told("gained");
    ck_told("none");
}
END_TEST

/* What a change says of this node comes before the order to work, or after the one to stop. */
START_TEST(only_an_order_makes_it_lead) {
    nobody_leads();
    ck_told("start");
    it_leads_as_it_says(3);
    ck_told("none");
    ck_assert_str_eq(standing.state, "idle");
    ck_assert_str_eq(standing.leader_id, "");
    ck_assert_str_eq(standing.token, "");
    works(3);
    another_leads("beta", 4);
    ck_told("gained");
    ck_assert_str_eq(queue.told.token, "3.alpha");
    ck_assert_str_eq(queue.told.leader_name, "alpha");
}
END_TEST

START_TEST(the_end_comes_last) {
    works(3);
    ck_told("start");
    is_asked_to_end();
    ck_assert(hook_queue_overtakes(&queue));
    ck_assert_int_eq(queue.ended_at, now);
    works(4);
    is_asked_to_end();
    ck_told("stop");
    ck_assert(queue.over);
    ck_assert(!queue.told.leads);
    ck_assert_str_eq(queue.told.state, "idle");
    ck_assert_str_eq(queue.told.token, "");
    another_leads("beta", 5);
    ck_told("none");
}
END_TEST

START_TEST(the_end_on_a_follower_names_the_leader) {
    another_leads("beta", 3);
    is_asked_to_end();
    ck_told("stop");
    ck_assert_str_eq(queue.told.token, "3.beta");
    ck_told("none");
}
END_TEST

/* An end that comes while a leadership ends does not give more time for that. */
START_TEST(an_end_does_not_put_the_deadline_off) {
    usec_t ended_at;

    works(3);
    ck_told("start");
    is_stopped();
    ended_at = now;
    is_asked_to_end();
    ck_assert_int_eq(queue.ended_at, ended_at);
    ck_told("stop");
}
END_TEST

START_TEST(a_leader_that_is_replaced_at_once_is_not_missed) {
    another_leads("beta", 3);
    ck_told("start");
    ck_assert_int_eq(hook_queue_deadline(&queue), USEC_NEVER);
    nobody_leads();
    ck_assert_int_eq(hook_queue_deadline(&queue), now + HOOK_SETTLE);
    ck_assert_int_eq(hook_queue_next(&queue, now + HOOK_SETTLE - 1), HOOK_NONE);
    works(4);
    ck_assert_int_le(hook_queue_deadline(&queue), now);
    ck_assert_int_eq(hook_queue_next(&queue, now), HOOK_GAINED);
    is_stopped();
    ck_assert_int_eq(hook_queue_next(&queue, now), HOOK_LOST);
    another_leads("gamma", 5);
    ck_assert_int_eq(hook_queue_next(&queue, now), HOOK_NONE);
    ck_assert_int_eq(hook_queue_next(&queue, now + HOOK_SETTLE), HOOK_CHANGED);
}
END_TEST

/* However many changes come, none puts it off. */
START_TEST(a_storm_is_told_of) {
    usec_t begun;

    another_leads("beta", 3);
    ck_told("start");
    another_leads("gamma", 4);
    begun = now;
    another_leads("delta", 5);
    ck_assert_int_eq(hook_queue_deadline(&queue), begun + HOOK_SETTLE);
    ck_told("changed");
    ck_assert_str_eq(queue.told.leader_id, "id-delta");
}
END_TEST

START_TEST(tags_of_the_leader_are_told) {
    char tagged[] = "{'event':'leader','state':'idle','epoch':3,'token':'3.beta','leader':{'id':'id-beta',"
                    "'name':'other','self':false,'address':'192.0.2.2','port':29418,'tags':{'role':'db','zone':'a'}}}";

    another_leads("beta", 3);
    ck_told("start");
    hear(tagged);
    ck_told("changed");
    standing_export(&standing);
    ck_assert_str_eq(getenv("ELDEST_LEADER_TAGS"), "role=db zone=a");
    hear(tagged);
    ck_told("none");
    nobody_leads();
    standing_export(&standing);
    ck_assert_str_eq(getenv("ELDEST_LEADER_TAGS"), "");
}
END_TEST

START_TEST(the_environment_is_what_was_told) {
    another_leads("beta", 3);
    standing_export(&standing);
    ck_assert_str_eq(getenv("ELDEST_STATE"), "idle");
    ck_assert_str_eq(getenv("ELDEST_TOKEN"), "3.beta");
    ck_assert_str_eq(getenv("ELDEST_LEADER_ID"), "id-beta");
    ck_assert_str_eq(getenv("ELDEST_LEADER_PORT"), "29418");
    works(4);
    standing_export(&standing);
    ck_assert_str_eq(getenv("ELDEST_STATE"), "leader");
    ck_assert_str_eq(getenv("ELDEST_CLUSTER"), "default");
    standing_release(&standing);
    standing_export(&standing);
    ck_assert_str_eq(getenv("ELDEST_STATE"), "idle");
    ck_assert_str_eq(getenv("ELDEST_TOKEN"), "");
    ck_assert_str_eq(getenv("ELDEST_LEADER_NAME"), "");
    ck_assert_str_eq(getenv("ELDEST_EPOCH"), "4");
}
END_TEST

/* Which files are hooks */

static char directory[32];
static struct hook_list list;

static void make_directory(void) {
    snprintf(directory, sizeof(directory), "/tmp/eldest-hooks.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void remove_directory(void) {
    char command[64];

    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static void put_file(const char *name, mode_t mode) {
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
}

/* All names, with a star for those that are not run. */
static const char *listed(bool root) {
    static char text[512];

    ck_assert_int_eq(hook_dir_read(directory, root, &list), 0);
    text[0] = '\0';
    for (size_t i = 0; i < list.count; i++) {
        strcat(text, i > 0 ? " " : "");
        strcat(text, list.files[i].name);
        strcat(text, list.files[i].refusal ? "*" : "");
    }
    return text;
}

START_TEST(hooks_are_executables_in_order) {
    put_file("b", 0755);
    put_file("10-second", 0755);
    put_file("09-first", 0700);
    put_file("Z_last", 0555);
    put_file("not-executable", 0644);
    put_file("10-second~", 0755);
    put_file(".hidden", 0755);
    put_file("script.sh", 0755);
    put_file("x.dpkg-old", 0755);
    put_file("with space", 0755);
    ck_assert_str_eq(listed(false), "09-first 10-second Z_last b");
}
END_TEST

START_TEST(links_count_and_directories_do_not) {
    char path[64], name[64];

    snprintf(path, sizeof(path), "%s/subdirectory", directory);
    ck_assert_int_eq(mkdir(path, 0755), 0);
    put_file("script.sh", 0755);
    snprintf(name, sizeof(name), "%s/link", directory);
    ck_assert_int_eq(symlink("script.sh", name), 0);
    snprintf(name, sizeof(name), "%s/nowhere", directory);
    ck_assert_int_eq(symlink("missing", name), 0);
    ck_assert_str_eq(listed(false), "link");
    ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

START_TEST(root_runs_what_only_root_can_write) {
    put_file("good", 0755);
    put_file("group", 0775);
    put_file("world", 0757);
    ck_assert_str_eq(listed(false), "good group world");
    if (geteuid() != 0)
        return;
    ck_assert_str_eq(listed(true), "good group* world*");
    put_file("theirs", 0755);
    char path[64];
    snprintf(path, sizeof(path), "%s/theirs", directory);
    if (chown(path, 1234, 1234) == 0) /* not where only root has a number */
        ck_assert_str_eq(listed(true), "good group* theirs* world*");
    ck_assert_int_eq(chmod(directory, 0777), 0);
    ck_assert_int_eq(hook_dir_read(directory, true, &list), -EPERM);
    ck_assert_int_eq(hook_dir_read(directory, false, &list), 0);
}
END_TEST

/* To be given away where more than root has a number. */
static void give(const char *path, bool *ret_given) {
    *ret_given = lchown(path, 1234, 1234) == 0;
}

START_TEST(root_runs_what_only_root_can_put_there) {
    char inner[64], file[96], link[64];
    bool given;

    if (geteuid() != 0)
        return;
    snprintf(inner, sizeof(inner), "%s/inner", directory);
    snprintf(file, sizeof(file), "%s/inner/hook", directory);
    ck_assert_int_eq(mkdir(inner, 0755), 0);
    put_file("inner/hook", 0755);
    ck_assert_int_eq(hook_dir_read(inner, true, &list), 0);
    ck_assert_int_eq(list.count, 1);
    ck_assert_ptr_null(list.files[0].refusal);

    /* A link to what others can replace, or which itself is theirs. */
    snprintf(link, sizeof(link), "%s/link", directory);
    ck_assert_int_eq(symlink("inner/hook", link), 0);
    ck_assert_str_eq(listed(true), "link");
    ck_assert_int_eq(chmod(inner, 0777), 0);
    ck_assert_str_eq(listed(true), "link*");
    ck_assert_int_eq(chmod(inner, 01777), 0);
    ck_assert_str_eq(listed(true), "link");
    ck_assert_int_eq(chmod(inner, 0755), 0);
    give(link, &given);
    ck_assert_str_eq(listed(true), given ? "link*" : "link");
    ck_assert_int_eq(unlink(link), 0);

    /* A directory that is root's, in one that is not. */
    give(directory, &given);
    ck_assert_int_eq(hook_dir_read(inner, true, &list), given ? -EPERM : 0);
    ck_assert_int_eq(hook_dir_read(inner, false, &list), 0);
    ck_assert_int_eq(chown(directory, 0, 0), 0);
    ck_assert_int_eq(chmod(directory, 0777), 0);
    ck_assert_int_eq(hook_dir_read(inner, true, &list), -EPERM);
}
END_TEST

START_TEST(a_path_stays_if_all_of_it_is_root_s) {
    char path[64], name[64];

    if (geteuid() != 0)
        return;
    ck_assert(hook_path_stays("/"));
    ck_assert(hook_path_stays("/proc/../proc/.//version"));
    ck_assert(hook_path_stays(directory));
    snprintf(path, sizeof(path), "%s/nowhere", directory);
    ck_assert(!hook_path_stays(path));
    snprintf(name, sizeof(name), "%s/round", directory);
    ck_assert_int_eq(symlink("round", name), 0);
    ck_assert(!hook_path_stays(name));
    snprintf(name, sizeof(name), "%s/all", directory);
    ck_assert_int_eq(symlink(directory, name), 0);
    put_file("hook", 0755);
    snprintf(path, sizeof(path), "%s/all/all/hook", directory);
    ck_assert(hook_path_stays(path));
    ck_assert_int_eq(chdir(directory), 0);
    ck_assert(hook_path_stays("all/hook"));
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(names_are_those_of_run_parts) {
    char name[HOOK_NAME_MAX + 2];

    memset(name, 'x', sizeof(name));
    name[HOOK_NAME_MAX + 1] = '\0';
    ck_assert(!str_is_hook_name(name));
    name[HOOK_NAME_MAX] = '\0';
    ck_assert(str_is_hook_name(name));
    ck_assert(str_is_hook_name("0"));
    ck_assert(!str_is_hook_name(""));
    ck_assert(!str_is_hook_name("."));
    ck_assert(!str_is_hook_name("a/b"));
    ck_assert(!str_is_hook_name("\xc3\xa4"));
}
END_TEST

START_TEST(there_is_an_end_to_hooks) {
    char name[32];

    for (int i = 0; i <= HOOKS_MAX; i++) {
        snprintf(name, sizeof(name), "hook-%d", i);
        put_file(name, 0755);
    }
    ck_assert_int_eq(hook_dir_read(directory, false, &list), -E2BIG);
    ck_assert_int_eq(hook_dir_read("/nonexistent", false, &list), -ENOENT);
}
END_TEST

/* What becomes of their output */

static char said[1 << 20];

/* What comes out on standard error of what a hook called `hook` has printed. */
static const char *passed_on(const char *text, size_t length, unsigned lines) {
    struct hook_output output;
    int end, saved = dup(STDERR_FILENO), file = open("/tmp", O_RDWR | O_TMPFILE, 0600);

    ck_assert_int_ge(file, 0);
    dup2(file, STDERR_FILENO);
    ck_assert_int_eq(hook_output_open(&output, "hook", &lines, &end), 0);
    while (length > 0) {
        size_t part = length < 4096 ? length : 4096;
        ck_assert_int_eq(write(end, text, part), (ssize_t)part);
        hook_output_read(&output);
        text += part;
        length -= part;
    }
    close(end);
    hook_output_close(&output);
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t got = pread(file, said, sizeof(said) - 1, 0);
    ck_assert_int_ge(got, 0);
    said[got] = '\0';
    close(file);
    return said;
}

#define ck_passed(text, expected) ck_assert_str_eq(passed_on(text, strlen(text), HOOK_LINES_MAX), expected)

START_TEST(lines_come_out_with_the_name) {
    ck_passed("", "");
    ck_passed("one\ntwo\n", "hook: one\nhook: two\n");
    ck_passed("no end", "hook: no end\n");
    ck_passed("\n", "hook: \n");
}
END_TEST

START_TEST(what_is_not_printable_does_not_come_out) {
    ck_passed("a\tb \033[31m\xff \xc3\xa4\n", "hook: a b ?[31m? \xc3\xa4\n");
    ck_assert_str_eq(passed_on("a\0b\n", 4, 5), "hook: a?b\n");
}
END_TEST

START_TEST(a_long_line_is_cut) {
    static char text[10000];
    const size_t name = strlen("hook: ");

    memset(text, 'x', sizeof(text) - 2);
    text[sizeof(text) - 2] = '\n';
    passed_on(text, strlen(text), 5);
    ck_assert_uint_eq(strlen(said), name + HOOK_LINE_MAX + 1);
    ck_assert_uint_eq(strspn(said + name, "x"), HOOK_LINE_MAX);
    ck_assert_int_eq(said[name + HOOK_LINE_MAX], '\n');
}
END_TEST

START_TEST(a_flood_is_left_out) {
    static char text[500000];

    memset(text, '\n', sizeof(text));
    passed_on(text, sizeof(text), 2);
    ck_assert_int_eq(strncmp(said, "hook: \nhook: \neldest: ", 22), 0);
    ck_assert_ptr_nonnull(strstr(said, "499998"));
    ck_assert_uint_lt(strlen(said), 200);
}
END_TEST

/* Standard error is a pipe that is full by then. */
START_TEST(who_does_not_read_holds_nothing_up) {
    static char bytes[1 << 17];
    int ends[2], saved = dup(STDERR_FILENO);

    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    for (int i = 0; i < 2000; i++)
        hook_say("line %d of many, each of which has more than sixty-four characters in it", i);
    ck_assert_int_gt(read(ends[0], bytes, sizeof(bytes) - 1), 0);
    hook_say("a line that is read");
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    ssize_t got = read(ends[0], bytes, sizeof(bytes) - 1);
    ck_assert_int_gt(got, 0);
    bytes[got] = '\0';
    ck_assert_ptr_nonnull(strstr(bytes, "lost"));
    ck_assert_ptr_nonnull(strstr(bytes, "eldest: a line that is read\n"));
    close(ends[0]);
}
END_TEST

static void add_case(Suite *suite, const char *name, const TTest *const *tests, size_t count, bool files) {
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, setup, NULL);
    if (files)
        tcase_add_checked_fixture(tcase, make_directory, remove_directory);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
}

int main(void) {
    const TTest *const telling[] = {
        first_the_present_state_is_told, who_starts_on_the_leader_is_told_so_at_once, a_leadership_is_gained_and_lost,
        what_is_over_is_not_told, a_loss_is_told_even_if_it_is_over,
        a_new_token_is_told_and_so_is_the_same_one_if_asked, who_does_not_lead_reasserts_nothing,
        only_an_order_makes_it_lead, the_end_comes_last, the_end_on_a_follower_names_the_leader,
        an_end_does_not_put_the_deadline_off, a_leader_that_is_replaced_at_once_is_not_missed, a_storm_is_told_of,
        tags_of_the_leader_are_told, the_environment_is_what_was_told,
    };
    const TTest *const files[] = { hooks_are_executables_in_order, links_count_and_directories_do_not,
                                          root_runs_what_only_root_can_write,
                                          root_runs_what_only_root_can_put_there,
                                          a_path_stays_if_all_of_it_is_root_s, names_are_those_of_run_parts,
                                          there_is_an_end_to_hooks };
    const TTest *const output[] = { lines_come_out_with_the_name, what_is_not_printable_does_not_come_out,
                                           a_long_line_is_cut, a_flood_is_left_out,
                                           who_does_not_read_holds_nothing_up };
    Suite *suite = suite_create("hooks");

    add_case(suite, "telling", telling, ARRAY_SIZE(telling), false);
    add_case(suite, "files", files, ARRAY_SIZE(files), true);
    add_case(suite, "output", output, ARRAY_SIZE(output), false);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
