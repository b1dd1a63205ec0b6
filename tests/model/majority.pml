/* SPDX-License-Identifier: ISC
 *
 * majority.pml - the rules of "quorum = majority" (MAJ), without any code of eldest: who may vote, what a promise and a lease are,
 * and how seats change. check.sh explores it and takes one rule out after another (rules.pml).
 *
 * Network. Every Election, vote, Ack, echo, Leader and Release that was ever sent stays on the way: it may arrive at any later
 * time, more than once, in any order, or never. So nothing is sent twice, and a set of what was sent is all that is kept: a
 * vote is in the set of its candidate (who counts it whenever it likes), an echo is the stamp that the voter has accepted, an
 * Ack is known by its stamp. To wait, to be cut off, to stand still or to be dead is to take no action.
 *
 * Time. There is no clock. All that safety takes from the clocks is one order of events, which holds in real time for every
 * drift that D = 0.8 P allows (at most 10 %): what a leader counts from an Ack is over on its clock (the time ts + D, when the
 * work has stopped at the latest) before any promise that was made by that Ack is over on the clock of the voter (the time of
 * arrival + P). So the Acks of a leader that are not over have stamps 1, 2, .., the oldest first; that stamp 1 is over may
 * happen at any time (AGES), and a promise is over, and an abstention (it is as long as the longest promise before), when no
 * stamp which the host has accepted is left. Every run in dense real time, with clocks of any drift within the bound, is a run
 * here; there are more, since everything else may take any time. Losing that order is NO_MAJ_6_DRIFT. What is bounded is how
 * many stamps of one leader are not over at once, not how often it renews its lease.
 *
 * What happens has its rule beside it. A lease here lasts as long as work may: stop_margin and the time that the holders need
 * after it lie within it, and a leader may say "not leader" at any moment before its end. To be stopping is to have stepped down
 * with work left. A restart is a crash and a start; children that work on by the lease that they were told survive it, and the
 * sentinel's Release comes from the same action as that of the daemon. The rules on who ought to stand or to be voted for
 * (SUSP, ELEC, HAND-2) are left out: whatever they allow, MAJ alone keeps it safe.
 *
 * MAJ-1 has two parts here that follow from the model: a leader is a voter too and keeps a promise of its own, up to the end of its
 * lease and of the work that it covers, after it has stepped down (NO_MAJ_1_OWN), and after a restart (NO_MAJ_1_P_MAX: so its P
 * counts for its own P_max before it leads).
 *
 * With ROSTER, hosts learn rosters, by whose versions they vote; an Election counts then while its candidate stands, and a Leader
 * or an Ack below top teaches none. A host that has lost its state is a stranger with a new id: it does nothing more under the old
 * one, and is, if anything, another host here.
 *
 * Not covered: progress, except that leaders, handovers and new seats are possible (GOAL); MAJ-7's end of Acks and MAJ-10's stepping
 * down, which it needs, not safety (a leader that goes on, without a lease, is a run of this model); MAJ-11 (a change of N); a
 * clock that stops or jumps (GAP, A1.5); clones and reverted snapshots (MEMB-7, 8); Q = 1; forged datagrams (SEC).
 */

#include "rules.pml"

/* ----------------------------------------------------------------------------------------------------------- the setting */

#ifndef HOSTS /* 3 to 6; more than N: spares, or fresh hosts that want seats */
#define HOSTS 3
#endif
#ifndef N /* seats */
#define N 3
#endif
#ifndef EPOCHS /* 2 to 4; no candidacy beyond */
#define EPOCHS 2
#endif
#ifndef STAMPS /* Acks of different ts of one leader whose time is not over, at once */
#define STAMPS 2
#endif
#ifndef WITNESSES /* the last hosts, not eligible */
#define WITNESSES 0
#endif
#ifndef RESTARTS
#define RESTARTS 1
#endif
#ifndef LOSSES /* of state files */
#define LOSSES 0
#endif
#ifndef RELEASES
#define RELEASES 0
#endif
#ifndef BARE /* clients that are told lease_ms and work by it without a connection */
#define BARE 0
#endif
#ifndef ROSTER /* rosters are learned, persisted and changed; else all hosts have seats for ever */
#define ROSTER 0
#endif
#ifndef FRESH /* ROSTER: begins with the bootstrap; else the first N hosts have seats */
#define FRESH 0
#endif
#ifndef APART /* FRESH, 5 hosts: only two of the rosters of a bootstrap, which share one host */
#define APART 0
#endif
#ifndef DUEL /* SEATS, few runs: the first host leads on in epoch 1 and retires the second, which stands in epoch 2, for a spare */
#define DUEL 0
#endif
#define IN_A_DUEL(what) (!DUEL || (what))
#ifndef SEATS /* ROSTER: seats change */
#define SEATS 0
#endif
#ifndef PROPERTY /* 1 to 4 checks that one alone; 0 all */
#define PROPERTY 0
#endif
#ifndef COVER
#define COVER 0
#endif
#ifndef GOAL /* 1 to 3: that it is reached is called an error */
#define GOAL 0
#endif

