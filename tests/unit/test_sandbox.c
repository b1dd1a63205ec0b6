/* SPDX-License-Identifier: ISC
 *
 * test_sandbox.c - what a process can and cannot do in the sandbox. Each thing is tried by a child that has entered it;
 * what a child finds is its exit status.
 */
#include "platform/sandbox.h"

#include "base/util.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FINE, NOT_ENTERED, NOT_FINE };

#ifdef ELDEST_SANITIZERS
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

/* The status with which a child ends that does so in the sandbox. */
static int in_sandbox(int (*deed)(void)) {
    int status;
    pid_t pid = fork();

    if (pid == 0)
        _exit(sandbox_enter() < 0 ? NOT_ENTERED : deed());
    ck_assert_int_gt(pid, 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

#define expect_fine(deed) ck_assert_int_eq(in_sandbox(deed), W_EXITCODE(FINE, 0))
#define expect_killed(deed) ck_assert_int_eq(WTERMSIG(in_sandbox(deed)), SIGSYS)

static int is_unknown(long result) {
    return result == -1 && errno == ENOSYS ? FINE : NOT_FINE;
}

/* --- what kills --- */

static int runs_a_program(void) {
    char *const arguments[] = { (char[]){ "true" }, NULL };

    execv("/bin/true", arguments);
    return NOT_FINE;
}

static int runs_a_file(void) {
    int fd = open("/bin/true", O_RDONLY | O_CLOEXEC);
    char *const arguments[] = { (char[]){ "true" }, NULL };

    syscall(SYS_execveat, fd, "", arguments, NULL, 0x1000 /* AT_EMPTY_PATH */);
    return NOT_FINE;
}

static long call_number;

/* With what would do nothing. */
static int makes_that_call(void) {
    syscall(call_number, -1, -1, -1);
    return NOT_FINE;
}

static int clone_flags;

static int lives_there(void *unused) {
    (void)unused;
    return 0;
}

static int has_a_child_elsewhere(void) {
    static _Alignas(16) char stack[32768];

    clone(lives_there, stack + sizeof stack / 2, clone_flags | SIGCHLD, NULL);
    return NOT_FINE;
}

static int looks_into_another(void) {
    syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
    return NOT_FINE;
}

static int runs_it_in_a_child(void) {
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        _exit(runs_a_program());
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? FINE : NOT_FINE;
}

START_TEST(some_calls_kill) {
    expect_killed(runs_a_program);
    expect_killed(runs_a_file);
    expect_killed(looks_into_another);
}
END_TEST

static const long becoming_another[] = {
    SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid, SYS_setfsgid,
    SYS_setgroups, SYS_capset,
#ifdef SYS_setuid32
    SYS_setuid32, SYS_setgid32, SYS_setreuid32, SYS_setregid32, SYS_setresuid32, SYS_setresgid32, SYS_setfsuid32,
    SYS_setfsgid32, SYS_setgroups32,
#endif
};

START_TEST(becoming_another_kills) {
    call_number = becoming_another[_i];
    expect_killed(makes_that_call);
}
END_TEST

static const long moving[] = {
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
#ifdef SYS_move_mount
    SYS_fsopen, SYS_fsmount, SYS_open_tree, SYS_move_mount,
#endif
};

START_TEST(leaving_or_changing_what_is_seen_kills) {
    call_number = moving[_i];
    expect_killed(makes_that_call);
}
END_TEST

static const int namespaces[] = {
    CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET,
};

START_TEST(a_child_in_another_namespace_kills) {
    clone_flags = namespaces[_i];
    expect_killed(has_a_child_elsewhere);
}
END_TEST

START_TEST(children_are_in_it_too) {
    expect_fine(runs_it_in_a_child);
}
END_TEST

/* --- what does not exist --- */

static int hears_all_packets(void) {
    return is_unknown(socket(AF_PACKET, SOCK_RAW, 0));
}

static int has_a_ring(void) {
    return is_unknown(syscall(SYS_io_uring_setup, 1, NULL));
}

/* Whatever it asks for: no filter can see that. */
static int has_children_unseen(void) {
    return is_unknown(syscall(435 /* clone3 */, NULL, 0));
}

static int makes_code(void) {
    return is_unknown(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                              MAP_FAILED ? -1 : 0);
}

static int makes_data_code(void) {
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NOT_FINE : is_unknown(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

static int kills_another(void) {
    return is_unknown(kill(getppid(), 0));
}

/* A descriptor's owner gets a signal of choice when there is something to read. */
static int has_the_kernel_signal_another(void) {
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return NOT_FINE;
    return is_unknown(fcntl(ends[0], F_SETOWN, getppid()));
}

static int traces(void) {
    return is_unknown(syscall(SYS_ptrace, 0 /* PTRACE_TRACEME */, 0, 0, 0));
}

static int raises_limits(void) {
    return is_unknown(syscall(SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, (uint64_t[2]){ 64, 64 }, NULL));
}

START_TEST(others_do_not_exist) {
    expect_fine(hears_all_packets);
    expect_fine(has_a_ring);
    expect_fine(has_children_unseen);
    expect_fine(has_the_kernel_signal_another);
}
END_TEST

/* A sanitizer needs these itself. */
START_TEST(others_do_not_exist_without_sanitizers) {
    expect_fine(makes_code);
    expect_fine(makes_data_code);
    expect_fine(kills_another);
    expect_fine(traces);
    expect_fine(raises_limits);
}
END_TEST

/* --- what works --- */

static int writes_a_file(void) {
    char path[] = "/tmp/eldest-sandbox.XXXXXX", renamed[sizeof path + 4];
    int fd = mkstemp(path);
    bool fine = fd >= 0 && write(fd, "x", 1) == 1 && fsync(fd) == 0 && close(fd) == 0;

    snprintf(renamed, sizeof renamed, "%s.new", path);
    return fine && rename(path, renamed) == 0 && unlink(renamed) == 0 ? FINE : NOT_FINE;
}

static int opens_sockets(void) {
    static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };

    for (size_t i = 0; i < ARRAY_SIZE(families); i++)
        if (socket(families[i], SOCK_DGRAM | SOCK_CLOEXEC, 0) < 0 && errno == ENOSYS)
            return NOT_FINE;
    return FINE;
}

static void *stores_a_number(void *number) {
    *(int *)number = 7;
    return NULL;
}

static int starts_a_thread(void) {
    pthread_t thread;
    int number = 0;

    return pthread_create(&thread, NULL, stores_a_number, &number) == 0 && pthread_join(thread, NULL) == 0 &&
                   number == 7 ? FINE : NOT_FINE;
}

static int waits_for_a_child(void) {
    int status = -1;
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return waitpid(pid, &status, 0) == pid && status == 0 ? FINE : NOT_FINE;
}

START_TEST(what_a_daemon_needs_works) {
    expect_fine(writes_a_file);
    expect_fine(opens_sockets);
    expect_fine(starts_a_thread);
    expect_fine(waits_for_a_child);
}
END_TEST

static int aborts(void) {
    abort();
}

START_TEST(assertions_end_as_ever) {
    ck_assert_int_eq(WTERMSIG(in_sandbox(aborts)), SIGABRT);
}
END_TEST

/* --- who --- */

static int doors[2]; /* of a thread that was there before */

static void *tries_later(void *unused) {
    char byte;

    (void)unused;
    if (read(doors[0], &byte, 1) == 1)
        runs_a_program();
    return NULL;
}

/* It ends like its thread, and not as if nothing had stopped that. */
START_TEST(earlier_threads_are_in_it_too) {
    pthread_t thread;
    int status;
    pid_t pid;

    ck_assert_int_eq(pipe(doors), 0);
    pid = fork();
    if (pid == 0) {
        if (pthread_create(&thread, NULL, tries_later, NULL) != 0 || sandbox_enter() < 0 || write(doors[1], "", 1) != 1)
            _exit(NOT_ENTERED);
        pthread_join(thread, NULL);
        _exit(NOT_FINE);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WTERMSIG(status), SIGSYS);
}
END_TEST

START_TEST(new_privileges_are_out_of_reach) {
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        sandbox_forgo_privileges();
        execl("/bin/grep", "grep", "-q", "NoNewPrivs:.1", "/proc/self/status", NULL);
        _exit(NOT_FINE);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

/* Valgrind knows no filter of system calls. */
static TCase *filter_tests(void) {
    TCase *tests = tcase_create("filter");

    tcase_set_tags(tests, "not-under-valgrind");
    tcase_add_test(tests, some_calls_kill);
    tcase_add_loop_test(tests, becoming_another_kills, 0, ARRAY_SIZE(becoming_another));
    tcase_add_loop_test(tests, leaving_or_changing_what_is_seen_kills, 0, ARRAY_SIZE(moving));
    tcase_add_loop_test(tests, a_child_in_another_namespace_kills, 0, ARRAY_SIZE(namespaces));
    tcase_add_test(tests, children_are_in_it_too);
    tcase_add_test(tests, earlier_threads_are_in_it_too);
    tcase_add_test(tests, others_do_not_exist);
    if (!SANITIZED)
        tcase_add_test(tests, others_do_not_exist_without_sanitizers);
    tcase_add_test(tests, what_a_daemon_needs_works);
    tcase_add_test(tests, assertions_end_as_ever);
    return tests;
}

int main(void) {
    Suite *suite = suite_create("sandbox");
    TCase *tests = tcase_create("privileges");
    SRunner *runner;
    int failed;

    tcase_add_test(tests, new_privileges_are_out_of_reach);
    suite_add_tcase(suite, tests);
    if (sandbox_is_built_in())
        suite_add_tcase(suite, filter_tests());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
