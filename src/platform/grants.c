/* SPDX-License-Identifier: ISC
 *
 * grants.c - see grants.h. The list is an extended attribute, whose form is part of the kernel's interface.
 */
#include "platform/grants.h"

#include <endian.h>
#include <errno.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <sys/xattr.h>

enum { ALL_RIGHTS = GRANT_READ | GRANT_WRITE | GRANT_RUN };

struct list {
    struct posix_acl_xattr_header header;
    struct posix_acl_xattr_entry entries[GRANTS_MAX];
};

/* The number of entries, 0 without a list, or a negative errno. */
static ssize_t read_list(int fd, struct list *ret) {
    ssize_t size = fgetxattr(fd, "system.posix_acl_access", ret, sizeof *ret);

    if (size < 0 && errno == ERANGE)
        return -E2BIG;
    if (size < 0)
        return errno == ENODATA || errno == EOPNOTSUPP ? 0 : -errno;
    size -= (ssize_t)sizeof ret->header;
    if (size < 0 || size % (ssize_t)sizeof ret->entries[0] != 0 ||
        le32toh(ret->header.a_version) != POSIX_ACL_XATTR_VERSION)
        return -EBADMSG;
    return size / (ssize_t)sizeof ret->entries[0];
}

static unsigned mask_of(const struct list *list, ssize_t count) {
    for (ssize_t i = 0; i < count; i++)
        if (le16toh(list->entries[i].e_tag) == ACL_MASK)
            return le16toh(list->entries[i].e_perm) & ALL_RIGHTS;
    return ALL_RIGHTS;
}

/* Whether it is of somebody that is looked for here. */
static bool translate(const struct posix_acl_xattr_entry *entry, unsigned mask, gid_t group, struct grant *ret) {
    unsigned tag = le16toh(entry->e_tag);

    ret->is_group = tag != ACL_USER;
    ret->id = tag == ACL_GROUP_OBJ ? group : le32toh(entry->e_id);
    ret->rights = le16toh(entry->e_perm) & mask;
    return tag == ACL_USER || tag == ACL_GROUP || tag == ACL_GROUP_OBJ;
}

ssize_t grants_of(int fd, const struct stat *status, struct grant ret[GRANTS_MAX]) {
    unsigned rights = (status->st_mode & S_IRWXG) >> 3;
    ssize_t entries = 0, count = 0;
    struct list list;

    if (rights != 0) /* else a list would open it to nobody */
        entries = read_list(fd, &list);
    if (entries < 0)
        return entries;
    if (entries == 0) {
        ret[0] = (struct grant){ .is_group = true, .id = status->st_gid, .rights = rights };
        return 1;
    }
    for (ssize_t i = 0; i < entries; i++)
        if (translate(&list.entries[i], mask_of(&list, entries), status->st_gid, &ret[count]))
            count++;
    return count;
}
