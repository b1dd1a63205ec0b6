/* SPDX-License-Identifier: ISC
 *
 * ports.h - the lossy switch: which ports a frame goes out at, and when.
 *
 * Like any switch it learns from the senders who sits at which port, and sends to all other ports what is for a group
 * or for a station that it does not know. Frames that faults.h delays are kept until their time, up to a limit: those
 * beyond are dropped and counted.
 */
#ifndef ELDEST_TESTS_NET_PORTS_H
#define ELDEST_TESTS_NET_PORTS_H

#include "net/faults.h"
#include "sim/heap.h"

enum {
    MAC_SIZE = 6,
    STATIONS_MAX = 1024,
    HELD_MAX = 8192,
};

struct port {
    int fd;
    bool on; /* what is sent from or to one that is off is lost; its host does not notice */
    uint64_t latest[PORTS_MAX]; /* number of the latest frame that went out here, by the port where it came in */
};

struct station {
    uint8_t mac[MAC_SIZE];
    uint8_t port; /* from 1 on; 0: nobody */
};

struct ports {
    unsigned count;
    struct port list[PORTS_MAX];
    struct station stations[STATIONS_MAX];
    struct heap held;
    struct faults faults;
    uint64_t frames; /* that came in */
    uint64_t passed; /* that went out, each copy */
    uint64_t overtaken; /* of these, the ones that one of the same path went before which had come later */
    uint64_t overflow; /* more frames to hold than the limit */
    uint64_t refused; /* the host did not take them, as its interface is down */
};

void ports_init(struct ports *ports, uint64_t seed);

/* Adds one that is on, and takes over the descriptor. False if there are too many. */
bool ports_add(struct ports *ports, int fd);

/* Reads and passes on what the host at this port has sent, a limited number of frames, at this time; or returns a
 * negative errno if there is no reading from it any more. */
int ports_read(struct ports *ports, unsigned from, usec_t now);

/* Passes on what has waited until now, and returns the time until which the next one waits, or USEC_NEVER. */
usec_t ports_release_due(struct ports *ports, usec_t now);

/* Closes the descriptors and drops what is held. */
void ports_close(struct ports *ports);

#endif