#define Q (N / 2 + 1)
#define NOBODY HOSTS
#define SOMEBODY (HOSTS + 1)
#define CHANGES 3 /* versions (e, k) of one epoch */
#if ROSTER && !FRESH
#define FIRST_ROSTER 1 /* a version of epoch 0 */
#define FIRST_SEATS (ONE(N) - 1)
#else
#define FIRST_ROSTER 0
#define FIRST_SEATS 0
#endif

/* ----------------------------------------------------------------------------------------------------------- enumeration */

#if HOSTS == 3
#define SUM(what, with) (what(with, 0) + what(with, 1) + what(with, 2))
#define EACH_HOST(action, with) action(with, 0) action(with, 1) action(with, 2)
#elif HOSTS == 4
#define SUM(what, with) (what(with, 0) + what(with, 1) + what(with, 2) + what(with, 3))
#define EACH_HOST(action, with) action(with, 0) action(with, 1) action(with, 2) action(with, 3)
#elif HOSTS == 5
#define SUM(what, with) (what(with, 0) + what(with, 1) + what(with, 2) + what(with, 3) + what(with, 4))
#define EACH_HOST(action, with) action(with, 0) action(with, 1) action(with, 2) action(with, 3) action(with, 4)
#else
#define SUM(what, with) (what(with, 0) + what(with, 1) + what(with, 2) + what(with, 3) + what(with, 4) + what(with, 5))
#define EACH_HOST(action, with) \
    action(with, 0) action(with, 1) action(with, 2) action(with, 3) action(with, 4) action(with, 5)
#endif

#if EPOCHS == 2
#define EACH_EPOCH(action) action(1) action(2)
#define ALL(what, with) (what(1, with) && what(2, with))
#elif EPOCHS == 3
#define EACH_EPOCH(action) action(1) action(2) action(3)
#define ALL(what, with) (what(1, with) && what(2, with) && what(3, with))
#else
#define EACH_EPOCH(action) action(1) action(2) action(3) action(4)
#define ALL(what, with) (what(1, with) && what(2, with) && what(3, with) && what(4, with))
#endif

#if STAMPS == 1
#define EACH_STAMP(action, with) action(with, 1)
#elif STAMPS == 2
#define EACH_STAMP(action, with) action(with, 1) action(with, 2)
#else
#define EACH_STAMP(action, with) action(with, 1) action(with, 2) action(with, 3)
#endif

#define ONE(v) (1 << (v))
#define HAS(set, v) (((set) >> (v)) & 1)
#define COUNT(set) SUM(HAS, set)

/* ----------------------------------------------------------------------------------------------------------------- state */

mtype = { IDLE, CANDIDATE, LEADER };

typedef Node {
    byte own; /* persisted: epoch of the token that it followed or held last */
    byte ve; /* persisted: its vote epoch, of its last vote or candidacy; 0 if that is below own, where it does not matter any more */
    byte bound; /* persisted: the last epoch in which it voted for another; 0 if that is not above own */
    bit p_max; /* persisted: it has made a promise by an Ack */
    byte version = FIRST_ROSTER; /* persisted: of its roster, epoch * CHANGES + change; 0 none */
    byte pin; /* persisted: the roster of a bootstrap that it has voted in */
    bit lost; /* its state: the host goes on as a stranger, which is another host of this model */
    mtype role = IDLE;
    byte votes; /* sent to its present candidacy, received or not */
    byte promise; /* to that epoch; 0 over */
    bit abstains;
    byte asks; /* version of the roster that its present candidacy names; 0 a bootstrap */
    byte seats; /* on that roster */
};
Node node[HOSTS];

