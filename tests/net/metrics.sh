#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What happens to a cluster can be read in the metrics afterwards: a leader doubted in error, one that dies, two that meet.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
for tool in curl python3; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done

readonly reader=${0%/*}/../cli/scrape.py

scrape() { # HOST: then $metrics is what it says, as JSON
    metrics=$(curl -sSf --max-time "$patience" --unix-socket "$scratch/h$1.http" http://node/metrics | python3 "$reader")
}

says() { # HOST FILTER: it holds for what the host says now
    scrape "$1"
    jq -e "def sum: add // 0; $2" <<<"$metrics" >/dev/null
}

expect_says() { # HOST FILTER
    says "$@" || fail "host $1 does not say that $2: $metrics"
}

undisturbed
lan 3
for i in 1 2 3; do
    configure $i <<END
[http]
listen = $scratch/h$i.http
END
done
start_in_turn 1 2 3
expect_says 1 '.eldest_leading[""] == 1 and .eldest_peer_last_seen_seconds != null'
expect_says 3 '(.eldest_leader_losses_total | sum) == 0'

# Nothing of the leader comes to host 3, which doubts it in error, and asks on: both ends see the losses.
block 1 3
wait_until stands 3 unreachable
wait_until says 3 '.eldest_peer_loss_ratio | length == 1 and all(. > 0.5)'
wait_until says 1 '.eldest_peer_loss_ratio | any(. > 0.5) and any(. < 0.5)'
expect_says 3 '.eldest_standing["standing=unreachable"] == 1 and .eldest_suspicions_wrong_total[""] >= 1'
expect_says 3 '(.eldest_leader_losses_total | sum) == 0 and .eldest_elections_total[""] == 0'
expect_says 3 '.eldest_tries_lost_total[""] > 0.5 * .eldest_tries_total[""] - 10'
mend
wait_until stands 3 following

# The leader dies. Host 2 has stood and won, host 3 has seen it.
kill9 1
wait_leader 2 3
expect_leader 2
expect_says 2 '.eldest_state_changes_total["state=leader"] == 1 and .eldest_elections_total[""] >= 1'
for i in 2 3; do
    expect_says $i '.eldest_leader_losses_total["reason=death"] == 1 and .eldest_leader_changes_total["reason=death"] == 1'
done

# Each leads its part, until they meet.
cut 2
wait_leader 3
heal 2
wait_leader 2 3
wait_known 2 3
other=$((5 - leader))
expect_says "$leader" '.eldest_leading[""] == 1 and .eldest_leader_changes_total["reason=merge"] >= 1'
expect_says "$other" '.eldest_leading[""] == 0 and .eldest_leader_losses_total["reason=merge"] == 1'
conflicts=0
for i in 2 3; do
    scrape $i
    conflicts=$((conflicts + $(jq '.eldest_conflicts_total[""]' <<<"$metrics")))
done
[ $conflicts -ge 1 ]
