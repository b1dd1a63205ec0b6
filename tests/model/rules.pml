/* SPDX-License-Identifier: ISC
 *
 * Every rule that can be taken out of majority.pml, with -DNAME=1, and what the nodes do then. Each says in
 * brackets the setting of check.sh in which that shows; check.sh makes its table of these lines. */

#ifndef NO_STATE_VOTE /* STATE (small): a vote and the candidate's own vote are not on disk before they are sent */
#define NO_STATE_VOTE 0
#endif
#ifndef NO_STATE_TOKEN /* STATE (small): the token that is followed is not on disk before the echo */
#define NO_STATE_TOKEN 0
#endif
#ifndef NO_START_1 /* START-1 (lost): a node that has lost its state keeps its id and its seat */
#define NO_START_1 0
#endif
#ifndef NO_MAJ_1_PROMISE /* MAJ-1 (small): votes though its promise lasts */
#define NO_MAJ_1_PROMISE 0
#endif
#ifndef NO_MAJ_1_ABSTAIN /* MAJ-1 (small): votes at once after a restart */
#define NO_MAJ_1_ABSTAIN 0
#endif
#ifndef NO_MAJ_1_RELEASE /* MAJ-1 (three): a Release ends the abstention after a restart */
#define NO_MAJ_1_RELEASE 0
#endif
#ifndef NO_MAJ_1_LEADING /* MAJ-1 (small): a leader votes for another */
#define NO_MAJ_1_LEADING 0
#endif
#ifndef NO_MAJ_1_OWN /* MAJ-1 (small): a leader that stepped down votes before its own lease has ended */
#define NO_MAJ_1_OWN 0
#endif
#ifndef NO_MAJ_1_P_MAX /* MAJ-1 (small): a leader's own promise does not count for P_max: it need not abstain after a restart */
#define NO_MAJ_1_P_MAX 0
#endif
#ifndef NO_MAJ_2 /* MAJ-2 (small): stands when it may not vote */
#define NO_MAJ_2 0
#endif
#ifndef NO_MAJ_3_ONCE /* MAJ-3 (small): votes for two candidates in one epoch */
#define NO_MAJ_3_ONCE 0
#endif
#ifndef NO_MAJ_3_TOP /* MAJ-3 (small): votes in an epoch below its top */
#define NO_MAJ_3_TOP 0
#endif
#ifndef NO_MAJ_3_SEAT /* MAJ-3 (seats): votes though it has no seat on the roster of the candidate */
#define NO_MAJ_3_SEAT 0
#endif
#ifndef NO_MAJ_3_VERSION /* MAJ-3 (seats): votes for a candidate whose roster is older than its own */
#define NO_MAJ_3_VERSION 0
#endif
#ifndef NO_MAJ_4 /* MAJ-4 (small): one vote less than Q elects */
#define NO_MAJ_4 0
#endif
#ifndef NO_MAJ_4_LEASE /* MAJ-4 (small): leads as soon as it is elected, without a lease */
#define NO_MAJ_4_LEASE 0
#endif
#ifndef NO_MAJ_5_OWN /* MAJ-5 (small): an Ack of an epoch below its own is a promise */
#define NO_MAJ_5_OWN 0
#endif
#ifndef NO_MAJ_5_VOTE /* MAJ-5 (small): an Ack of an epoch from its own on, but below its vote's, is a promise */
#define NO_MAJ_5_VOTE 0
#endif
#ifndef NO_MAJ_5_SELF /* MAJ-5 (small): a node that promised below its own candidacy goes on with it */
#define NO_MAJ_5_SELF 0
#endif
#ifndef NO_MAJ_5_STAND /* MAJ-5 (three): whoever stands forgets that it has voted for another before */
#define NO_MAJ_5_STAND 0
#endif
#ifndef NO_MAJ_6_COUNT /* MAJ-6 (small): one echo less makes a lease */
#define NO_MAJ_6_COUNT 0
#endif
#ifndef NO_MAJ_6_SENT /* MAJ-6 (small): the lease counts from the arrival of the echo */
#define NO_MAJ_6_SENT 0
#endif
#ifndef NO_MAJ_6_DRIFT /* MAJ-6 (small): a promise can be over before the lease (D above P, or more drift) */
#define NO_MAJ_6_DRIFT 0
#endif
#ifndef NO_MAJ_7 /* MAJ-7 (small): works on when its lease has ended */
#define NO_MAJ_7 0
#endif
#ifndef NO_MAJ_8_LEADER /* MAJ-8 (small): sends Release while it still answers "leader" */
#define NO_MAJ_8_LEADER 0
#endif
#ifndef NO_MAJ_8_STOPPED /* MAJ-8 (small): sends Release before the holders have stopped */
#define NO_MAJ_8_STOPPED 0
#endif
#ifndef NO_MAJ_8_BARE /* MAJ-8 (small): sends Release before every lease_ms that was told has run out */
#define NO_MAJ_8_BARE 0
#endif
#ifndef NO_MAJ_8_EPOCH /* MAJ-8 (three): a Release ends the promise to any epoch */
#define NO_MAJ_8_EPOCH 0
#endif
#ifndef NO_MAJ_8_AGAIN /* HAND-3 (small): leads again in the epoch that it has released */
#define NO_MAJ_8_AGAIN 0
#endif
#ifndef NO_MAJ_9 /* MAJ-9 (small): a suspicion, ICMP or a Farewell with released = no ends a promise */
#define NO_MAJ_9 0
#endif
#ifndef NO_MAJ_12_ALL /* MAJ-12 (bootstrap): Q votes are enough at the bootstrap */
#define NO_MAJ_12_ALL 0
#endif
#ifndef NO_MAJ_12_PIN /* MAJ-12 (apart): a vote at the bootstrap does not pin its roster */
#define NO_MAJ_12_PIN 0
#endif
#ifndef NO_MAJ_12_FRESH /* MAJ-12 (apart): a node that has a roster votes at a bootstrap */
#define NO_MAJ_12_FRESH 0
#endif
#ifndef NO_MAJ_13_HOLD /* MAJ-13 (duel): a voter that is bound by a vote above counts as one that holds the roster */
#define NO_MAJ_13_HOLD 0
#endif
#ifndef NO_MAJ_14 /* MAJ-14 (seats): retires before Q members hold a version of its epoch */
#define NO_MAJ_14 0
#endif
#ifndef NO_MAJ_15_STEP /* MAJ-15 (seats): retires one and seats another in one step */
#define NO_MAJ_15_STEP 0
#endif
#ifndef NO_MAJ_15_HELD /* MAJ-15 (seats): seats a spare before Q members hold the version without the retired one */
#define NO_MAJ_15_HELD 0
#endif
#ifndef NO_MAJ_15_LEASE /* MAJ-15 (seats): seats a spare while the lease that was told rests on the promise of the retired one */
#define NO_MAJ_15_LEASE 0
#endif
#ifndef NO_MAJ_16 /* MAJ-16 (seats): a spare stands, with the roster that it knows */
#define NO_MAJ_16 0
#endif