typedef Epoch {
    byte elections; /* who stood in it: their Elections are on the way for ever */
    byte leader = NOBODY;
    byte sent; /* stamps of its Acks which are not over; the oldest is 1 */
    byte accepted[HOSTS]; /* the newest of them of which that host has made a promise, with or without its echo; 0 none */
    byte lease; /* up to this stamp; 0 none */
    bit work; /* by holders, if there is a lease */
    byte bare; /* up to this stamp works who was told lease_ms */
    bit released; /* a Release is on the way */
#if GOAL == 2
    bit handed_over; /* released while there were promises */
#endif
    byte hold; /* the hosts that have held a version of this epoch */
    byte hold_newest; /* and the newest one */
};
Epoch epoch[EPOCHS + 1];

byte newest_lease; /* the highest epoch that has had one */

#if ROSTER
byte roster[(EPOCHS + 1) * CHANGES]; /* the seats by version, but for the first one */
#endif

/* -------------------------------------------------------------------------------------------------------------- notions */

#define ME node[me]
#define TOP(v) (node[v].own > node[v].ve -> node[v].own : node[v].ve)
#define LEADS(v) (node[v].role == LEADER)
#define LEADS_IN(e, v) (LEADS(v) && node[v].own == e)
#define MINE epoch[ME.own]

/* An own epoch below bound (but whose rosters it may learn), and a bound and a vote epoch below own, make no difference any
 * more; they are forgotten, so that there are fewer states. */
#define FORGETS !(NO_STATE_VOTE || NO_STATE_TOKEN || NO_MAJ_5_VOTE || NO_MAJ_5_OWN || NO_MAJ_3_TOP)
inline forget() {
    if
    :: FORGETS && !LEADS(me) ->
        ME.bound = (ME.bound > ME.own -> ME.bound : 0);
        ME.ve = (ME.ve < ME.own -> 0 : ME.ve);
        ME.own = (ME.bound && !ROSTER -> 0 : ME.own)
    :: else
    fi
}

/* An epoch in which nobody votes or sends any more, and all that was sent is over: who stood and who led in it does not matter
 * any more. */
#define PAST(e, v) (TOP(v) > e)
#define IS_PAST(e) (SUM(PAST, e) == HOSTS && epoch[e].sent == 0 && !epoch[e].work && !epoch[e].bare && FORGETS)
#if ROSTER
#define HAS_VERSION(w, v) (node[v].version == w)
#define MAY_LEARN(e, v) (node[v].own <= e)
#define TIDY_ROSTER(e, k) \
        roster[e * CHANGES + k] = \
            (SUM(MAY_LEARN, e) || SUM(HAS_VERSION, (e * CHANGES + k)) -> roster[e * CHANGES + k] : 0);
#else
#define TIDY_ROSTER(e, k)
#endif
#define TIDY(e) \
    if \
    :: IS_PAST(e) -> \
        epoch[e].elections = 0; \
        epoch[e].leader = (epoch[e].leader == NOBODY -> NOBODY : SOMEBODY); \
        epoch[e].hold = 0; \
        epoch[e].hold_newest = 0; \
        TIDY_ROSTER(e, 0) TIDY_ROSTER(e, 1) TIDY_ROSTER(e, 2) \
    :: else \
    fi;
inline tidy() {
    EACH_EPOCH(TIDY)
    skip
}

/* Somebody works in epoch e, or may answer "leader". */
#define WORKS(e) ((epoch[e].work && epoch[e].lease) || epoch[e].bare)

/* The one fact about time: no promise that host v made by an Ack is over before the lease that counts from that Ack. */
#define OVER(e, v) (epoch[e].accepted[v] == 0 && (epoch[e].leader != v || epoch[e].lease == 0))
#define TIME_IS_OVER(v) ALL(OVER, v)

/* Hosts of a kind that nothing has happened to yet are alike: the first of them begins. */
#define MY_TURN (!ME.lost && (FIRST_OF_A_KIND || TOP(me) || TOP(me - 1) || node[me - 1].lost))
#if APART
#define FIRST_OF_A_KIND 1
#elif ROSTER && !FRESH
#define FIRST_OF_A_KIND (me == 0 || me == HOSTS - WITNESSES || me >= N)
#else
#define FIRST_OF_A_KIND (me == 0 || me == HOSTS - WITNESSES)
#endif

