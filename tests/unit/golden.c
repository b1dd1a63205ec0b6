/* SPDX-License-Identifier: ISC
 *
 * golden.c - the vectors of golden.h: a message as a struct, and below it its bytes on the wire, field by field.
 *
 * The bytes were written down from the protocol, not by the encoder. They change only with the major version.
 */
#include "unit/golden.h"

#include "base/util.h"

#include <string.h>

#define TIMELINE 0x0123456789abcdef
#define EIGHT(b) b, b, b, b, b, b, b, b
#define ID(b) { { EIGHT(b), EIGHT(b) } }

/* The header of most messages, as a struct and as bytes. */
#define MULTICAST(t) \
    .header = { .type = t, .cluster = "default", .sender = ID(0xa1), .incarnation = 3, \
                .boot_nonce = 0x1122334455667788, .seq = 42 }
#define UNICAST(t) \
    .header = { .type = t, .flags = WIRE_FLAG_UNICAST, .cluster = "default", .sender = ID(0xa1), .incarnation = 3, \
                .boot_nonce = 0x1122334455667788, .seq = 42, .receiver_nonce = 0x99aabbccddeeff00 }

/* Magic, version 1.0, type, flags, key id 0; cluster; sender; incarnation, boot nonce, seq, receiver's boot nonce. */
#define MULTICAST_HEX(type) \
    "454c4454 01 00 " type " 00 0000 07 64656661756c74 a1*16 00000003 1122334455667788 000000000000002a "
#define UNICAST_HEX(type) \
    "454c4454 01 00 " type " 01 0000 07 64656661756c74 a1*16 00000003 1122334455667788 000000000000002a " \
    "99aabbccddeeff00 "

