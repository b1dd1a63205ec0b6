/* SPDX-License-Identifier: ISC
 *
 * fuzz_conf.c - any file as the configuration. It is taken whole or not at all, a mistake is always told, and to read
 * it again over what it has set changes nothing.
 */
#include "fuzz/fuzz.h"

#include "daemon/conffile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file in memory that has these bytes; its path. */
static const char *file_of(const uint8_t *data, size_t size) {
    static char path[64];
    static int fd = -1;

    if (fd < 0) {
        fd = memfd_create("eldest.conf", MFD_CLOEXEC);
        fuzz_require(fd >= 0, "no file in memory");
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    fuzz_require(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size, "it cannot be written");
    return path;
}

static bool differ(const struct conf *a, const struct conf *b) {
    struct conf_key key;

    for (size_t i = 0; conf_key(i, &key); i++)
        if (conf_key_differs(i, a, b))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct conf before, conf, again;
    static struct conf_errors errors;
    const char *path = file_of(data, size);

    fuzz_require(conf_defaults(&before, NULL) == 0, "no defaults");
    conf = before;
    errors.count = errors.dropped = 0;
    int result = conffile_load(path, CONFFILE_REQUIRED, &conf, &errors);
    fuzz_require(result == 0 || result == -EINVAL, "another result than was promised");
    fuzz_require((errors.count > 0) == (result < 0), "a mistake that is not told, or one that is none");
    for (unsigned i = 0; i < errors.count; i++)
        fuzz_require(memchr(errors.list[i], '\0', CONF_ERROR_SIZE) != NULL, "a message without an end");
    fuzz_require(result == 0 || memcmp(&conf, &before, sizeof(conf)) == 0, "it was refused, but not as a whole");
    again = conf;
    fuzz_require(result < 0 || (conffile_load(path, CONFFILE_REQUIRED, &again, &errors) == 0 && !differ(&conf, &again)),
            "it means something else the second time");
    return 0;
}

/* All keys with their defaults, and each of them alone. */
bool fuzz_seed(unsigned i, struct input *ret) {
    char *text = (char *)ret->bytes;
    const char *section = "";
    struct conf_key key;

    ret->size = 0;
    if (i > 0 && !conf_key(i - 1, &key))
        return false;
    for (size_t k = i > 0 ? i - 1 : 0; conf_key(k, &key) && (i == 0 || k == i - 1); k++) {
        if (strcmp(section, key.section) != 0)
            ret->size += (size_t)snprintf(text + ret->size, sizeof(ret->bytes) - ret->size, "[%s]\n", key.section);
        section = key.section;
        ret->size += (size_t)snprintf(text + ret->size, sizeof(ret->bytes) - ret->size, "# %s\n%s = %s\n",
                                      key.help, key.name, key.value);
    }
    return true;
}
