#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What is wrong with the network of a host is found by `eldest doctor` on it, or from another one, each under its code; and a
# cluster that is well is called so.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# The kernel's tables are those of the namespace, so the doctor has to be there, with its /sys.
doctor() { # HOST [OPTION...]: sets $report; and $status, if it is not 0
    status=0
    report=$(ip netns exec "h$1" "$builddir/eldest" -s "$scratch/h$1/sock" doctor --json "${@:2}" 2>"$scratch/complaint") ||
        status=$?
}

# Notes are no findings.
codes() {
    jq -r '[.findings[] | select(.severity != "note").code] | unique | join(" ")' <<<"$report"
}

finds() { # HOST CODE: and nothing before it has been so for long
    doctor "$1"
    [ "$status" = 6 ] && [[ " $(codes) " == *" $2 "* ]]
}

finds_nothing() { # HOST
    doctor "$1"
    [ "$status" = 0 ] && [ -z "$(codes)" ]
}

expect_report() { # FILTER
    jq -e "$1" >/dev/null <<<"$report" || fail "of the report this is not true: $1: $report"
}

on_filter() { # HOST RULE...: of the chain that drops nothing by itself
    on "$1" nft -f - <<END
table inet filter {
    chain input {
        type filter hook input priority 0; policy ${policy:-accept};
        $(printf '%s\n' "${@:2}")
    }
}
END
}

lan 7
start_in_turn 1 2

say "all is well"
for i in 1 2; do
    wait_until finds_nothing $i
    expect_report '.reached and .cluster == "default" and (.peers | length) == 1'
    expect_report '.interfaces[] | select(.name == "eth0") | .used and .ipv4.joined'
    expect_report '.checked | index("firewall rules of nft") and index("multicast groups joined in the kernel")'
    expect_report '.not_checked | all(.what != "" and .why != "")'
done
expect_report '[.peers[0].paths[] | select(.group_ms != null)] | length > 0'
ip netns exec h2 "$builddir/eldest" -s "$scratch/h2/sock" doctor >"$scratch/text"
grep -q '^h1 .*10\.114\.0\.1' "$scratch/text" || fail "the leader is not shown: $(cat "$scratch/text")"

say "a rule drops the group"
on_filter 2 'ip daddr 224.0.0.254 udp dport 29417 drop' 'ip6 daddr ff02::/16 udp dport 29000-29999 drop'
wait_until finds 2 firewall
expect_report '.findings[] | select(.code == "firewall") |
    .interface == "eth0" and (.do | contains("nft insert rule inet filter input")) and
    (.shows | contains("224.0.0.254") and contains("ff02::114"))'
wait_until finds 2 multicast-dead
on 2 nft delete table inet filter
wait_until finds_nothing 2

say "a policy drops what nobody let in; what lets the ports in is the cure"
policy=drop on_filter 2 'ct state established,related accept' 'iif lo accept' 'tcp dport 22 accept'
wait_until finds 2 firewall
cure=$(jq -r '.findings[] | select(.code == "firewall").do | match("nft insert rule [^,]*").string' <<<"$report" | head -n 1)
# shellcheck disable=SC2086 # it is a command
on 2 $cure
wait_until finds_nothing 2
on 2 nft delete table inet filter

say "a leader whose own multicast does not come back"
on_filter 1 'udp dport 29417 drop'
wait_until finds 1 no-echo
expect_report '.findings | any(.code == "firewall")'
on 1 nft delete table inet filter
wait_until finds_nothing 1

say "the daemon is not there"
doctor 3
[ "$status" = 4 ] || fail "without a daemon the status is $status"
expect_report '(.reached | not) and any(.findings[]; .code == "no-daemon")'
expect_report '.checked | index("firewall rules of nft")'
grep -q "$scratch/h3/sock" "$scratch/complaint" || fail "it was not said who does not answer"

say "another cluster is heard; alone, that may be the reason"
cluster two 3
start 3
wait_leader 3
wait_until finds 3 alone
expect_report 'any(.findings[]; .code == "other-cluster" and (.shows | contains("cluster default: ")))'
wait_until finds_nothing 1
expect_report 'any(.findings[]; .code == "other-cluster" and .severity == "note" and .peer != null)'
term 3

say "a host was copied, with its identity"
mkdir -p "$scratch/h4"
cp -r "$scratch/h2/state" "$scratch/h4/state"
start 4
wait_until finds 2 clone
wait_until finds 4 clone
expect_report 'any(.findings[]; .code == "clone" and .peer != null)'
wait_leader 1 2 4
term 4

say "no interface can be used"
ip -n h5 link set eth0 down
start 5
wait_until finds 5 no-interface
expect_report '.findings[] | select(.code == "no-interface") | .shows | contains("eth0 is down")'
term 5

# A bridge in the place of eth0, for a group that a snooping switch does not pass on by itself.
say "a bridge snoops and nobody asks for members"
forget 5
ip -n h5 -batch - <<END
link set eth0 name port0
link add eth0 type bridge mcast_snooping 1 mcast_querier 0
link set port0 master eth0 up
addr add 10.114.0.5/24 dev eth0
link set eth0 up
END
configure 5 <<END
[network]
group4 = 239.1.14.1
END
start 5
wait_until finds 5 snooping
expect_report '.findings[] | select(.code == "snooping") | .shows | contains("239.1.14.1")'
ip -n h5 link set eth0 type bridge mcast_querier 1
doctor 5
[[ " $(codes) " != *" snooping "* ]] || fail "a querier is not seen: $report"
term 5

say "hosts that speak different families cannot meet"
for i in 6:ipv4 7:ipv6; do
    cluster three "${i%:*}"
    configure "${i%:*}" <<END
[network]
families = ${i#*:}
END
done
start 6 7
wait_leader 6
wait_leader 7
for i in 6 7; do
    wait_until finds $i cannot-meet
    expect_report 'any(.findings[]; .code == "one-family" and .severity == "warning")'
done
