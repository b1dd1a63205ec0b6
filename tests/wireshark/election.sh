#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# election.sh - what is caught of a real cluster, by its story: elected, killed, asleep, handed over, stopped. The
# dissector knows every datagram and node of it, and which Ack belongs to which Heartbeat.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/../net/lib.sh"

for tool in dumpcap tshark; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done

catch_on() { # HOST...: what it sends and receives from now on
    local i
    for i; do
        nsenter --net="/run/netns/h$i" -- dumpcap -q -i eth0 -w "$scratch/h$i/caught" 2>"$scratch/h$i/dumpcap.log" &
        catchers[$i]=$!
        wait_until [ -s "$scratch/h$i/caught" ]
    done
}

end_catch() {
    local i
    kill -s TERM "${catchers[@]}"
    for i in "${!catchers[@]}"; do
        wait "${catchers[$i]}" || fail "dumpcap on host $i: $(cat "$scratch/h$i/dumpcap.log")"
    done
}

# Not what ICMP has sent back.
dissect() { # HOST FIELD...: of each datagram that it caught, separated by tabs
    local field fields=()
    for field in "${@:2}"; do
        fields+=(-e "$field")
    done
    HOME=$scratch tshark -X "lua_script:${abs_top_srcdir:?}/etc/wireshark/eldest.lua" -n -2 -r "$scratch/h$1/caught" \
        -Y 'udp && !icmp && !icmpv6' -T fields "${fields[@]}" 2>"$scratch/tshark.log" || fail "tshark: $(cat "$scratch/tshark.log")"
    ! grep -v '^Running as user "root"' "$scratch/tshark.log" || fail "tshark complains"
}

declare -A catchers=()
lan 4
catch_on 2 4
start_in_turn 1 2 3 4
ask 4 peers >/dev/null
kill9_main 1 # its sentinel says so
wait_leader 2 3 4
start 1
wait_leader 1 2 3 4
wait_known 1 2 3 4
kill9 2 # nobody does
wait_leader 1 3 4
wait_known 1 3 4
nap 0.35 3 # then it asks all whether it still leads
wait_leader 1 3 4
wait_known 1 3 4
ask "$leader" resign
wait_leader 1 3 4
term 1 3 4
end_catch

dissect 4 frame.number frame.time_relative _ws.col.Info
for host in 2 4; do
    dissect $host frame.protocols eldest.refused _ws.malformed _ws.lua.error | sort -u >"$scratch/kinds"
    grep -vP ':udp:eldest\t\t\t$' "$scratch/kinds" && fail "this was not understood on host $host"

    dissect $host eldest.sender.name | sort -u | xargs >"$scratch/names"
    grep -qx "h1 h2 h3 h4" "$scratch/names" || fail "on host $host these are the names of all: $(cat "$scratch/names")"

    # 6 is Ack. Time is in seconds.
    dissect $host eldest.type eldest.response_time | awk '
        $1 == 6 { acks++ }
        $1 == 6 && $2 != "" && $2 >= 0 && $2 < 5 { answers++ }
        END { print "-- of " acks " Acks " answers " are known to be answers"; exit acks < 5 || answers != acks }' ||
        fail "what an Ack answers has to be known"
done

# Each kind of message that belongs to such a story.
dissect 4 _ws.col.Info | sed 's/.*: \([A-Za-z]*\) .*/\1/' | sort -u >"$scratch/told"
for message in Announce Election LeaderElected Leader Heartbeat Ack Suspect Resign Farewell Page PageReply; do
    grep -qx $message "$scratch/told" || fail "no $message was caught"
done
