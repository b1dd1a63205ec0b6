#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# measure-network.sh - how long it takes until there is one leader again, when interfaces, families and channels come and go.
#
#     measure-network.sh [REPETITIONS] [NODES]      5 repetitions, and 50 nodes for the large cluster, if nothing is said
#
# Times are from CLOCK_MONOTONIC just before the cause to when the last of the hosts follows, as the daemons date it in
# `eldest watch --json`; "no change": all the time every host named the same leader, for three seconds after the cause. Build
# without sanitizers; keep the machine idle.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

say() {
    :
}

repetitions=${1:-5} nodes=${2:-50}

record() { # TITLE HOST...: the hosts have come to $leader
    local i last=0
    for i in "${@:2}"; do
        [ "${since[$i]}" -le "$last" ] || last=${since[$i]}
    done
    echo "$1	$(((last - moment) / 1000))" >>"$scratch/times"
}

# From the cause until those whom it concerns have lost their leader and all have one.
timed() { # TITLE "HOST..." "HOST..." COMMAND...: all, and whom it concerns
    local title=$1 all concerned i
    read -ra all <<<"$2"
    read -ra concerned <<<"$3"
    begin_watch "${all[@]}"
    until_leader "${all[@]}"
    stamp true
    "${@:4}"
    for i in "${concerned[@]}"; do
        view[$i]="nobody false"
    done
    until_leader "${all[@]}"
    record "$title" "${concerned[@]}"
    end_watch
}

unmoved() { # TITLE "HOST..." COMMAND...
    local hosts watching
    read -ra hosts <<<"$2"
    watch_for 3s "${hosts[@]}" &
    watching=$!
    "${@:3}"
    wait "$watching"
    expect_seen '([.[].leader.name] | unique | length) == 1' "${hosts[@]}"
    echo "$1	no change" >>"$scratch/times"
}

started() { # TITLE "HOST...": from the start of their daemons to one leader
    local hosts
    read -ra hosts <<<"$2"
    stamp true
    launch "${hosts[@]}"
    for i in "${hosts[@]}"; do
        wait_answer "$i"
    done
    begin_watch "${hosts[@]}"
    until_leader "${hosts[@]}"
    record "$1" "${hosts[@]}"
    end_watch
}

stop_all() { # HOST...
    local i
    for i; do
        end_both "$i"
    done
    forget "$@"
}

# ------------------------------------------------------------------------------------------------------------- the stories

two_ways() {
    started "cold start, two interfaces each" "1 2 3"
    unmoved "first way of the leader silent" "1 2 3" bridge -n sw link set dev "p$leader" state 0
    bridge -n sw link set dev "p$leader" state 3
    unmoved "second interface of the leader loses its carrier" "1 2 3" ip -n sw link set "q$leader" down
    ip -n sw link set "q$leader" up
    wait_until uses "$leader" eth0 eth1
    unmoved "interface deleted and made again, another one there" "1 2 3" remake 2
    stop_all 1 2 3
}

remake() { # HOST
    ip -n "h$1" link delete eth0
    connect "$1" eth0 "p$1" br0 "10.114.0.$1/24"
}

one_way() {
    local other
    start 4 5
    wait_leader 4 5
    wait_known 4 5
    other=$((9 - leader))
    timed "only interface of a follower deleted and made again" "4 5" "$other" remake "$other"
    unmoved "address of a follower changed" "4 5" readdress "$other"
    unmoved "IPv4 of a follower removed" "4 5" ip -n "h$other" addr del "10.114.0.1$other/24" dev eth0
    ip -n "h$other" addr flush dev eth0 scope global
    ip -n "h$other" addr add "10.114.0.$other/24" dev eth0
    stop_all 4 5
}

readdress() { # HOST
    on "$1" sysctl -qw net.ipv4.conf.all.promote_secondaries=1
    ip -n "h$1" addr add "10.114.0.1$1/24" dev eth0
    ip -n "h$1" addr add "2001:db8::$1/64" dev eth0 nodad
    ip -n "h$1" addr del "10.114.0.$1/24" dev eth0
}

channels() {
    local i rest=() hosts=(4 5 6)
    for i in "${hosts[@]}"; do
        no_multicast "$i"
    done
    started "cold start, multicast dead, by broadcast" "4 5 6"
    wait_known 4 5 6
    for i in "${hosts[@]}"; do
        [ "$i" = "$leader" ] || rest+=("$i")
    done
    begin_watch "${hosts[@]}"
    until_leader "${hosts[@]}"
    end_both "$leader"
    until_leader "${rest[@]}"
    record "leader killed with its sentinel, multicast dead" "${rest[@]}"
    end_watch
    start_missing 4 5 6
    mend
    stop_all 4 5 6
}

start_missing() { # HOST...
    local i
    for i; do
        [ -n "${pid[$i]:-}" ] || start "$i"
    done
    wait_leader "$@"
}

large() {
    local all i old rest=()
    mapfile -t all < <(seq "$nodes")
    started "$nodes nodes: cold start" "${all[*]}"
    wait_known "${all[@]}"
    old=$leader
    for i in "${all[@]}"; do
        [ "$i" = "$old" ] || rest+=("$i")
    done
    begin_watch "${all[@]}"
    until_leader "${all[@]}"
    end_both "$old"
    until_leader "${rest[@]}"
    record "$nodes nodes: leader killed with its sentinel" "${rest[@]}"
    end_watch
    start_missing "${all[@]}"
    stop_all "${all[@]}"
}

undisturbed
most=$((nodes > 6 ? nodes : 6))
lan "$most"
second_lan 1 2 3
auto
for ((turn = 1; turn <= repetitions; turn++)); do
    for story in two_ways one_way channels large; do
        $story
    done
done
awk -F '\t' '
    !($1 in count) { order[++titles] = $1 }
    { count[$1]++; all[$1] = all[$1] " " $2; unmoved[$1] += $2 == "no change" }
    END {
        for (i = 1; i <= titles; i++) {
            title = order[i]
            if (unmoved[title]) { printf "%-55s no change, %d times\n", title, count[title]; continue }
            n = split(all[title], us, " ")
            for (j = 2; j <= n; j++) for (k = j; k > 1 && us[k] + 0 < us[k - 1] + 0; k--) { t = us[k]; us[k] = us[k - 1]; us[k - 1] = t }
            printf "%-55s %8.1f ms (%.1f to %.1f), %d times\n", title, us[int((n + 1) / 2)] / 1000, us[1] / 1000, us[n] / 1000, n
        }
    }' "$scratch/times"
