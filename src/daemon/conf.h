/* SPDX-License-Identifier: ISC
 *
 * conf.h - the configuration: sections of keys and values, in one struct without a pointer in it.
 *
 * One table names every key with its type, default and range. The parser, the messages and the test that
 * compares the manual page and the example with them all read that table. Values come from a file (conffile.h) and from
 * the command line. Every mistake is reported, each as
 *
 *     FILE:LINE: [section] key = value: what is wrong; allowed: ...
 */
#ifndef ELDEST_DAEMON_CONF_H
#define ELDEST_DAEMON_CONF_H

#include "base/types.h"
#include "core/params.h"
#include "daemon/log.h"
#include "platform/endpoint.h"
#include "platform/iface.h"

enum {
    CONF_PATH_SIZE = 1024, /* a path, with its NUL */
    CONF_KEYS_MAX = 32,
    CONF_KEY_SIZE = 32, /* "section.key", with its NUL */
    CONF_ERRORS_MAX = 32,
    CONF_ERROR_SIZE = 1024,
    CONF_ALLOWED_SIZE = 256,
    STATIC_PEERS_MAX = 32,
    HTTP_LISTEN_MAX = 8,
};

/* Nodes at known addresses, for networks without multicast. */
struct static_peers {
    unsigned count;
    struct address list[STATIC_PEERS_MAX]; /* the rest is zero */
};

/* Where to serve HTTP; nowhere if it is empty. */
struct http_listen {
    unsigned count;
    struct endpoint list[HTTP_LISTEN_MAX]; /* the rest is zero */
};

struct conf {
    char cluster[CLUSTER_NAME_MAX + 1];
    char key_file[CONF_PATH_SIZE]; /* "auto", "none", or a path: keyfile.h */
    bool encrypt; /* what this node sends; what others send it reads either way */
    bool majority; /* quorum */
    uint8_t expect; /* 0: none */
    uint32_t members_max; /* that this node lists when it leads, besides itself */
    struct node_facts facts; /* name is never empty */
    bool preempt;
    char interfaces[CHOICE_SIZE]; /* which ones to use: choice.h */
    uint8_t group4[4], group6[16]; /* multicast groups, in network order */
    unsigned families; /* that are used: bits 1 << FAMILY_... */
    uint16_t port; /* of the groups; the unicast ports are the 16 above */
    struct static_peers peers; /* port 0: that of the group */
    struct timing timing;
    struct http_listen http;
    enum log_level log_level;
    /* Not in the file: they follow from the cluster that was asked for, or come from the command line. */
    char state_directory[CONF_PATH_SIZE];
    char socket_path[CONF_PATH_SIZE];
};

/* What is wrong, in the order in which it was found; printable. */
struct conf_errors {
    unsigned count;
    unsigned dropped; /* more than CONF_ERRORS_MAX */
    char list[CONF_ERRORS_MAX][CONF_ERROR_SIZE];
};

/* Every default, for the cluster of that name (NULL: "default"), paths included. -EINVAL if this is no name
 * of a cluster; conf_cluster_allowed() says what is. */
int conf_defaults(struct conf *ret, const char *cluster);

/* The default path of the configuration file of that cluster (NULL: "default"): "eldest.conf" or
 * "CLUSTER.conf". */
void conf_default_path(char ret[CONF_PATH_SIZE], const char *cluster);

/* The same of the key file: "key" or "CLUSTER.key". */
void conf_default_key_path(char ret[CONF_PATH_SIZE], const char *cluster);

/* Sets one value. The message about a wrong one begins with its origin: "FILE:LINE", "--interface". 0, or -EINVAL:
 * then *conf is untouched and *errors has grown. *errors begins zeroed. */
int conf_set(struct conf *conf, const char *origin, const char *section, const char *key, const char *value,
             struct conf_errors *errors);

/* What a name of a cluster may be, for messages. */
const char *conf_cluster_allowed(void);

/* The table from outside: keys in the order of the example, from index 0 until it returns false. */
struct conf_key {
    const char *section;
    const char *name;
    const char *value; /* the default, as in the file */
    const char *help; /* one line */
    bool live; /* can change while the daemon runs; else at its next start */
    char allowed[CONF_ALLOWED_SIZE];
};

bool conf_key(size_t index, struct conf_key *ret);

/* The index of a key, below CONF_KEYS_MAX; -ENOENT. */
int conf_key_find(const char *section, const char *name);

/* The value of the key at that index: whether two configurations differ in it, and from one to the other. */
bool conf_key_differs(size_t index, const struct conf *a, const struct conf *b);
void conf_key_copy(size_t index, struct conf *to, const struct conf *from);

bool conf_is_section(const char *name, size_t length);

/* The names of all sections, for a message. */
void conf_sections(char ret[CONF_ALLOWED_SIZE]);

/* Adds a mistake to the list, or counts it when that is full. */
void conf_complain(struct conf_errors *errors, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The name of a node that was given none: the host's up to the first dot; what no name may contain becomes
 * '-'. */
void conf_node_name(const char *host, char ret[NODE_NAME_MAX + 1]);

#endif
