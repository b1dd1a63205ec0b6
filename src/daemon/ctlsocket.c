/* SPDX-License-Identifier: ISC
 *
 * ctlsocket.c - see ctlsocket.h.
 */
#include "daemon/ctlsocket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOCK_PATH_SIZE = CTLSOCKET_PATH_SIZE + sizeof ".lock" };

static int address_set(struct sockaddr_un *address, const char *path) {
    size_t length = strlen(path);

    if (length == 0)
        return -ENOENT;
    if (length >= sizeof(address->sun_path))
        return -ENAMETOOLONG;
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    memcpy(address->sun_path, path, length + 1);
    return 0;
}

/* The directory of path; whatever else is wrong with it, bind() will say. */
static int directory_create(const char *path) {
    char directory[CTLSOCKET_PATH_SIZE];
    const char *slash = strrchr(path, '/');

    if (!slash || slash == path)
        return 0;
    memcpy(directory, path, (size_t)(slash - path));
    directory[slash - path] = '\0';
    if (mkdir(directory, 0755) < 0)
        return errno == EEXIST ? 0 : -errno;
    return chmod(directory, 0755) < 0 ? -errno : 0;
}

static void lock_path(const char *path, char text[LOCK_PATH_SIZE]) {
    snprintf(text, LOCK_PATH_SIZE, "%s.lock", path);
}

static bool is_file(int fd, const char *path) {
    struct stat open, named;

    return fstat(fd, &open) == 0 && lstat(path, &named) == 0 && open.st_dev == named.st_dev &&
           open.st_ino == named.st_ino;
}

/* The descriptor that holds the lock; -EADDRINUSE if somebody else does, or has removed the file just now. */
static int lock_take(const char *path) {
    char name[LOCK_PATH_SIZE];
    int fd, rc = 0;

    lock_path(path, name);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        rc = errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
    else if (!is_file(fd, name))
        rc = -EADDRINUSE;
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

static void lock_give_back(const char *path, int fd) {
    char name[LOCK_PATH_SIZE];

    lock_path(path, name);
    if (is_file(fd, name))
        unlink(name);
    close(fd);
}

/* Removes the socket of a daemon that is gone: nobody takes connections there any more. */
static int remove_stale(const struct sockaddr_un *address) {
    struct stat status;

    if (lstat(address->sun_path, &status) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode))
        return -EEXIST;

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int error = connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? errno : 0;
    close(fd);
    if (error == 0 || error == EAGAIN)
        return -EADDRINUSE;
    if (error != ECONNREFUSED)
        return error == ENOENT ? 0 : -error;
    return unlink(address->sun_path) < 0 && errno != ENOENT ? -errno : 0;
}

/* Nobody but us can connect before the mode says that everybody may. */
static int bind_closed(int fd, const struct sockaddr_un *address) {
    mode_t mask = umask(0177);
    int rc = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

    umask(mask);
    return rc;
}

/* A socket bound to the address, not yet listening; or a negative errno. */
static int bound_socket(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;

    int rc = bind_closed(fd, address);
    if (rc == 0 && chmod(address->sun_path, 0666) < 0)
        rc = -errno;
    if (rc < 0) {
        close(fd);
        return rc;
    }
    return fd;
}

/* In the place of a socket that is gone; the lock is held. */
static int replacing_socket(const struct sockaddr_un *address) {
    int rc = remove_stale(address);

    return rc < 0 ? rc : bound_socket(address);
}

int ctlsocket_open(struct ctlsocket *ret, const char *path) {
    struct sockaddr_un address;
    struct stat status;
    int lock, fd, rc = address_set(&address, path);

    if (rc == 0)
        rc = directory_create(path);
    if (rc < 0)
        return rc;
    lock = lock_take(path);
    if (lock < 0)
        return lock;
    fd = replacing_socket(&address);
    if (fd < 0) {
        lock_give_back(path, lock);
        return fd;
    }

    memset(&status, 0, sizeof(status));
    lstat(path, &status);
    *ret = (struct ctlsocket){ .fd = fd, .lock = lock, .device = status.st_dev, .inode = status.st_ino };
    memcpy(ret->path, address.sun_path, sizeof(ret->path));
    return 0;
}

void ctlsocket_remove(const struct ctlsocket *socket) {
    struct stat status;

    if (socket->path[0] == '\0')
        return;
    if (lstat(socket->path, &status) == 0 && status.st_dev == socket->device && status.st_ino == socket->inode)
        unlink(socket->path);
    lock_give_back(socket->path, socket->lock);
}
