/* SPDX-License-Identifier: ISC
 *
 * sandbox_seccomp.c - see sandbox.h. A list of what is needed, and by whom; the C library may use any of several calls
 * for the same thing, by version and architecture, so all of them are on it.
 */
#include "platform/sandbox.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static const int needed[] = {
    /* events and time */
    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(eventfd2), SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime), SCMP_SYS(timerfd_settime64), SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
    SCMP_SYS(clock_getres), SCMP_SYS(clock_getres_time64), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_nanosleep_time64), SCMP_SYS(restart_syscall),
    /* sockets, whose families are looked at below */
    SCMP_SYS(socketpair), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(connect),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(shutdown),
    SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
    SCMP_SYS(recvmmsg_time64), SCMP_SYS(send), SCMP_SYS(recv),
    /* descriptors */
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
    SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close), SCMP_SYS(close_range), SCMP_SYS(dup), SCMP_SYS(dup2),
    SCMP_SYS(dup3), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(flock),
    /* files: configuration, keys, state, /proc and /sys, the control socket */
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64), SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(fstatat64),
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(fgetxattr),
    SCMP_SYS(getdents), SCMP_SYS(getdents64),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(chdir), SCMP_SYS(umask), SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
    SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate),
    SCMP_SYS(ftruncate64),
    /* memory, whose protection is looked at below */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mlock), SCMP_SYS(munlock),
    SCMP_SYS(getrandom),
    /* threads and the sentinel, how they end, and signals */
    SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list), SCMP_SYS(set_tid_address), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(wait4), SCMP_SYS(waitid),
    SCMP_SYS(waitpid), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn),
    SCMP_SYS(sigaltstack), SCMP_SYS(setsid),
    /* who and where this is */
    SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(getuid32), SCMP_SYS(geteuid),
    SCMP_SYS(geteuid32), SCMP_SYS(getgid), SCMP_SYS(getgid32), SCMP_SYS(getegid), SCMP_SYS(getegid32),
    SCMP_SYS(getgroups), SCMP_SYS(getgroups32), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrlimit),
    SCMP_SYS(ugetrlimit), SCMP_SYS(getrusage),
};

/* Only somebody else would ask for these: it is better that the process ends, and is seen to have. */
static const int deadly[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
    SCMP_SYS(bpf), SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load), SCMP_SYS(mount), SCMP_SYS(umount), SCMP_SYS(umount2), SCMP_SYS(fsopen),
    SCMP_SYS(fsmount), SCMP_SYS(open_tree), SCMP_SYS(move_mount), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
    SCMP_SYS(setns), SCMP_SYS(unshare), SCMP_SYS(setuid), SCMP_SYS(setuid32), SCMP_SYS(setgid), SCMP_SYS(setgid32),
    SCMP_SYS(setreuid), SCMP_SYS(setreuid32), SCMP_SYS(setregid), SCMP_SYS(setregid32), SCMP_SYS(setresuid),
    SCMP_SYS(setresuid32), SCMP_SYS(setresgid), SCMP_SYS(setresgid32), SCMP_SYS(setfsuid), SCMP_SYS(setfsuid32),
    SCMP_SYS(setfsgid), SCMP_SYS(setfsgid32), SCMP_SYS(setgroups), SCMP_SYS(setgroups32), SCMP_SYS(capset),
    SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(keyctl), SCMP_SYS(add_key),
    SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(iopl), SCMP_SYS(ioperm),
};

/* Nor does anybody else ask for a process that begins in new ones of these. What clone3() is asked for no filter sees:
 * it does not exist, and the C library takes clone(). */
static const scmp_datum_t namespaces[] = {
    CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
};

/* Allowed if the argument, less the bits that do not matter, has that value. */
struct exact {
    int call;
    unsigned argument;
    scmp_datum_t mask, value;
};

#define ALL_BITS (~(scmp_datum_t)0)
#define INT_BITS ((scmp_datum_t)0xffffffff) /* those above are whatever the caller left in the register */

/* The flags of clone() are its first argument, but on one architecture. */
#ifdef __s390__
enum { CLONE_FLAGS = 1 };
#else
enum { CLONE_FLAGS = 0 };
#endif