const struct golden golden_vectors[] = {    { "Announce of a fresh node",
      { .header = { .type = WIRE_ANNOUNCE, .cluster = "default", .sender = ID(0xa1), .incarnation = 3,
                    .boot_nonce = 0x1122334455667788, .seq = 42 },
        .announce = { .state = WIRE_IDLE, .priority = 100, .eligible = true, .fresh = true, .age = 1500000,
                      .port = 29418 } },
      "454c4454 01 00 "         /* magic "ELDT", version 1.0 */
      "01 00 0000 "             /* type 1, flags 0, key id 0 */
      "07 64656661756c74 "      /* cluster "default" */
      "a1*16 "                  /* sender */
      "00000003 "               /* incarnation 3 */
      "1122334455667788 "       /* boot nonce */
      "000000000000002a "       /* seq 42 */
      "00 "                     /* state idle */
      "0064 "                   /* priority 100 */
      "01 "                     /* eligible */
      "000000000016e360 "       /* age 1.5 s */
      "72ea "                   /* port 29418 */
      "0000000000000000 00*16 " /* leader: none */
      "01 "                     /* fresh */
      "00 "                     /* not a voter */
      "00*16"                   /* MAC */ },

    { "Announce with a name",
      { .header = { .type = WIRE_ANNOUNCE, .cluster = "A.b_c-9", .sender = ID(0xa1), .incarnation = 3,
                    .boot_nonce = 0x1122334455667788, .seq = 42 },
        .announce = { .state = WIRE_CANDIDATE, .priority = 65535, .voter = true, .age = (1LL << 53) - 1,
                      .port = 29417, .leader = { 7, ID(0xb2) } },
        .name = "n\303\266rd" },
      "454c4454 01 00 "         /* magic "ELDT", version 1.0 */
      "01 00 0000 "             /* type 1, flags 0, key id 0 */
      "07 412e625f632d39 "      /* cluster "A.b_c-9" */
      "a1*16 "                  /* sender */
      "00000003 "               /* incarnation 3 */
      "1122334455667788 "       /* boot nonce */
      "000000000000002a "       /* seq 42 */
      "01 "                     /* state candidate */
      "ffff "                   /* priority 65535 */
      "00 "                     /* not eligible */
      "001fffffffffffff "       /* age 2^53 - 1 */
      "72e9 "                   /* port 29417 */
      "0000000000000007 b2*16 " /* leader: epoch 7 and id */
      "00 "                     /* not fresh */
      "01 "                     /* voter */
      "01 0005 "                /* TLV 1, name: 5 bytes */
      "6ec3b67264 "             /* in UTF-8 */
      "00*16"                   /* MAC */ },

    { "Election after a death",
      { MULTICAST(WIRE_ELECTION),
        .election = { .epoch = 8, .key = { .priority = 100, .timeline = TIMELINE, .birth = -250000, .id = ID(0xa1) },
                      .age = 90000000, .dead = { 7, ID(0xb2) }, .nonce = 123456789 } },
      MULTICAST_HEX("02")
      "0000000000000008 "       /* epoch 8 */
      "0064 "                   /* key: priority 100 */
      "0123456789abcdef "       /* timeline */
      "fffffffffffc2f70 "       /* birth -250000 */
      "a1*16 "                  /* id */
      "00000000055d4a80 "       /* age 90 s */
      "0000000000000007 b2*16 " /* dead: epoch 7 and id */
      "0000000000000000 "       /* nothing released */
      "00000000075bcd15 "       /* nonce */
      "00 "                     /* no bootstrap */
      "00*16"                   /* MAC */ },

    { "Election at bootstrap with a roster",
      { MULTICAST(WIRE_ELECTION),
        .election = { .epoch = (1ULL << 53) - 1, .key = { .priority = 5, .timeline = 0, .birth = 0, .id = ID(0xa1) },
                      .age = 1, .released = 6, .nonce = 2, .bootstrap = true },
        .has_roster = true,
        .roster = { .epoch = 9, .change = 2, .expect = 3, .count = 2, .ids = { ID(0xa1), ID(0xb2) } } },
      MULTICAST_HEX("02")
      "001fffffffffffff "          /* epoch 2^53 - 1 */
      "0005 "                      /* key: priority 5 */
      "0000000000000000 "          /* no timeline */
      "0000000000000000 "          /* birth 0 */
      "a1*16 "                     /* id */
      "0000000000000001 "          /* age 1 us */
      "0000000000000000 00*16 "    /* dead: none */
      "0000000000000006 "          /* released epoch 6 */
      "0000000000000002 "          /* nonce */
      "01 "                        /* bootstrap */
      "02 002d "                   /* TLV 2, roster: 45 bytes */
      "0000000000000009 00000002 " /* version (9, 2) */
      "03 "                        /* N = 3 */
      "a1*16 "                     /* first seat */
      "b2*16 "                     /* second seat */
      "00*16"                      /* MAC */ },

    { "LeaderElected",
      { UNICAST(WIRE_LEADER_ELECTED),
        .leader_elected = { .epoch = 8, .candidate = ID(0xb2), .own = { 7, ID(0xc3) } } },
      UNICAST_HEX("03")
      "0000000000000008 "       /* epoch 8 */
      "b2*16 "                  /* candidate */
      "0000000000000007 c3*16 " /* own: epoch 7 and id */
      "00*16"                   /* MAC */ },

    { "Leader with all it can carry",
      { MULTICAST(WIRE_LEADER),
        .leader = { .epoch = 8, .key = { .priority = 100, .timeline = TIMELINE, .birth = 0, .id = ID(0xa1) },
                    .age = 7200000000, .since_ms = 60000, .cluster_time = 7200000000, .count = 3, .table_version = 17,
                    .absorbed = { 6, ID(0xd4) }, .answered = 0xfeedfacecafebeef },
        .name = "alpha",
        .has_roster = true,
        .roster = { .epoch = 8, .change = 0, .expect = 1, .count = 1, .ids = { ID(0xa1) } },
        .has_successors = true,
        .successors = {
            .count = 2,
            .list = {
                { .id = ID(0xb2), .birth = 1000, .priority = 100, .eligible = true,
                  .address = { .family = 4, .bytes = { 192, 0, 2, 7 }, .port = 29417 } },
                { .id = ID(0xc3), .birth = -2000, .priority = 50, .eligible = false,
                  .address = { .family = 6, .bytes = { 0xfe, 0x80, [15] = 1 }, .port = 29433 } },
            },
        } },
      MULTICAST_HEX("04")
      "0000000000000008 "          /* epoch 8 */
      "0064 "                      /* key: priority 100 */
      "0123456789abcdef "          /* timeline */
      "0000000000000000 "          /* birth 0 */
      "a1*16 "                     /* id */
      "00000001ad274800 "          /* age 2 h */
      "0000ea60 "                  /* since 60 s */
      "00000001ad274800 "          /* cluster time 2 h */
      "00000003 "                  /* 3 members */
      "00000011 "                  /* table version 17 */
      "0000000000000006 d4*16 "    /* absorbed: epoch 6 and id */
      "feedfacecafebeef "          /* nonce answered */
      "01 0005 "                   /* TLV 1, name: 5 bytes */
      "616c706861 "                /* "alpha" */
      "02 001d "                   /* TLV 2, roster: 29 bytes */
      "0000000000000008 00000000 " /* version (8, 0) */
      "01 "                        /* N = 1 */
      "a1*16 "                     /* the seat */
      "05 005d "                   /* TLV 5, successors: 93 bytes */
      "02 "                        /* 2 successors */
      "b2*16 "                     /* id */
      "00000000000003e8 "          /* birth 1000 */
      "0064 "                      /* priority 100 */
      "01 "                        /* eligible */
      "04 c0000207 00*12 72e9 "    /* 192.0.2.7 port 29417 */
      "c3*16 "                     /* id */
      "fffffffffffff830 "          /* birth -2000 */
      "0032 "                      /* priority 50 */
      "00 "                        /* not eligible */
      "06 fe80 00*13 01 72f9 "     /* fe80::1 port 29433 */
      "00*16"                      /* MAC */ },

    { "Leader alone",
      { UNICAST(WIRE_LEADER),
        .leader = { .epoch = 1, .key = { .timeline = TIMELINE, .birth = -(1LL << 53), .id = ID(0xa1) },
                    .cluster_time = -1, .count = 1 },
        .has_successors = true },
      UNICAST_HEX("04")
      "0000000000000001 "       /* epoch 1 */
      "0000 "                   /* key: priority 0 */
      "0123456789abcdef "       /* timeline */
      "ffe0000000000000 "       /* birth -2^53 */
      "a1*16 "                  /* id */
      "0000000000000000 "       /* age 0 */
      "00000000 "               /* since 0 */
      "ffffffffffffffff "       /* cluster time -1 us */
      "00000001 "               /* 1 member */
      "00000000 "               /* table version 0 */
      "0000000000000000 00*16 " /* absorbed: none */
      "0000000000000000 "       /* no nonce */
      "05 0001 "                /* TLV 5, successors: 1 byte */
      "00 "                     /* 0 successors */
      "00*16"                   /* MAC */ },

    { "Leader with tags",
      { MULTICAST(WIRE_LEADER),
        .leader = { .epoch = 1, .key = { .priority = 100, .timeline = TIMELINE, .id = ID(0xa1) }, .count = 2 },
        .has_successors = true,
        .name = "alpha",
        .tags = "rack=2 ssd=yes" },
      MULTICAST_HEX("04")
      "0000000000000001 "                  /* epoch 1 */
      "0064 "                              /* key: priority 100 */
      "0123456789abcdef "                  /* timeline */
      "0000000000000000 "                  /* birth 0 */
      "a1*16 "                             /* id */
      "0000000000000000 "                  /* age 0 */
      "00000000 "                          /* since 0 */
      "0000000000000000 "                  /* cluster time 0 */
      "00000002 "                          /* 2 members */
      "00000000 "                          /* table version 0 */
      "0000000000000000 00*16 "            /* absorbed: none */
      "0000000000000000 "                  /* no nonce */
      "01 0005 616c706861 "                /* TLV 1, name: "alpha" */
      "08 000e 7261636b3d32207373643d796573 " /* TLV 8, tags: "rack=2 ssd=yes" */
      "05 0001 "                           /* TLV 5, successors: 1 byte */
      "00 "                                /* 0 successors */
      "00*16"                              /* MAC */ },

    { "Heartbeat",
      { UNICAST(WIRE_HEARTBEAT),
        .heartbeat = { .epoch = 8, .exchange = 1000, .try = 2, .sent = 5000000, .echo = 4000000, .roster_epoch = 7,
                       .roster_change = 1, .age = 5000000, .timeline = TIMELINE, .birth = 77,
                       .own = { 8, ID(0xb2) }, .rtt_us = 250 } },
      UNICAST_HEX("05")
      "0000000000000008 "          /* epoch 8 */
      "000003e8 "                  /* exchange 1000 */
      "0002 "                      /* try 2 */
      "00000000004c4b40 "          /* sent at 5 s */
      "00000000003d0900 "          /* echo 4 s */
      "0000000000000007 00000001 " /* roster version (7, 1) */
      "00000000004c4b40 "          /* age 5 s */
      "0123456789abcdef "          /* timeline */
      "000000000000004d "          /* birth 77 */
      "0000000000000008 b2*16 "    /* own: epoch 8 and id */
      "000000fa "                  /* round trip 250 us */
      "00 "                        /* not registering */
      "00 "                        /* no question */
      "0000000000000000 "          /* no nonce */
      "00*16"                      /* MAC */ },

    { "Heartbeat that registers and tells of a stranger",
      { UNICAST(WIRE_HEARTBEAT),
        .heartbeat = { .epoch = 8, .exchange = 1, .sent = 6, .age = 6, .registering = true, .question = true,
                       .nonce = 0xabad1dea },
        .has_registration = true,
        .registration = { .facts = { .name = "beta", .tags = "rack=2 ssd=yes", .priority = 100, .eligible = true },
                          .port = 29419 },
        .has_stranger = true,
        .stranger = { .token = { 9, ID(0xc3) },
                      .address = { .family = 4, .bytes = { 198, 51, 100, 1 }, .port = 29420 } } },
      UNICAST_HEX("05")
      "0000000000000008 "                  /* epoch 8 */
      "00000001 "                          /* exchange 1 */
      "0000 "                              /* try 0 */
      "0000000000000006 "                  /* sent at 6 us */
      "0000000000000000 "                  /* no echo */
      "0000000000000000 00000000 "         /* no roster */
      "0000000000000006 "                  /* age 6 us */
      "0000000000000000 "                  /* no timeline */
      "0000000000000000 "                  /* birth 0 */
      "0000000000000000 00*16 "            /* own: none */
      "00000000 "                          /* round trip unknown */
      "01 "                                /* registering */
      "01 "                                /* a question */
      "00000000abad1dea "                  /* its nonce */
      "03 001a "                           /* TLV 3, registration: 26 bytes */
      "04 62657461 "                       /* name "beta" */
      "0064 "                              /* priority 100 */
      "01 "                                /* eligible */
      "72eb "                              /* port 29419 */
      "000e 7261636b3d32207373643d796573 " /* tags "rack=2 ssd=yes" */
      "04 002b "                           /* TLV 4, stranger: 43 bytes */
      "0000000000000009 c3*16 "            /* stranger: epoch 9 and id */
      "04 c6336401 00*12 72ec "            /* 198.51.100.1 port 29420 */
      "00*16"                              /* MAC */ },

    { "Heartbeat with a cookie",
      { UNICAST(WIRE_HEARTBEAT),
        .heartbeat = { .epoch = 8, .exchange = 3, .try = 1, .sent = 6, .age = 6, .timeline = TIMELINE, .birth = 77,
                       .own = { 8, ID(0xb2) } },
        .cookie = 0x0badc0ffee0ddf00 },
      UNICAST_HEX("05")
      "0000000000000008 "          /* epoch 8 */
      "00000003 "                  /* exchange 3 */
      "0001 "                      /* try 1 */
      "0000000000000006 "          /* sent at 6 us */
      "0000000000000000 "          /* no echo */
      "0000000000000000 00000000 " /* no roster */
      "0000000000000006 "          /* age 6 us */
      "0123456789abcdef "          /* timeline */
      "000000000000004d "          /* birth 77 */
      "0000000000000008 b2*16 "    /* own: epoch 8 and id */
      "00000000 "                  /* round trip unknown */
      "00 "                        /* not registering */
      "00 "                        /* no question */
      "0000000000000000 "          /* no nonce */
      "09 0008 0badc0ffee0ddf00 "  /* TLV 9, cookie */
      "00*16"                      /* MAC */ },

    { "Heartbeat of a paused node that registers",
      { UNICAST(WIRE_HEARTBEAT),
        .heartbeat = { .epoch = 8, .exchange = 1, .try = 1, .sent = 6, .age = 6, .registering = true },
        .has_registration = true,
        .registration = { .facts = { .name = "beta", .priority = 100 }, .port = 29419 },
        .paused = 1 },
      UNICAST_HEX("05")
      "0000000000000008 "          /* epoch 8 */
      "00000001 "                  /* exchange 1 */
      "0001 "                      /* try 1 */
      "0000000000000006 "          /* sent at 6 us */
      "0000000000000000 "          /* no echo */
      "0000000000000000 00000000 " /* no roster */
      "0000000000000006 "          /* age 6 us */
      "0000000000000000 "          /* no timeline */
      "0000000000000000 "          /* birth 0 */
      "0000000000000000 00*16 "    /* own: none */
      "00000000 "                  /* round trip unknown */
      "01 "                        /* registering */
      "00 "                        /* no question */
      "0000000000000000 "          /* no nonce */
      "03 000c "                   /* TLV 3, registration: 12 bytes */
      "04 62657461 "               /* name "beta" */
      "0064 "                      /* priority 100 */
      "00 "                        /* not eligible */
      "72eb "                      /* port 29419 */
      "0000 "                      /* no tags */
      "07 0002 0001 "              /* TLV 7, paused: the sender */
      "00*16"                      /* MAC */ },

    { "Ack to a member",
      { UNICAST(WIRE_ACK),
        .ack = { .epoch = 8, .exchange = 1000, .sent = 5000000, .timestamp = 9000000, .promise = 2000000,
                 .detect = 300000, .heartbeat = 500000, .floor = 20000, .timeline = TIMELINE, .cluster_time = 8000000,
                 .has_birth = true, .birth = -3, .count = 3, .table_version = 17, .next_slot = 480000,
                 .nonce = 0xabad1dea },
        .has_successors = true,
        .successors = {
            .count = 1,
            .list = {
                { .id = ID(0xc3), .birth = 5, .priority = 100, .eligible = true,
                  .address = { .family = 4, .bytes = { 192, 0, 2, 9 }, .port = 29417 } },
            },
        } },
      UNICAST_HEX("06")
      "0000000000000008 "       /* epoch 8 */
      "000003e8 "               /* exchange 1000 */
      "00000000004c4b40 "       /* sent at 5 s, echoed */
      "0000000000895440 "       /* timestamp 9 s */
      "001e8480 "               /* promise 2 s */
      "000493e0 "               /* detect 300 ms */
      "0007a120 "               /* heartbeat 500 ms */
      "00004e20 "               /* floor 20 ms */
      "0123456789abcdef "       /* timeline */
      "00000000007a1200 "       /* cluster time 8 s */
      "01 "                     /* listed */
      "fffffffffffffffd "       /* your birth -3 */
      "00000003 "               /* 3 members */
      "00000011 "               /* table version 17 */
      "00075300 "               /* next slot in 480 ms */
      "00000000abad1dea "       /* nonce answered */
      "05 002f "                /* TLV 5, successors: 47 bytes */
      "01 "                     /* 1 successor */
      "c3*16 "                  /* id */
      "0000000000000005 "       /* birth 5 */
      "0064 "                   /* priority 100 */
      "01 "                     /* eligible */
      "04 c0000209 00*12 72e9 " /* 192.0.2.9 port 29417 */
      "00*16"                   /* MAC */ },

    { "Ack that tells a cookie",
      { UNICAST(WIRE_ACK),
        .ack = { .epoch = 8, .exchange = 1, .sent = 6, .timestamp = 2, .detect = 100000, .heartbeat = 2000000,
                 .floor = 3000, .timeline = 1, .cluster_time = 3, .count = 2, .table_version = 4 },
        .cookie = 0x0badc0ffee0ddf00 },
      UNICAST_HEX("06")
      "0000000000000008 "          /* epoch 8 */
      "00000001 "                  /* exchange 1 */
      "0000000000000006 "          /* sent at 6 us, echoed */
      "0000000000000002 "          /* timestamp */
      "00000000 "                  /* no promise */
      "000186a0 "                  /* detect 100 ms */
      "001e8480 "                  /* heartbeat 2 s */
      "00000bb8 "                  /* floor 3 ms */
      "0000000000000001 "          /* timeline */
      "0000000000000003 "          /* cluster time 3 us */
      "00 "                        /* not listed */
      "0000000000000000 "          /* no birth */
      "00000002 "                  /* 2 members */
      "00000004 "                  /* table version 4 */
      "00000000 "                  /* next slot now */
      "0000000000000000 "          /* no nonce */
      "09 0008 0badc0ffee0ddf00 "  /* TLV 9, cookie */
      "00*16"                      /* MAC */ },

    { "Ack to an unlisted node, with a roster",
      { UNICAST(WIRE_ACK),
        .ack = { .epoch = 8, .exchange = 4294967295, .sent = 1, .timestamp = 2, .detect = 100000,
                 .heartbeat = 2000000, .floor = 3000, .timeline = 1, .cluster_time = 3, .count = 1 << 20,
                 .table_version = 4 },
        .has_roster = true,
        .roster = { .epoch = 8, .change = 1, .expect = 2, .count = 1, .ids = { ID(0xd4) } } },
      UNICAST_HEX("06")
      "0000000000000008 "          /* epoch 8 */
      "ffffffff "                  /* exchange 2^32 - 1 */
      "0000000000000001 "          /* sent, echoed */
      "0000000000000002 "          /* timestamp */
      "00000000 "                  /* no promise */
      "000186a0 "                  /* detect 100 ms */
      "001e8480 "                  /* heartbeat 2 s */
      "00000bb8 "                  /* floor 3 ms */
      "0000000000000001 "          /* timeline */
      "0000000000000003 "          /* cluster time 3 us */
      "00 "                        /* not listed */
      "0000000000000000 "          /* no birth */
      "00100000 "                  /* 2^20 members */
      "00000004 "                  /* table version 4 */
      "00000000 "                  /* next slot now */
      "0000000000000000 "          /* no nonce */
      "02 001d "                   /* TLV 2, roster: 29 bytes */
      "0000000000000008 00000001 " /* version (8, 1) */
      "02 "                        /* N = 2 */
      "d4*16 "                     /* the seat that is taken */
      "00*16"                      /* MAC */ },

    { "Redirect",
      { UNICAST(WIRE_REDIRECT),
        .redirect = { .leader = { 8, ID(0xb2) },
                      .address = { .family = 6, .bytes = { 0xfe, 0x80, [15] = 1 }, .port = 29417 } } },
      UNICAST_HEX("07")
      "0000000000000008 b2*16 " /* leader: epoch 8 and id */
      "06 fe80 00*13 01 72e9 "  /* fe80::1 port 29417 */
      "00*16"                   /* MAC */ },

    { "Suspect",
      { MULTICAST(WIRE_SUSPECT),
        .suspect = { .leader = { 8, ID(0xb2) }, .nonce = 0x5, .silent_ms = 210 } },
      MULTICAST_HEX("08")
      "0000000000000008 b2*16 " /* leader: epoch 8 and id */
      "0000000000000005 "       /* nonce 5 */
      "000000d2 "               /* silent for 210 ms */
      "00*16"                   /* MAC */ },

    { "Vouch",
      { UNICAST(WIRE_VOUCH),
        .vouch = { .leader = { 8, ID(0xb2) }, .nonce = 0x5 } },
      UNICAST_HEX("09")
      "0000000000000008 b2*16 " /* leader: epoch 8 and id */
      "0000000000000005 "       /* nonce 5 */
      "00*16"                   /* MAC */ },

    { "Resign",
      { MULTICAST(WIRE_RESIGN),
        .resign = { .epoch = 8, .successor = ID(0xc3), .birth = 7300000000, .released = true } },
      MULTICAST_HEX("0a")
      "0000000000000008 " /* epoch 8 */
      "c3*16 "            /* successor */
      "00000001b31d2900 " /* new birth */
      "01 "               /* released */
      "00*16"             /* MAC */ },

    { "Resign without a successor",
      { MULTICAST(WIRE_RESIGN),
        .resign = { .epoch = 8, .birth = -1 } },
      MULTICAST_HEX("0a")
      "0000000000000008 " /* epoch 8 */
      "00*16 "            /* no successor */
      "ffffffffffffffff " /* new birth -1 */
      "00 "               /* not released */
      "00*16"             /* MAC */ },

    { "Farewell",
      { MULTICAST(WIRE_FAREWELL),
        .farewell = { .leader = { 8, ID(0xa1) }, .released = true } },
      MULTICAST_HEX("0b")
      "0000000000000008 a1*16 " /* leader: epoch 8 and id */
      "01 "                     /* released */
      "00*16"                   /* MAC */ },

    { "MergeRequest",
      { UNICAST(WIRE_MERGE_REQUEST),
        .merge_request = { .epoch = 8, .key = { .priority = 100, .timeline = TIMELINE, .birth = 0, .id = ID(0xa1) },
                           .age = 12, .since_ms = 34, .followed = true, .nonce = 0x77 } },
      UNICAST_HEX("0c")
      "0000000000000008 " /* epoch 8 */
      "0064 "             /* key: priority 100 */
      "0123456789abcdef " /* timeline */
      "0000000000000000 " /* birth 0 */
      "a1*16 "            /* id */
      "000000000000000c " /* age 12 us */
      "00000022 "         /* since 34 ms */
      "01 "               /* followed */
      "0000000000000077 " /* nonce */
      "00*16"             /* MAC */ },

    { "MergeReply, keep me",
      { UNICAST(WIRE_MERGE_REPLY),
        .merge_reply = { .nonce = 0x77, .verdict = WIRE_KEEP_ME, .epoch = 9, .since_ms = 35 } },
      UNICAST_HEX("0d")
      "0000000000000077 " /* nonce */
      "01 "               /* keep me */
      "0000000000000009 " /* epoch 9 */
      "00000023 "         /* since 35 ms */
      "00*16"             /* MAC */ },

    { "MergeReply, keep you",
      { UNICAST(WIRE_MERGE_REPLY),
        .merge_reply = { .nonce = 0x77, .verdict = WIRE_KEEP_YOU, .epoch = 9, .since_ms = 35 } },
      UNICAST_HEX("0d")
      "0000000000000077 " /* nonce */
      "02 "               /* keep you */
      "0000000000000009 " /* epoch 9 */
      "00000023 "         /* since 35 ms */
      "00*16"             /* MAC */ },

    { "MergeReply, wait",
      { UNICAST(WIRE_MERGE_REPLY),
        .merge_reply = { .nonce = 0x77, .verdict = WIRE_WAIT, .epoch = 9, .since_ms = 35 } },
      UNICAST_HEX("0d")
      "0000000000000077 " /* nonce */
      "03 "               /* wait */
      "0000000000000009 " /* epoch 9 */
      "00000023 "         /* since 35 ms */
      "00*16"             /* MAC */ },

    { "HandoverRequest",
      { UNICAST(WIRE_HANDOVER_REQUEST),
        .handover_request = { .epoch = 8,
                              .key = { .priority = 200, .timeline = TIMELINE, .birth = 9, .id = ID(0xa1) } } },
      UNICAST_HEX("0e")
      "0000000000000008 " /* epoch 8 */
      "00c8 "             /* key: priority 200 */
      "0123456789abcdef " /* timeline */
      "0000000000000009 " /* birth 9 */
      "a1*16 "            /* id */
      "00*16"             /* MAC */ },

    { "Page",
      { UNICAST(WIRE_PAGE),
        .page = { .version = 17, .index = 24 } },
      UNICAST_HEX("0f")
      "00000011 " /* version 17 */
      "00000018 " /* from index 24 */
      "06 0137 "  /* TLV 6, padding: 311 bytes */
      "00*311 "   /* to 400 bytes in all */
      "00*16"     /* MAC */ },

    { "PageReply",
      { UNICAST(WIRE_PAGE_REPLY),
        .page_reply = {
            .version = 17, .index = 24, .total = 26, .count = 2,
            .records = {
                { .id = ID(0xb2), .incarnation = 4, .birth = -9,
                  .address = { .family = 4, .bytes = { 192, 0, 2, 9 }, .port = 29417 },
                  .last_seen_ms = 120, .rtt_us = 350,
                  .facts = { .name = "beta", .tags = "rack=2", .priority = 100, .eligible = true } },
                { .id = ID(0xa1), .incarnation = 3, .birth = 0, .facts = { .priority = 1 } },
            },
        } },
      UNICAST_HEX("10")
      "00000011 "               /* version 17 */
      "00000018 "               /* from index 24 */
      "0000001a "               /* of 26 */
      "02 "                     /* 2 records */
      "b2*16 "                  /* id */
      "00000004 "               /* incarnation 4 */
      "fffffffffffffff7 "       /* birth -9 */
      "04 c0000209 00*12 72e9 " /* 192.0.2.9 port 29417 */
      "00000078 "               /* last seen 120 ms ago */
      "0000015e "               /* round trip 350 us */
      "04 62657461 "            /* name "beta" */
      "0064 "                   /* priority 100 */
      "01 "                     /* eligible */
      "0006 7261636b3d32 "      /* tags "rack=2" */
      "a1*16 "                  /* id */
      "00000003 "               /* incarnation 3 */
      "0000000000000000 "       /* birth 0 */
      "00 00*16 0000 "          /* no address */
      "00000000 "               /* last seen now */
      "00000000 "               /* round trip unknown */
      "00 "                     /* no name */
      "0001 "                   /* priority 1 */
      "00 "                     /* not eligible */
      "0000 "                   /* no tags */
      "00*16"                   /* MAC */ },

    { "PageReply with a paused member",
      { UNICAST(WIRE_PAGE_REPLY),
        .page_reply = {
            .version = 17, .total = 2, .count = 2,
            .records = {
                { .id = ID(0xb2), .incarnation = 4, .facts = { .name = "b", .priority = 100, .eligible = true } },
                { .id = ID(0xc3), .incarnation = 3, .facts = { .name = "c", .priority = 100 } },
            },
        },
        .paused = 2 },
      UNICAST_HEX("10")
      "00000011 "         /* version 17 */
      "00000000 "         /* from the beginning */
      "00000002 "         /* of 2 */
      "02 "               /* 2 records */
      "b2*16 "            /* id */
      "00000004 "         /* incarnation 4 */
      "0000000000000000 " /* birth 0 */
      "00 00*16 0000 "    /* no address */
      "00000000 "         /* last seen now */
      "00000000 "         /* round trip unknown */
      "01 62 "            /* name "b" */
      "0064 "             /* priority 100 */
      "01 "               /* eligible */
      "0000 "             /* no tags */
      "c3*16 "            /* id */
      "00000003 "         /* incarnation 3 */
      "0000000000000000 " /* birth 0 */
      "00 00*16 0000 "    /* no address */
      "00000000 "         /* last seen now */
      "00000000 "         /* round trip unknown */
      "01 63 "            /* name "c" */
      "0064 "             /* priority 100 */
      "00 "               /* not eligible */
      "0000 "             /* no tags */
      "07 0002 0002 "     /* TLV 7, paused: the second */
      "00*16"             /* MAC */ },

    { "PageReply beyond the end",
      { UNICAST(WIRE_PAGE_REPLY),
        .page_reply = { .version = 18, .index = 26, .total = 3 } },
      UNICAST_HEX("10")
      "00000012 " /* version 18 */
      "0000001a " /* from index 26 */
      "00000003 " /* of 3 */
      "00 "       /* 0 records */
      "00*16"     /* MAC */ },

    { "Clone",
      { MULTICAST(WIRE_CLONE),
        .clone = { .age = 3600000000, .heard_nonce = 0x0102030405060708 } },
      MULTICAST_HEX("11")
      "00000000d693a400 " /* age 1 h */
      "0102030405060708 " /* boot nonce heard */
      "00*16"             /* MAC */ },

    { "Challenge",
      { UNICAST(WIRE_CHALLENGE),
        .challenge = { .asked = 0x1122334455667788, .answered = 0x2233445566778899, .before = 40 } },
      UNICAST_HEX("12")
      "1122334455667788 " /* asked */
      "2233445566778899 " /* answered */
      "0000000000000028 " /* before: 40 */
      "00*16"             /* MAC */ },

    { "Stale, with key id and AEAD nonce",
      { .header = { .type = WIRE_STALE, .flags = WIRE_FLAG_UNICAST | WIRE_FLAG_SEALED, .key_id = 258,
                    .cluster = "default", .sender = ID(0xa1), .incarnation = 3,
                    .boot_nonce = 0x1122334455667788, .seq = 42, .receiver_nonce = 0x99aabbccddeeff00,
                    .aead_nonce = { EIGHT(0x5e), EIGHT(0x5e), EIGHT(0x5e) } },
        .stale = { .incarnation = 5, .seq = 43 } },
      "454c4454 01 00 "    /* magic "ELDT", version 1.0 */
      "13 03 0102 "        /* type 19, flags 3, key id 258 */
      "07 64656661756c74 " /* cluster "default" */
      "a1*16 "             /* sender */
      "00000003 "          /* incarnation 3 */
      "1122334455667788 "  /* boot nonce */
      "000000000000002a "  /* seq 42 */
      "99aabbccddeeff00 "  /* receiver's boot nonce */
      "5e*24 "             /* AEAD nonce */
      "00000005 "          /* incarnation 5 */
      "000000000000002b "  /* seq 43 */
      "00*16"              /* MAC */ },
};

const unsigned golden_count = ARRAY_SIZE(golden_vectors);

static unsigned nibble(char digit) {
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* Repeats the last byte, "*N" times in all. Returns what follows the number. */
static const char *repeat(const char *star, uint8_t *buffer, size_t *length) {
    const char *at = star + 1;
    size_t times = 0;

    for (; *at >= '0' && *at <= '9'; at++)
        times = 10 * times + nibble(*at);
    memset(buffer + *length, buffer[*length - 1], times - 1);
    *length += times - 1;
    return at;
}

size_t golden_bytes(const char *hex, uint8_t buffer[WIRE_DATAGRAM_MAX]) {
    size_t length = 0;

    for (const char *at = hex; *at != '\0';) {
        if (*at == ' ') {
            at++;
        } else if (*at == '*') {
            at = repeat(at, buffer, &length);
        } else {
            buffer[length++] = (uint8_t)(nibble(at[0]) << 4 | nibble(at[1]));
            at += 2;
        }
    }
    return length;
}