/* Told by a run with -DCOVER=1: how often each action was taken. */
#if COVER
c_decl {
#define ACTIONS 32
static const char *did_what[ACTIONS];
static unsigned long did_times[ACTIONS];
static void did_tell(void) {
    for (int i = 0; i < ACTIONS && did_what[i]; i++)
        printf("did %s %lu\n", did_what[i], did_times[i]);
}
static void did_(const char *what) {
    int i = 0;
    if (!did_what[0])
        atexit(did_tell);
    while (did_what[i] && strcmp(did_what[i], what) != 0)
        i++;
    did_what[i] = what;
    did_times[i]++;
}
}
#define did(what) c_code { did_(#what); }
#else
#define did(what) skip
#endif

/* ---------------------------------------------------------------------------------------------------------- properties */

#define IS(n) (PROPERTY == 0 || PROPERTY == n)
#define IDLE_BELOW(e, me) (e >= ME.own || !WORKS(e))
#define IDLE_ELSEWHERE(e, me) (e == ME.own || !WORKS(e))
#define NOBODY_ABOVE(e, me) (e <= ME.own || epoch[e].leader == NOBODY)

/* When a node is elected. */
inline check_election() {
    /* 1: at most one leader in an epoch */
    assert(!IS(1) || MINE.leader == NOBODY || MINE.leader == me);
    /* 3: nobody is elected while another may work */
    assert(!IS(3) || ALL(IDLE_BELOW, me))
}

/* When a lease begins or grows. */
inline check_lease() {
    /* 2: at most one lease at any instant, and at most one at work */
    assert(!IS(2) || ALL(IDLE_ELSEWHERE, me));
    /* 3: no lease for a node whose majority has elected another */
    assert(!IS(3) || ALL(NOBODY_ABOVE, me));
    /* 4: tokens grow from lease to lease */
    assert(!IS(4) || newest_lease <= ME.own);
    newest_lease = (newest_lease > ME.own -> newest_lease : ME.own)
}

/* -------------------------------------------------------------------------------------------------------------- goals */

/* 1: another host has a lease in the last epoch. 2: one has while Acks of the first leader would still be promises, had it not
 * released them. 3: a host that had no seat to begin with is elected. */
#if GOAL == 1
#define goal_elected() skip
#define goal_lease() assert(!(ME.own == EPOCHS && epoch[1].leader != NOBODY && epoch[1].leader != me))
#elif GOAL == 2
#define goal_elected() skip
#define goal_lease() assert(!(ME.own == EPOCHS && ME.promise == 0 && epoch[1].handed_over && epoch[1].leader != me))
#elif GOAL == 3
#define goal_elected() assert(!(newest_lease && me >= N))
#define goal_lease() skip
#else
#define goal_elected() skip
#define goal_lease() skip
#endif

/* -------------------------------------------------------------------------------------------------- MAJ-1..3: votes */

#define MAY_VOTE ((NO_MAJ_1_PROMISE || ME.promise == 0) && !ME.abstains && (NO_MAJ_1_LEADING || !LEADS(me)))
#define MAY_STAND \
    (me < HOSTS - WITNESSES && TOP(me) < EPOCHS && !LEADS(me) && (NO_MAJ_2 || MAY_VOTE) && IN_A_DUEL(TOP(me) == me))

/* A vote that was sent is on the way for ever, so that it need not be repeated here. */
#define IN_ORDER(e, c) \
    (e > TOP(me) || (e == TOP(me) && (NO_MAJ_3_ONCE || ME.ve != e)) || \
     (NO_MAJ_3_TOP && e < TOP(me)))

#if ROSTER
#define BOOTSTRAP_ALLOWS(c) \
    ((NO_MAJ_12_FRESH || ME.version == 0) && (NO_MAJ_12_PIN || ME.pin == 0 || ME.pin == node[c].seats))
#define ASKED(e, c) \
    (node[c].role == CANDIDATE && node[c].ve == e && (NO_MAJ_3_SEAT || HAS(node[c].seats, me)) && \
     (node[c].asks -> (NO_MAJ_3_VERSION || node[c].asks >= ME.version) : BOOTSTRAP_ALLOWS(c)))
#else
#define ASKED(e, c) HAS(epoch[e].elections, c)
#endif

inline no_candidate() {
    ME.role = IDLE;
    ME.votes = 0;
    ME.asks = 0;
    ME.seats = 0
}

#define VOTE(e, c) \
    :: d_step { \
        MY_TURN && IN_A_DUEL(me != 1) && c != me && MAY_VOTE && IN_ORDER(e, c) && ASKED(e, c) -> \
        vote(e, c) \
    }
