#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The page is for everybody: with the keyboard, by a screen reader, on a phone, without scripts, and whatever the others call
# themselves.
# shellcheck source=tests/browser/lib.sh
. "${0%/*}/lib.sh"

# What would turn the line around becomes a question mark.
readonly evil=$'<img src="x" onerror=\'a()\'>&amp=<b>\u202eevil'
readonly longest=WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW

# A daemon that is no daemon of ours would call itself what it likes: this is ours with other letters for names.
start_evil() { # HOST
    LC_ALL=C perl -0777 -pe 's{ABCDEFGHIJKLM(?=NOPQRSTUVWXYZabc)}{<>"\x27&/()= \xe2\x80\xae}' "$builddir/eldestd" \
        >"$scratch/eldestd"
    chmod +x "$scratch/eldestd"
    mkdir -p "$scratch/h$1/state"
    nsenter --net="/run/netns/h$1" -- "$scratch/eldestd" -f -c "$scratch/h$1/conf" -i eth0 -S "$scratch/h$1/state" \
        -s "$scratch/h$1/sock" >"$scratch/h$1/log" 2>&1 &
    pid[$1]=$!
    wait_answer "$1"
}

heard() { # FILTER: for what a screen reader is told
    browse accessible
    jq -e "$1" <<<"$answered" >/dev/null || fail "not true of what a screen reader is told: $1: $answered"
}

# In the tree of a table that is one.
is_table() {
    heard 'any(.[]; .role == "table" and (.name | startswith("The leader, then in the order")))'
    heard '[.[] | select(.role == "columnheader") | .name] | .[:7] ==
        ["Name", "State", "Address", "Age", "Round trip", "Loss", "Last seen"]'
    heard 'any(.[]; .role == "rowheader" and (.name | startswith("h2 next")))'
}

visible_rows() { # LIST: how many of it are there to be seen
    says "[...document.querySelectorAll('#$1 tbody tr, #$1 li')].filter(row => row.checkVisibility()).length"
}

focus_is() { # SELECTOR
    shows "document.activeElement.matches('$1')"
    shows 'document.activeElement.matches(":focus-visible") && getComputedStyle(document.activeElement).outlineStyle !== "none"'
}

lan 14
named 3 "$evil"
named 4 "$longest"
configure 2 <<<'tags = rack=b4 role=db'
serve 1
start_in_turn 1 2
start_evil 3
start 4 5 6 7 8 9 10 11 12 13
wait_known 1 2 3 4 5 6 7 8 9 10 11 12 13
browser_on 14
visit 1
sees 'document.querySelectorAll("#members tbody tr").length === 13'

# Names are texts.
names=$(says '[...document.querySelectorAll("#members tbody bdi")].map(name => name.textContent)')
jq -e --arg evil "${evil/$'\u202e'/?}" --arg longest "$longest" 'index([$evil]) and index([$longest])' <<<"$names" >/dev/null ||
    fail "the names are $names"
shows 'document.querySelectorAll("script").length === 1 && !document.querySelector("main :is(img, b, script)")'
no_complaints

# A screen reader is told of all of it.
is_table
heard 'any(.[]; .role == "heading" and .name == "Leader h1")'
heard '[.[] | select(.role == "heading") | .name] | contains(["Time line", "13 members", "Leaderships", "Changes"])'
heard 'any(.[]; .role == "main") and any(.[]; .role == "banner") and any(.[]; .role == "contentinfo")'
heard 'any(.[]; .role == "navigation" and .name == "The same for programs")'
heard 'any(.[]; .role == "image" and (.name | endswith("h1 led")))'
heard 'any(.[]; .role == "searchbox" and .name == "Filter the members")'
heard 'all(.[]; .role | IN("button", "link", "radio", "searchbox", "table", "image", "region") | not) or
    all(.[] | select(.role | IN("button", "link", "radio", "searchbox", "table", "image", "region")); .name != "")'

# The keyboard is enough.
browse press TAB
focus_is .skip
browse press ENTER TAB
focus_is 'input[type=search]'
browse press h 7
sees 'document.querySelector(".search").innerText.startsWith("1 of 13")'
[ "$(visible_rows members)" = 1 ]
browse press BACKSPACE BACKSPACE
[ "$(visible_rows members)" = 13 ]
[ "$(visible_rows changes)" = 12 ]
browse press TAB
focus_is '#changes button'
browse press ENTER
[ "$(visible_rows changes)" -gt 12 ]

# A phone is wide enough.
readable
fits 360
browse size 360 740
is_table
browse size 1200 900

# Durations read as those of eldestd do.
durations=$(says '[0, 0.00041, 0.412, 0.9994, 1.249, 9.94, 9.95, 59.94, 59.96, 312, 3599, 3600, 11059, 86399, 273600]
    .map(duration).join(", ")')
[ "$durations" = '"0 ms, 0.41 ms, 412 ms, 999 ms, 1.2s, 9.9s, 10s, 59s, 1m, 5m 12s, 59m 59s, 1h, 3h 4m, 23h 59m, 3d 4h"' ] ||
    fail "durations read as $durations"

# However long ago the last change was, the time line begins with a stretch of time that shows it.
stretches=$(says '[1, 7.9, 8, 9.9, 10, 47, 50, 61, 1200, 1450, 9000, 20000]
    .map(minutes => choose([{ from: told_ms - minutes * minute_ms }]).name).join(", ")')
[ "$stretches" = '"10 min, 10 min, 10 min, 10 min, 10 min, 1 h, 1 h, 1 day, 1 day, 1 week, 1 week, all"' ] ||
    fail "the time line begins with $stretches"

# Without scripts everything is there, at once.
browse scripts off
visit 1
browse scripts on
shows '!document.querySelector("#lanes") && !window.duration'
shows 'document.querySelector("#who").innerText.endsWith("h1")'
shows 'document.querySelector("#feed a").innerText === "Reload"'
[ "$(visible_rows members)" = 13 ]
[ "$(visible_rows changes)" -gt 12 ]
is_table
fits 360
no_complaints