/* Not all of its commands: one makes any process the owner of a descriptor, which the kernel then signals. */
#define FCNTL(command) { SCMP_SYS(fcntl), 1, INT_BITS, command }, { SCMP_SYS(fcntl64), 1, INT_BITS, command }

static const struct exact looked_at[] = {
    { SCMP_SYS(socket), 0, INT_BITS, AF_UNIX },
    { SCMP_SYS(socket), 0, INT_BITS, AF_INET },
    { SCMP_SYS(socket), 0, INT_BITS, AF_INET6 },
    { SCMP_SYS(socket), 0, INT_BITS, AF_NETLINK },
    { SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
    { SCMP_SYS(mmap2), 2, PROT_EXEC, 0 },
    { SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
    FCNTL(F_GETFL), FCNTL(F_SETFL), FCNTL(F_GETFD), FCNTL(F_SETFD), FCNTL(F_DUPFD_CLOEXEC),
    { SCMP_SYS(prctl), 0, INT_BITS, PR_SET_NAME }, /* of a sentinel */
    { SCMP_SYS(prlimit64), 2, ALL_BITS, 0 }, /* reading them */
    { SCMP_SYS(ioctl), 1, INT_BITS, FIONREAD }, /* of libevent */
    { SCMP_SYS(ioctl), 1, INT_BITS, SIOCGIFINDEX }, /* numbers and names of interfaces */
    { SCMP_SYS(ioctl), 1, INT_BITS, SIOCGIFNAME },
    { SCMP_SYS(tgkill), 2, INT_BITS, SIGABRT }, /* of an assertion */
};

/* The address sanitizer looks for leaks at the end from a process beside, which traces this one. */
#ifdef ELDEST_SANITIZERS
static const int needed_by_sanitizers[] = {
    SCMP_SYS(ptrace), SCMP_SYS(prctl), SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(ioctl), SCMP_SYS(arch_prctl),
    SCMP_SYS(mprotect), SCMP_SYS(mmap), SCMP_SYS(mincore), SCMP_SYS(prlimit64), SCMP_SYS(setrlimit),
};
#else
static const int needed_by_sanitizers[] = { SCMP_SYS(rt_sigreturn) };
#endif

/* What this architecture does not have is no mistake. */
static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count) {
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++)
        result = seccomp_rule_add(filter, action, calls[i], 0);
    return result;
}

static int add_exact(scmp_filter_ctx filter) {
    int result = 0;

    for (size_t i = 0; i < ARRAY_SIZE(looked_at) && result == 0; i++) {
        const struct exact *rule = &looked_at[i];

        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, rule->call, 1,
                                  SCMP_CMP(rule->argument, SCMP_CMP_MASKED_EQ, rule->mask, rule->value));
    }
    return result;
}

/* With one of them, or with none. */
static int add_clone(scmp_filter_ctx filter) {
    scmp_datum_t all = 0;
    int result = 0;

    for (size_t i = 0; i < ARRAY_SIZE(namespaces) && result == 0; i++) {
        all |= namespaces[i];
        result = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1,
                                  SCMP_CMP(CLONE_FLAGS, SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
    }
    return result < 0 ? result : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                                  SCMP_CMP(CLONE_FLAGS, SCMP_CMP_MASKED_EQ, all, 0));
}

static int fill(scmp_filter_ctx filter) {
    int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

    if (result == 0)
        result = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly, ARRAY_SIZE(deadly));
    if (result == 0)
        result = add_all(filter, SCMP_ACT_ALLOW, needed, ARRAY_SIZE(needed));
    if (result == 0)
        result = add_all(filter, SCMP_ACT_ALLOW, needed_by_sanitizers, ARRAY_SIZE(needed_by_sanitizers));
    if (result == 0)
        result = add_clone(filter);
    return result == 0 ? add_exact(filter) : result;
}

int sandbox_enter(void) {
    static bool entered; /* by this process, or the one that it was forked from */
    scmp_filter_ctx filter;
    int result;

    if (entered)
        return 0;
    filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (!filter)
        return -ENOMEM;
    result = fill(filter);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    entered = result == 0;
    return result;
}

bool sandbox_is_built_in(void) {
    return true;
}