#define VOTES(e) EACH_HOST(VOTE, e)

inline vote(e, c) {
    ME.ve = e;
    ME.bound = e;
    if
    :: NO_MAJ_1_LEADING && LEADS(me) -> skip
    :: else -> no_candidate()
    fi;
    forget();
    if
    :: node[c].role == CANDIDATE && node[c].ve == e -> node[c].votes = node[c].votes | ONE(me)
    :: else
    fi;
#if ROSTER
    if
    :: node[c].asks == 0 && ME.version == 0 && !NO_MAJ_12_PIN -> ME.pin = node[c].seats
    :: else
    fi;
#endif
    tidy();
    did(votes); printf("%c votes for %c in epoch %d\n", 65 + me, 65 + c, e)
}

inline stand() {
    ME.ve = TOP(me) + 1;
    ME.bound = (NO_MAJ_5_STAND -> 0 : ME.bound);
    ME.role = CANDIDATE;
    ME.votes = ONE(me);
#if !ROSTER
    epoch[ME.ve].elections = epoch[ME.ve].elections | ONE(me);
#endif
    tidy();
    did(stands); printf("%c stands in epoch %d\n", 65 + me, ME.ve)
}

/* ------------------------------------------------------------------------------------------------- MAJ-4: is elected */

#if ROSTER
#define VOTES_NEEDED ((ME.asks || NO_MAJ_12_ALL -> Q : N) - NO_MAJ_4)
#define VOTES_GOT COUNT(ME.votes & ME.seats)
#else
#define VOTES_NEEDED (Q - NO_MAJ_4)
#define VOTES_GOT COUNT(ME.votes)
#endif

inline lead() {
    ME.own = ME.ve;
    ME.bound = (FORGETS -> 0 : ME.bound);
    did(is_elected); printf("%c is elected in epoch %d\n", 65 + me, ME.own);
    check_election();
    MINE.leader = me;
#if ROSTER
    ME.version = ME.own * CHANGES;
    roster[ME.version] = ME.seats;
    MINE.hold = ONE(me);
    MINE.hold_newest = ONE(me);
    ME.pin = 0;
#endif
    no_candidate();
    ME.role = LEADER;
    goal_elected()
}

/* ------------------------------------------------------------------------------------------ MAJ-5: promise and follow */

/* Whoever follows has given up its candidacy for good, in an epoch above as well: that vote for itself does not bind it. */
inline follow(e) {
    ME.own = e;
    if
    :: NO_MAJ_5_SELF && e < ME.ve -> skip
    :: else -> no_candidate()
    fi;
    forget()
}

#define PROMISES(e) \
    ((NO_MAJ_5_OWN || e >= ME.own) && (NO_MAJ_5_VOTE || e >= ME.bound) && (!LEADS(me) || e > ME.own))

#define ACK(e, t) \
    :: d_step { \
        MY_TURN && IN_A_DUEL(e == 1 && me != 1) && t <= epoch[e].sent && epoch[e].leader != me && PROMISES(e) && \
            (ME.promise != e || epoch[e].accepted[me] < t) -> \
        accept(e, t) \
    }
#define ACKS(e) EACH_STAMP(ACK, e)

inline accept(e, t) {
    if
    :: e >= ME.own -> follow(e)
    :: else
    fi;
    ME.promise = e;
    ME.p_max = NO_MAJ_1_P_MAX;
    epoch[e].accepted[me] = (epoch[e].accepted[me] < t -> t : epoch[e].accepted[me]);
    tidy();
    did(promises); printf("%c promises to %c in epoch %d, stamp %d\n", 65 + me, 65 + epoch[e].leader, e, t)
}

/* A Leader, or an Ack that is no promise. With a roster to be learned it is followed below top as well; without, that gains
 * nothing. */
#if !ROSTER
#define LEADER_HEARD(e) \
    :: d_step { MY_TURN && epoch[e].leader != NOBODY && e > TOP(me) -> \
        resign_to(e); \
        did(follows); printf("%c follows %c in epoch %d\n", 65 + me, 65 + epoch[e].leader, e) \
    }
#else
#define LEARN(e, k) \
    :: d_step { MY_TURN && IN_A_DUEL(e == 1) && roster[e * CHANGES + k] && epoch[e].leader != me && e >= ME.own && \
        ((e >= TOP(me) && ME.own < e) || e * CHANGES + k > ME.version) -> \
        learn(e, k); \
        did(learns_a_roster); printf("%c follows %c in epoch %d, roster %d\n", 65 + me, 65 + epoch[e].leader, e, k) \
    }
