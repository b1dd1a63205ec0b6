#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# watch.sh - the time line of a cluster: one story on a terminal, in a pipe and without colours.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "${0%/*}/terminal.sh"

start alpha beta gamma
find_leader alpha beta gamma
first=$leader
in_order() {
    read -r second third <<<"$(ask "$first" status --json | jq -r '.peers[1:] | map(.name) | join(" ")')" && [ -n "$third" ]
}
wait_until in_order

watch=("$builddir/eldest" -s "$scratch/$third/sock" watch)
{ ask "$third" watch 2>/dev/null | tee "$scratch/pipe" >/dev/null; } &
open_terminal colour 120x24 "${watch[@]}"
open_terminal plain 120x24 env NO_COLOR=1 "${watch[@]}"
open_terminal narrow 60x24 "${watch[@]}"
# Without what a terminal gets.
bare() { # FILE
    sed -E 's/\x1b\[[0-9;]*m//g; s/\r//' "$1"
}

begun() { # FILE
    grep -q "$first (127.0.0.1) leads, epoch 1; this node is idle" "$1" 2>/dev/null
}
wait_until begun "$scratch/pipe"
wait_until begun "$scratch/colour.raw"
wait_until begun "$scratch/plain.raw"
wait_until shows narrow 'epoch 1;$'

# One leader hands over, the next one dies. Each line is there as soon as it happens.
expect 0 ask "$first" resign
told_of_resign() { # FILE
    bare "$1" | grep -E -A2 "\+[0-9.]+ ?m?s  !  no leader: $first has handed over" |
        grep -qE "\*  $second \(127\.0\.0\.1\) leads now, epoch 2; no leader for [0-9.]+ ?m?s"
}
for file in pipe colour.raw plain.raw; do
    wait_until told_of_resign "$scratch/$file"
done
end "$second" KILL
told_of_death() { # FILE
    bare "$1" | grep -A2 "!  no leader: eldestd of $second has died" |
        grep -qE "\*  .* leads now, epoch 3; no leader for [0-9.]+ ?m?s"
}
for file in pipe colour.raw plain.raw; do
    wait_until told_of_death "$scratch/$file"
done

# Columns, and nothing but them in a pipe.
columns='^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}  ( {8}| *\+[0-9.]+ ?m?s)  [*?!+ -]  [^ ].*[^ ]$'
! grep -vE "$columns" "$scratch/pipe" || fail "a line that is none"
! grep -vE '^.{12}  .{8}  .  [^ ]' "$scratch/pipe" || fail "a line that is not in columns"

# The terminal has the same text in colours, but none with NO_COLOR; a narrow one has its lines broken below the text.
words() { # FILE
    bare "$scratch/$1" | cut -c 24- | head -n 5
}
grep -q $'\e\[1;32m' "$scratch/colour.raw" || fail "no colours on a terminal"
! grep -q $'\e\[' "$scratch/plain.raw" || fail "colours with NO_COLOR: $(cat -v "$scratch/plain.raw")"
[ "$(words pipe | wc -l)" = 5 ]
for file in colour.raw plain.raw; do
    diff <(words pipe) <(words $file) || fail "$file tells another story"
done
shows narrow '^ {27}this node is idle$' || fail "not broken below the text: $(screen narrow)"

# As JSON, it is one object for each change, as ever, even on a terminal.
open_terminal json 200x24 "${watch[@]}" --json --for 100ms
ends() {
    ! terminals has-session -t "$1" 2>/dev/null
}
wait_until ends json
jq -e '.event == "snapshot"' "$scratch/json.raw" >/dev/null || fail "no JSON: $(cat -v "$scratch/json.raw")"
