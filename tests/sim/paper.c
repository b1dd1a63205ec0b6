/* SPDX-License-Identifier: ISC
 *
 * paper.c - see paper.h. Which papers there are.
 */
#include "paper.h"

#include "base/util.h"

static const struct paper papers[] = {
    { "the leader goes", 6, 2, paper_leader_goes },
    { "the leader and the next one go", 2, 3, paper_leader_and_next_go },
    { "the leader goes, without multicast", 1, 2, paper_leader_goes_without_multicast },
    { "the leader goes while another one sleeps", 2, 3, paper_leader_goes_another_sleeps },
    { "the leader restarts", 1, 2, paper_leader_returns },
    { "the leader goes in losses", 1, 2, paper_leader_goes_in_losses },
    { "the leader stays", 6, 2, paper_leader_stays },
    { "nobody to resign to", 1, 2, paper_nobody_to_resign_to },
    { "nothing happens", 2, 2, paper_nothing },
    { "two parts meet", 3, 2, paper_halves },
    { "one of two leaders dies", 2, 2, paper_one_of_two_dies },
    { "two islands meet", 2, 2, paper_islands },
    { "all start", 3, 1, paper_cold_start },
    { "a node comes", 1, 2, paper_newcomer },
    { "a node preempts", 1, 2, paper_preempt },
    { "an election in the dark", 1, 2, paper_dark_election },
    { "the winner dies", 1, 2, paper_winner_dies },
    { "the founder dies", 1, 2, paper_founder_dies },
    { "a handover meets trouble", 5, 2, paper_handover },
    { "a straggler", 3, 3, paper_straggler },
    { "asleep in doubt", 2, 2, paper_sleep_in_doubt },
    { "asleep in search", 1, 2, paper_sleep_in_search },
    { "cut off for a moment", 1, 3, paper_isolated },
    { "a deaf leader", 2, 3, paper_deaf_leader },
    { "a mute leader", 1, 2, paper_mute_leader },
    { "losses", 1, 2, paper_losses },
    { "a wrong epoch", 1, 2, paper_wrong_epoch },
    { "a late link", 1, 3, paper_late_link },
    { "a lost state", 1, 2, paper_lost_state },
    { "the leader sleeps twice", 1, 2, paper_leader_sleeps_twice },
    { "a refusal", 1, 2, paper_refusal },
    { "a node flaps", 2, 2, paper_flapping },
    { "a leader dozes", 1, 3, paper_dozing },
    { "a slow leader of many", 6, 30, paper_probes },
    { "two parts meet one way", 1, 4, paper_one_way },
    { "strangers are reported", 1, 3, paper_strangers },
    { "the other leader dies", 1, 2, paper_other_dies },
    { "a mute follower", 1, 2, paper_mute_follower },
    { "an unreachable leader", 1, 3, paper_unreachable },
    { "a stray", 1, 3, paper_stray },
    { "two join two", 2, 4, paper_two_of_four },
    { "a young leader dies", 1, 3, paper_young_leader },
    { "a copy of the next one", 1, 3, paper_copy_of_heir },
    { "asleep in line", 1, 5, paper_sleep_in_hold },
    { "dark for a moment", 1, 10, paper_dark_moment },
    { "another LAN", 1, 2, paper_other_lan },
    { "a word of old", 2, 3, paper_word_of_old },
};

static const struct paper papers_of_majorities[] = {
    { "the leader dies", 4, 2, paper_votes_leader_dies },
    { "parts", 4, 2, paper_votes_parts },
    { "a handover", 3, 2, paper_votes_handover },
    { "a farewell", 1, 2, paper_votes_farewell },
    { "a follower restarts", 2, 2, paper_votes_follower_restarts },
    { "all restart", 1, 1, paper_votes_all_restart },
    { "a seat goes", 2, 2, paper_votes_seat_goes },
};

static const struct paper *draw(const struct paper *list, size_t count, uint32_t nodes, struct rng *rng) {
    unsigned weights = 0, drawn;
    size_t i = 0;

    for (size_t k = 0; k < count; k++)
        weights += list[k].nodes_min <= nodes ? list[k].weight : 0;
    drawn = (unsigned)rng_between(rng, 0, weights - 1);
    for (; list[i].nodes_min > nodes || drawn >= list[i].weight; i++)
        drawn -= list[i].nodes_min <= nodes ? list[i].weight : 0;
    return &list[i];
}

const struct paper *paper_draw(const struct world *world, struct rng *rng) {
    if (world->config.expect > 0)
        return draw(papers_of_majorities, ARRAY_SIZE(papers_of_majorities), world->config.nodes, rng);
    return draw(papers, ARRAY_SIZE(papers), world->config.nodes, rng);
}