#if SEATS
#define LEADER_HEARD(e) LEARN(e, 0) LEARN(e, 1) LEARN(e, 2)
#else
#define LEADER_HEARD(e) LEARN(e, 0)
#endif

#define HOLDS(e) (NO_MAJ_13_HOLD || e >= ME.bound)
inline learn(e, k) {
    resign_to(e);
    if
    :: e * CHANGES + k > ME.version ->
        ME.version = e * CHANGES + k;
        ME.pin = 0;
        epoch[e].hold = (HOLDS(e) -> epoch[e].hold | ONE(me) : epoch[e].hold);
        if
        :: HOLDS(e) && epoch[e].leader < HOSTS && ME.version == node[epoch[e].leader].version ->
            epoch[e].hold_newest = epoch[e].hold_newest | ONE(me)
        :: else
        fi
    :: else
    fi
}
#endif

inline resign_to(e) {
    if
    :: LEADS(me) -> step_down()
    :: else
    fi;
    follow(e);
    tidy()
}

/* ---------------------------------------------------------------------------------------------- MAJ-6, MAJ-7: the lease */

#if ROSTER
#define COUNTS(v) (v != me && HAS(roster[ME.version], v))
#else
#define COUNTS(v) (v != me)
#endif
#define BACKS(unused, v) (COUNTS(v) && MINE.accepted[v] > (NO_MAJ_6_SENT -> 0 : MINE.lease))
#define BACKED (NO_MAJ_4_LEASE || SUM(BACKS, 0) >= Q - 1 - NO_MAJ_6_COUNT)

inline renew() {
    MINE.lease++;
    MINE.work = (ME.role == LEADER -> 1 : MINE.work);
    did(gets_a_lease); printf("%c has a lease in epoch %d up to stamp %d\n", 65 + me, ME.own, MINE.lease);
    if
    :: WORKS(ME.own) -> check_lease()
    :: else
    fi;
    goal_lease()
}

/* Promises as the other voters do, up to the end of the lease. */
inline step_down() {
    ME.role = IDLE;
    ME.promise = (NO_MAJ_1_OWN || TIME_IS_OVER(me) -> 0 : ME.own);
    did(steps_down); printf("%c steps down from epoch %d\n", 65 + me, ME.own)
}

#define LESS_ONE(byte_) byte_ = (byte_ -> byte_ - 1 : 0)
#define AGE(e, v) LESS_ONE(epoch[e].accepted[v]);
#define END_PROMISE(e, v) \
    if \
    :: TIME_IS_OVER(v) -> node[v].promise = 0; node[v].abstains = 0 \
    :: else \
    fi;

/* The leader's clock has come to stamp 1 + D. */
#define AGES(e) \
    :: d_step { \
        epoch[e].leader == me && epoch[e].sent -> \
        age(e) \
    }
inline age(e) {
    LESS_ONE(epoch[e].sent);
    EACH_HOST(AGE, e)
    epoch[e].lease = (epoch[e].lease && !NO_MAJ_7 -> epoch[e].lease - 1 : epoch[e].lease);
    LESS_ONE(epoch[e].bare);
    epoch[e].work = (epoch[e].lease -> epoch[e].work : 0);
    EACH_HOST(END_PROMISE, e)
    tidy();
    did(time_passes); printf("the first stamp of epoch %d is over\n", e)
}

/* ------------------------------------------------------------------------------------------- MAJ-8, MAJ-9: let go early */

#define STOPS(e) \
    :: d_step { \
        epoch[e].leader == me && epoch[e].work && !LEADS_IN(e, me) -> \
        epoch[e].work = 0; \
        did(work_stops); printf("all work of epoch %d has stopped on %c\n", e, 65 + me) \
    }

#define MAY_RELEASE(e) \
    ((NO_MAJ_8_LEADER || !LEADS_IN(e, me)) && (NO_MAJ_8_LEADER || NO_MAJ_8_STOPPED || !epoch[e].work) && \
     (NO_MAJ_8_BARE || !epoch[e].bare))
#define RELEASE(e) \
    :: d_step { \
        epoch[e].leader == me && epoch[e].sent && !epoch[e].released && MAY_RELEASE(e) -> \
        release(e) \
    }
#define LET_GO_OF(e, v) \
    if \
    :: node[v].promise == e -> node[v].promise = 0 \
    :: else \
    fi;
