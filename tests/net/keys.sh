#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A cluster with a key: who has not the same one is ignored and named, keys are changed while it runs, and nothing that
# somebody without a key sends, be it recorded or made up, changes anything. Without a key it does.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

type -P python3 >/dev/null || { echo "skipped: this test needs python3"; exit 77; }
"$builddir/eldest" keygen -o "$scratch/tried" >/dev/null
"$builddir/eldestd" --check -c <(printf '[cluster]\nkey_file = %s\n' "$scratch/tried") >"$scratch/told" 2>&1 ||
    ! grep -q libsodium "$scratch/told" || { echo "skipped: this test needs an eldestd with libsodium"; exit 77; }
attacker=${BASH_SOURCE[0]%/*}/attacker.py

count() { # HOST NAME: of a counter, as jq finds it
    ask "$1" counters --json | jq ".$2"
}

reaches() { # HOST NAME NUMBER
    [ "$(count "$1" "$2")" -ge "$3" ]
}

hear_more() { # HOST HEARTBEATS: so many come to it from now on
    local heard
    heard=$(count "$1" received.heartbeat)
    wait_until reaches "$1" received.heartbeat $((heard + $2))
}

change() { # HOST KEY: it alone is changed there, and the cluster goes on
    ask "$1" reload --json | jq -e --arg key "$2" '.changed == [$key]' >/dev/null
    hear_more 3 2
}

record() { # NAME: what passes the switch from now on
    : >"$scratch/recorded"
    nsenter --net=/run/netns/sw python3 "$attacker" record "$scratch/$1" >"$scratch/recorded" &
    recorder=$!
    wait_until test -e "$scratch/$1"
}

end_record() {
    kill $recorder
    wait_until test -s "$scratch/recorded"
    say "recorded $(cat "$scratch/recorded") frames"
}

nothing_happened() { # since the keys were changed for the first time
    expect_seen 'all(.[]; .event != "no-leader" and .event != "suspected" and .event != "conflict")' 1 2 3
    expect_leader 3
    expect_epoch "$epoch"
}

finds() { # HOST CODE=ADDRESS...: the doctor there
    local pair findings
    findings=$(ip netns exec "h$1" "$builddir/eldest" -s "$scratch/h$1/sock" doctor --json || [ $? = 6 ])
    for pair in "${@:2}"; do
        jq -e --arg code "${pair%=*}" --arg address "${pair#*=}" \
            '.findings | any(.code == $code and (tostring | contains($address)))' <<<"$findings" >/dev/null || return
    done
}

attack() { # WORD...: from host 6
    on 6 python3 "$attacker" "$@"
}

knows_tag() { # HOST KEY=VALUE: of whichever node
    ask "$1" peers | grep -qF -e "$2"
}

id_of() { # HOST
    ask "$1" status --json | jq -r .node.id
}

undisturbed # "suspected" is to mean that datagrams were missed
lan 6
for i in 1 2 3 4 5; do
    configure $i <<<$'[network]\nfamilies = ipv4\n[timing]\nalone = 1s' # all that the attacker hears
done

# ---- without a key: who can send can lead, or have it that nobody does

start_in_turn 1 2
record unkeyed
heard=$(count 2 received.leader)
wait_until reaches 2 received.leader $((heard + 2))
end_record
epoch=$(epoch_of 1)
attack forge "$scratch/unkeyed" eth0 farewell "$(id_of 1)" "$epoch" >/dev/null
has_changed() {
    [ "$(epoch_of 2)" -gt "$epoch" ]
}
wait_until has_changed
say "without a key a forged Farewell replaces the leader"
term 2 1
forget 1 2

# ---- with a key

give_key 1 2 3
record keyed
start_in_turn 1 2 3
[ "$(count 1 refused.wrong_mac)" = 0 ]
grep -q 'key 1' "$scratch/h1/log"
term 1                         # the recording has a leader that went, ...
wait_leader 2 3
kill9_main 2                   # ... one that died, ...
wait_leader 3
start 1 2                      # ... and both before they start again
wait_leader 1 2 3
expect_leader 3
end_record
wait_known 1 2 3
epoch=$(epoch_of 3)

# Host 4 has no key, host 5 another one. They lead themselves, and the others know why.
rm -f "$scratch/key5"
"$builddir/eldest" keygen -o "$scratch/key5" --id 1 >/dev/null
configure 5 <<<$'[cluster]\nkey_file = '"$scratch/key5"
start 4 5
wait_leader 4
wait_leader 5
for i in 1 2 3; do
    wait_until reaches $i refused.unkeyed 1
    wait_until reaches $i refused.wrong_mac 1
done
wait_until reaches 4 refused.keyed 1
wait_until reaches 5 refused.unkeyed 1
wait_until finds 1 no-key=10.114.0.4 other-key=10.114.0.5
wait_until finds 4 other-key=10.114.0.3
term 4 5
expect_members() {
    for i in 1 2 3; do
        [ "$(ask $i status --json | jq '.peers | length')" = 3 ] || return
    done
}
expect_members

# Keys are changed while all run: add the new one, use it, take the old one away. Nobody misses anything.
for i in 1 2 3; do
    ask $i watch --json >"$scratch/h$i/seen" &
    wait_until test -s "$scratch/h$i/seen"
done
"$builddir/eldest" keygen -o - --id 2 >"$scratch/new"
# That of host 2 has an access list for the user of the daemon, as a credential of systemd has: it is judged at each reload.
python3 - "$scratch/h2/key" <<'END' || say "no access lists here"
import os, struct, sys
entries = (1, 6, -1), (2, 4, os.geteuid()), (4, 0, -1), (16, 4, -1), (32, 0, -1)
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *e) for e in entries))
END
cp "$scratch/key" "$scratch/old"
for keys in "old new" "new old" new; do
    for i in 1 2 3; do
        # shellcheck disable=SC2086 # these are words
        (cd "$scratch" && cat $keys) >"$scratch/h$i/key"
        change $i cluster.key_file
    done
    say "keys: $keys"
done
nothing_happened
for i in 1 2 3; do
    [ "$(count $i refused.other_key)" = 0 ] || fail "host $i missed something"
done

# Encryption is turned on, and off again, one host after the other: nobody misses anything, and who looks on reads nothing.
record open
ask 1 tag secret=of-the-first >/dev/null
wait_until grep -qF of-the-first "$scratch/open"
end_record
for value in yes no yes; do
    for i in 1 2 3; do
        sed -i "/^encrypt = /d; s/^key_file = .*/&\nencrypt = $value/" "$scratch/h$i/conf"
        change $i cluster.encrypt
    done
    say "encrypt = $value"
done
record closed
ask 1 tag more=of-the-first >/dev/null
wait_until knows_tag 3 more=of-the-first
hear_more 3 4
end_record
[ "$(cat "$scratch/recorded")" -gt 4 ] || fail "nothing was recorded"
! grep -qF of-the-first "$scratch/closed" || fail "who looks on reads a tag"
nothing_happened

# All that was recorded, with the old key, which is back, and from before the starts of all three.
for i in 1 2 3; do
    (cd "$scratch" && cat new old) >"$scratch/h$i/key"
    ask $i reload >/dev/null
done
# A start that is known has said that already; an earlier one has to prove first that it is there.
refusals() { # HOST
    ask "$1" counters --json | jq -c '[.refused.replayed + .refused.repeated, .refused.unproven]'
}
replayed_in_vain() { # since $before
    local i
    attack replay "$scratch/keyed" eth0 10 >/dev/null
    for i in 1 2 3; do
        jq -e --argjson before "${before[i]}" '.[0] > $before[0] + 10 and .[1] > $before[1] + 10' <<<"$(refusals $i)" \
            >/dev/null || return
    done
}
before=()
for i in 1 2 3; do
    before[i]=$(refusals $i)
done
wait_until replayed_in_vain
attack flip "$scratch/keyed" eth0 >/dev/null
for kind in leader resign farewell suspect; do
    attack forge "$scratch/keyed" eth0 $kind "$(id_of 3)" "$epoch" >/dev/null
    attack forge "$scratch/keyed" eth0 $kind "$(id_of 1)" $((epoch + 9)) >/dev/null
done
for i in 1 2 3; do
    wait_until reaches $i refused.wrong_mac 100
done
hear_more 3 4
nothing_happened
expect_members

# Nobody who looks on learns the key.
! grep -rqF -f <(awk '{ print $2 }' "$scratch/old" "$scratch/new") "$scratch"/h*/log "$scratch"/h*/seen ||
    fail "a key is in a log"

# And the leader can still be replaced by who should.
kill9 3
wait_leader 1 2
