#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# top.sh - the cluster on a whole terminal, which is one of tmux: what it shows, its keys, sizes, daemons that come and go,
# and that the terminal is as it was when it ends.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

eldest=$builddir/eldest
status=0
"$eldest" top </dev/null >"$scratch/output" 2>"$scratch/errors" || status=$?
! grep -q "without ncurses" "$scratch/errors" || skip "eldest was built without ncurses"

# Without a terminal, or as JSON, it is not to be had, and says what is.
[ $status = 69 ] || fail "without a terminal: status $status"
grep -q "eldest watch" "$scratch/errors" || fail "no way out is told: $(cat "$scratch/errors")"
expect 64 "$eldest" top --json
complains "watch --json"
expect 64 "$eldest" top more

# shellcheck source=tests/cli/terminal.sh
. "${0%/*}/terminal.sh"

# A shell that says afterwards how it went.
cat >"$scratch/session" <<'END'
stty -a >"$1.before"
echo "what was there"
shift_to=$1
shift
"$@"
echo "ended with $?"
stty -a >"$shift_to.after"
read -r _
END
open_session() { # NAME SIZE COMMAND...
    open_terminal "$1" "$2" "$BASH" "$scratch/session" "$scratch/$1" "${@:3}"
}
has_ended() { # NAME STATUS: and left the terminal as it was
    wait_until shows "$1" "^ended with $2\$"
    wait_until test -s "$scratch/$1.after"
    shows "$1" "^what was there\$" || fail "$1: the screen of before is gone: $(screen "$1")"
    [ "$(terminals display-message -p -t "$1" '#{alternate_on} #{cursor_flag}')" = "0 1" ] || fail "$1: not as it was"
    diff "$scratch/$1.before" "$scratch/$1.after" || fail "$1: stty says something else"
}
process_of() { # NAME
    pgrep -P "$(terminals display-message -p -t "$1" '#{pane_pid}')" -f eldest
}

# Nobody is there, at the start.
open_session nobody 80x24 "$eldest" -s "$scratch/nobody" top
wait_until shows nobody "^ended with 4\$"
open_session unknown 80x24 env TERM=no-such-terminal "$eldest" -s "$scratch/nobody" top
wait_until shows unknown "^ended with 4\$"

start alpha beta
find_leader alpha beta
first=$leader second=$other
top=("$eldest" -s "$scratch/$second/sock" top)
open_session a 100x30 "${top[@]}"
open_session plain 100x30 env NO_COLOR=1 "${top[@]}"
open_session dumb 80x24 env TERM=dumb "${top[@]}"
for name in a plain; do
    wait_until shows $name "^Leader +$first \(127\.0\.0\.1\), epoch 1, for "
    wait_until shows $name "^\*  $first +leader  127\.0\.0\.1 .* ago\$"
    wait_until shows $name "^   $second +idle .*  this node, next\$"
    wait_until shows $name "seen from $second "
done
wait_until shows dumb "^ended with 69\$"
shows dumb "TERM=dumb"

# A change is there when it happens, with its story.
expect 0 ask "$first" resign
wait_until shows a "^Leader +$second \(127\.0\.0\.1\), this node, epoch 2, for "
wait_until shows a "!  no leader: $first has handed over\$"
wait_until shows a "\*  this node, $second \(127\.0\.0\.1\), leads now, epoch 2; no leader for "
wait_until shows a "^\*  $second +leader"

# Help, and any size.
press a h
wait_until shows a "Any key leads back"
press a x
wait_until lacks a "Any key leads back"
resize a 40x10
wait_until shows a "^ q quit  h help\$"
shows a "^Leader +$second" || fail "no leader on a small screen: $(screen a)"
resize a 12x2
wait_until shows a "^Leader   ${second:0:3}\$"
resize a 200x60
wait_until shows a "^ q quit  h help  s order: seniority"
shows a "this node, $second .* leads now" || fail "no changes on a large screen: $(screen a)"

# The picture can be kept; what happens meanwhile is seen afterwards.
press a p
wait_until shows a "paused, p goes on"
end "$second" KILL
wait_until shows a "eldestd does not answer"
wait_until shows a "^Leader +not known here"
lacks a "does not answer any more\$" || fail "what is frozen has changed: $(screen a)"
start "$second"
wait_until lacks a "not known here"
press a p
wait_until shows a "!  eldestd does not answer any more\$"
wait_until shows a "^Leader +$first .*epoch 3"

# It ends by keys and by signals.
resize a 100x30
press a q
has_ended a 0
kill -TERM "$(process_of plain)"
has_ended plain 143
colours() { # NAME
    grep -aoE $'\e\\[[0-9;]*m' "$scratch/$1.raw" | grep -qE '[[;](3|4|9|10)[0-7][;m]'
}
colours a || fail "no colours"
! colours plain || fail "colours with NO_COLOR"

# Sixty members, among them some with names that are wide, combined and wicked.
perl -CO -e '
    my @names = map { sprintf("web%02d", $_) } (0 .. 59);
    @names[3 .. 5] = ("\x{6771}\x{4eac}", "zo\x{308}e", "e\x{202e}vil");
    my @peers = map { sprintf(q({"id":"%032d","name":"%s","address":"192.0.2.%d","state":"%s","age":%d.5,"rtt_us":%d,) .
        q("last_seen_ms":%d,"self":%s,"loss":0.25}), $_, $names[$_], $_, $_ ? "idle" : "leader", 6000 - $_, 300 + $_, $_,
        $_ == 1 ? "true" : "false") } (0 .. 59);
    print q({"event":"snapshot","time":"2026-11-23T09:12:44.517Z","mono_ns":1,"cluster":"default","epoch":7,"state":"idle",),
        q("node":{"id":"1","name":"web01","state":"idle","standing":"following","age":5.5},"members":60,"next":"",),
        q("leader":{"id":"0","name":"web00","address":"192.0.2.0","self":false,"since":6000},"peers":[), join(",", @peers),
        "]}\n"' >"$scratch/sixty"
answer_with many <"$scratch/sixty"
open_session b 100x24 "$eldest" -s "$scratch/many/sock" top
wait_until shows b "1-14 of 60\$"
shows b "^\*  web00 +leader  192\.0\.2\.0 +1h 40m +0\.30 ms +25% +0 ms ago\$" || fail "no columns: $(screen b)"
shows b "^   e\?vil +idle    192\.0\.2\.5 " || fail "a name turns the line around: $(screen b)"
shows b $'^   \xe6\x9d\xb1\xe4\xba\xac   idle    192\\.0\\.2\\.3 ' || fail "no wide name: $(screen b)"
press b Down
wait_until shows b "2-15 of 60\$"
press b j NPage
wait_until shows b "17-30 of 60\$"
press b End
wait_until shows b "47-60 of 60\$"
shows b "^   web59 " || fail "the last one is not there: $(screen b)"
press b k PPage
wait_until shows b "32-45 of 60\$"
press b Home s s
wait_until shows b "order: round trip"
wait_until shows b "^   web59 "
press b C-c
has_ended b 0
open_session c 100x24 "$eldest" -s "$scratch/many/sock" top
wait_until shows c "1-14 of 60\$"
press c Escape
has_ended c 0

# When its terminal goes away, it does not stay.
open_session d 100x24 "$eldest" -s "$scratch/many/sock" top
wait_until shows d "1-14 of 60\$"
process=$(process_of d)
is_gone() {
    ! kill -0 "$process" 2>/dev/null
}
! is_gone || fail "no process"
close_terminal d
wait_until is_gone