#define FORGET(e, v) epoch[e].accepted[v] = 0;
inline release(e) {
    did(releases); printf("%c releases epoch %d\n", 65 + me, e);
#if GOAL == 2
    epoch[e].handed_over = epoch[e].lease > 0;
#endif
    EACH_HOST(LET_GO_OF, e)
    if
    :: !LEADS_IN(e, me) && !epoch[e].work && !epoch[e].bare ->
        epoch[e].lease = 0;
        epoch[e].sent = 0;
        EACH_HOST(FORGET, e)
        EACH_HOST(END_PROMISE, e)
    :: else
    fi;
    epoch[e].released = NO_MAJ_8_EPOCH || NO_MAJ_8_AGAIN || NO_MAJ_1_RELEASE
}

#define LET_GO(e) \
    :: d_step { \
        ((epoch[e].released && (NO_MAJ_8_EPOCH || NO_MAJ_1_RELEASE || (NO_MAJ_8_AGAIN && ME.promise == e))) || \
             (NO_MAJ_9 && ME.promise == e)) && \
            (ME.promise || (NO_MAJ_1_RELEASE && ME.abstains)) -> \
        let_go(e) \
    }
inline let_go(e) {
    ME.promise = 0;
    ME.abstains = (NO_MAJ_1_RELEASE -> 0 : ME.abstains);
    printf("%c lets go because of epoch %d\n", 65 + me, e)
}

#define AGAIN(e) \
    :: d_step { \
        NO_MAJ_8_AGAIN && epoch[e].leader == me && epoch[e].released && TOP(me) == e && !LEADS(me) -> \
        ME.role = LEADER; \
        printf("%c leads again in epoch %d\n", 65 + me, e) \
    }

/* ------------------------------------------------------------------------------------------------ STATE: restarts */

inline restart() {
    no_candidate();
    ME.promise = 0;
    ME.abstains = !NO_MAJ_1_ABSTAIN && (!NO_MAJ_1_P_MAX || ME.p_max) && !TIME_IS_OVER(me);
    if
    :: NO_STATE_VOTE -> ME.ve = 0; ME.bound = 0
    :: NO_STATE_TOKEN -> ME.own = 0
    :: else
    fi;
    did(restarts); printf("%c restarts\n", 65 + me)
}

inline lose() {
    no_candidate();
    ME.promise = 0;
    ME.abstains = 0;
    ME.p_max = 0;
    ME.own = 0;
    ME.ve = 0;
    ME.bound = 0;
    ME.version = (NO_START_1 -> ME.version : 0);
    ME.pin = 0;
    ME.lost = !NO_START_1;
    did(loses_its_state); printf("%c loses its state\n", 65 + me)
}

/* ------------------------------------------------------------------------------------------ MAJ-12..16: the roster */

#if ROSTER
#define MY_SEATS (roster[ME.version] | (ME.version == FIRST_ROSTER) * FIRST_SEATS)

inline stand_on_roster() {
    ME.asks = ME.version;
    ME.seats = MY_SEATS;
    stand()
}

inline stand_for_bootstrap(set) {
    ME.asks = 0;
    ME.seats = set;
    ME.pin = (NO_MAJ_12_PIN -> 0 : set);
    stand()
}

#define BOOTSTRAP(set) \
    :: d_step { \
        MY_TURN && MAY_STAND && ME.version == 0 && HAS(set, me) && (NO_MAJ_12_PIN || ME.pin == 0 || ME.pin == set) -> \
        stand_for_bootstrap(set) \
    }
#if FRESH && N != 3
#error "sets of three are listed here"
#elif APART
#define BOOTSTRAPS BOOTSTRAP(7) BOOTSTRAP(28)
#elif HOSTS == 3
#define BOOTSTRAPS BOOTSTRAP(7)
#elif HOSTS == 4
#define BOOTSTRAPS BOOTSTRAP(7) BOOTSTRAP(11) BOOTSTRAP(13) BOOTSTRAP(14)
#else
#define BOOTSTRAPS BOOTSTRAP(7) BOOTSTRAP(11) BOOTSTRAP(13) BOOTSTRAP(14) BOOTSTRAP(19) \
    BOOTSTRAP(21) BOOTSTRAP(22) BOOTSTRAP(25) BOOTSTRAP(26) BOOTSTRAP(28)
#endif

