#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The example etc/examples/redis with three real servers: a client finds the master with `eldest leader`, and what WAIT 1
# has confirmed is there when the host of the master is dead. Host 4 is that client, and has no server.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
for tool in redis-server redis-cli; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done

readonly example=${abs_top_srcdir:-$builddir/../..}/etc/examples/redis
declare -A hooks=() server=()

# On each host "eldest" asks its own daemon.
furnish_client() { # HOST
    mkdir -p "$scratch/h$1/bin"
    cat >"$scratch/h$1/bin/eldest" <<END
#!/bin/sh
exec "$builddir/eldest" -s "$scratch/h$1/sock" "\$@"
END
    chmod +x "$scratch/h$1/bin/eldest"
}

server_on() { # HOST
    nsenter --net="/run/netns/h$1" -- redis-server "$example/redis.conf" --save '' --dir "$scratch/h$1" \
        >>"$scratch/h$1/redis" 2>&1 &
    server[$1]=$!
}

hooks_on() { # HOST
    mkdir -p "$scratch/h$1/hooks.d"
    cp "$example/50-redis" "$scratch/h$1/hooks.d"
    PATH=$scratch/h$1/bin:$PATH nsenter --net="/run/netns/h$1" -- "$scratch/h$1/bin/eldest" hooks "$scratch/h$1/hooks.d" \
        2>>"$scratch/h$1/log" &
    hooks[$1]=$!
}

# Whatever a client does, it does at the host that eldest names.
redis() { # COMMAND...
    local address
    address=$(ask 4 leader -f %a) || return
    timeout 2 nsenter --net=/run/netns/h4 -- redis-cli -h "$address" "$@" 2>/dev/null
}

# Stores it, and at least one replica has confirmed it. WAIT is for what its own connection has written.
store() { # KEY VALUE
    local answers
    answers=$(printf 'SET %s "%s"\nWAIT 1 1000\n' "$1" "$2" | redis) && [[ $answers =~ ^OK$'\n'[1-9]+$ ]]
}

holds() { # KEY VALUE
    [ "$(redis GET "$1")" = "$2" ]
}

role_on() { # HOST
    on "$1" redis-cli ROLE | head -n 1
}

# Writes one value after the other, in the background, and notes the confirmed ones.
write_on() { # NAME
    local i
    for ((i = 0; ; i++)); do
        ! store "$1$i" "of $1 $i" || echo "$1$i of $1 $i" >>"$scratch/confirmed"
    done
}

expect_all_confirmed() {
    local key value count=0
    while read -r key value; do
        holds "$key" "$value" || fail "$key was confirmed as \"$value\" and is \"$(redis GET "$key")\" now"
        count=$((count + 1))
    done <"$scratch/confirmed"
    say "all $count confirmed values are there"
}

lines() {
    wc -l <"$scratch/confirmed"
}

has_grown() { # FROM
    [ "$(lines)" -ge $(($1 + 5)) ]
}

# Host, server and hooks at one blow.
kill_host() { # HOST
    kill -KILL "${hooks[$1]}" "${server[$1]}"
    { wait "${hooks[$1]}" "${server[$1]}" || :; } 2>/dev/null
    kill9 "$1"
}

return_host() { # HOST: with nothing that it had
    server_on "$1"
    start "$1"
    hooks_on "$1"
}

is_replica() { # HOST: it receives what the leader writes
    [ "$(role_on "$1")" = slave ] && [ "$(on "$1" redis-cli INFO replication | grep -c '^master_link_status:up')" = 1 ]
}

lan 4
: >"$scratch/confirmed"
configure 4 <<'END'
[node]
eligible = no
END
for i in 1 2 3; do
    furnish_client "$i"
    server_on "$i"
done
start_in_turn 1 2 3 4
for i in 1 2 3; do
    hooks_on "$i"
done
wait_until store colour blue
for i in 2 3; do
    wait_until is_replica "$i"
done

# A client stores a value; the host that has it dies; the client reads it from the next one.
kill_host 1
wait_leader 2 3 4
wait_until holds colour blue
say "the value is at host $leader now"
return_host 1
wait_until is_replica 1

# While one writes, leaders resign and hosts die.
write_on a &
writer=$!
for what in resign kill; do
    wait_until has_grown "$(lines)"
    wait_leader 2 3
    if [ $what = resign ]; then
        ask "$leader" resign >/dev/null
    else
        victim=$leader
        kill_host "$victim"
    fi
    wait_until has_grown "$(lines)"
done
kill "$writer"
{ wait "$writer" || :; } 2>/dev/null
expect_all_confirmed
return_host "$victim"
wait_until is_replica "$victim"

# The next leader has missed what the other replica has confirmed: it takes it from there. In the second round it has missed
# that there was another master, too.
cut_off_from_servers() { # HOST
    on "$1" nft -f - <<'END'
table inet cut {
    chain in {
        type filter hook input priority 0;
        iifname eth0 tcp sport 6379 drop;
    }
}
END
}

next_leader() { # sets $next
    next=$(ask 4 status --json | jq -r '.next as $id | .peers[] | select(.id == $id).name')
    next=${next#h}
}

for round in late later; do
    wait_leader 1 2 3 4
    victim=$leader
    next_leader
    if [ $round = later ]; then
        victim=$next next=$((6 - leader - next))
    fi
    cut_off_from_servers "$next"
    [ "$victim" = "$leader" ] || ask "$leader" resign >/dev/null
    for i in $(seq 20); do
        wait_until store "$round$i" "$i"
        echo "$round$i $i" >>"$scratch/confirmed"
    done
    on "$next" redis-cli GET ${round}20 | grep -qx '' || fail "host $next has what it was cut off from"
    cut "$victim" # or its kernel would still send what the dead server has written
    kill_host "$victim"
    pause 3 # so long one does not answer that may have more
    on "$next" nft delete table inet cut
    wait_leader 4 "$next"
    [ "$leader" = "$next" ]
    wait_until holds ${round}20 20
    expect_all_confirmed
    heal "$victim"
    return_host "$victim"
    wait_until is_replica "$victim"
done