#define HELD_BY_QUORUM (COUNT(MINE.hold_newest & MY_SEATS) >= Q)
#define EPOCH_HELD_BY_QUORUM (COUNT(MINE.hold & MY_SEATS) >= Q)
/* Voters that stay, not only those that go, have promised for as long as the lease that was told. */
#define COVERS(seats_, v) (HAS(seats_, v) && v != me && MINE.accepted[v] >= MINE.lease)
#define COVERED_BY(seats_) (NO_MAJ_15_LEASE || SUM(COVERS, (seats_)) >= Q - 1)
#define MAY_CHANGE (ME.role == LEADER && MINE.lease && ME.version < ME.own * CHANGES + CHANGES - 1)

inline change(set) {
    roster[ME.version + 1] = set;
    ME.version++;
    MINE.hold_newest = ONE(me)
}

#define RETIRE(unused, x) \
    :: d_step { \
        MAY_CHANGE && x != me && IN_A_DUEL(x == 1) && HAS(MY_SEATS, x) && (NO_MAJ_14 || EPOCH_HELD_BY_QUORUM) -> \
        change(MY_SEATS & ~ONE(x)); \
        did(retires); printf("%c retires %c\n", 65 + me, 65 + x) \
    }
#define SEAT(unused, x) \
    :: d_step { \
        MAY_CHANGE && !node[x].lost && !HAS(MY_SEATS, x) && COUNT(MY_SEATS) < N && (NO_MAJ_15_HELD || HELD_BY_QUORUM) && \
            COVERED_BY(MY_SEATS) && IN_A_DUEL(x >= N) -> \
        change(MY_SEATS | ONE(x)); \
        did(gives_a_seat); printf("%c gives %c a seat\n", 65 + me, 65 + x) \
    }
#define REPLACE(y, x) \
    :: d_step { \
        NO_MAJ_15_STEP && MAY_CHANGE && x != me && y != me && HAS(MY_SEATS, x) && !HAS(MY_SEATS, y) && \
            EPOCH_HELD_BY_QUORUM && COVERED_BY(MY_SEATS & ~ONE(x)) -> \
        change((MY_SEATS & ~ONE(x)) | ONE(y)); \
        printf("%c replaces %c by %c\n", 65 + me, 65 + x, 65 + y) \
    }
#endif

/* -------------------------------------------------------------------------------------------------------- all that happens */

active [HOSTS] proctype host() {
    byte me = _pid;
    do
#if !ROSTER
    :: d_step { MY_TURN && MAY_STAND -> stand() }
#else
    :: d_step { MY_TURN && MAY_STAND && ME.version && (NO_MAJ_16 || HAS(MY_SEATS, me)) -> stand_on_roster() }
#endif
#if ROSTER && FRESH
    BOOTSTRAPS
#endif
    EACH_EPOCH(VOTES)
    :: d_step { ME.role == CANDIDATE && VOTES_GOT >= VOTES_NEEDED -> lead() }
    EACH_EPOCH(ACKS)
    EACH_EPOCH(LEADER_HEARD)
    :: d_step { LEADS(me) && MINE.sent < STAMPS -> MINE.sent++; did(sends_acks); printf("%c sends stamp %d\n", 65 + me, MINE.sent) }
    :: d_step { LEADS(me) && MINE.lease < MINE.sent && BACKED -> renew() }
    :: d_step { !DUEL && LEADS(me) -> step_down() }
    EACH_EPOCH(AGES)
    :: d_step { NO_MAJ_6_DRIFT && ME.promise -> ME.promise = 0; printf("the promise of %c is over\n", 65 + me) }
#if RELEASES
    EACH_EPOCH(STOPS)
    EACH_EPOCH(RELEASE)
    EACH_EPOCH(LET_GO)
    EACH_EPOCH(AGAIN)
#endif
#if BARE
    :: d_step { ME.role == LEADER && MINE.bare < MINE.lease -> MINE.bare = MINE.lease; did(tells_its_lease); printf("%c tells its lease\n", 65 + me) }
#endif
#if RESTARTS
    :: d_step { MY_TURN -> restart() }
#endif
#if LOSSES
    :: d_step { MY_TURN -> lose() }
#endif
#if ROSTER && SEATS
    EACH_HOST(RETIRE, 0)
    EACH_HOST(SEAT, 0)
    EACH_HOST(REPLACE, 3) /* by hosts that are spares to begin with */
    EACH_HOST(REPLACE, HOSTS - 1)
#endif
    od
}
