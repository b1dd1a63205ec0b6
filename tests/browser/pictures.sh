#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# pictures.sh - makes the pictures of the README, doc/status.svg and doc/page.png, of a real cluster to which things happen
# for a minute: "make pictures".
# shellcheck source=tests/browser/lib.sh
. "${0%/*}/lib.sh"

readonly pictures=${1:?where to}
[ -n "$(fc-list :family=Inter)" ] || { echo "skipped: the pictures have the letters of fonts-inter"; exit 77; }

# Not by numbers, as tests know them.
leads() { # NAME HOST: as that one sees it
    [ "$(ask "$2" leader -f %n || :)" = "$1" ]
}

knows_loss() { # HOST
    ask "$1" status --json | jq -e 'all(.peers[] | select(.self | not); .loss != null and .rtt_us != null)' >/dev/null
}

lan 6
host=0
for name in ash birch cedar elm oak; do
    host=$((host + 1))
    named $host $name
done
configure 3 <<<'tags = rack=b4 role=db'
cluster forest 1 2 3 4 5
serve 3
for host in 1 2 3 4 5; do
    start $host
    wait_until leads ash $host
done
wait_known 1 2 3 4 5
browser_on 6
browse scheme light
visit 3

pause 14
kill9 1
wait_until leads birch 3
pause 12
start 1
wait_known 1 2 3 4 5
pause 4
ask 2 resign
wait_until leads cedar 3
pause 10
wait_known 1 2 3 4 5
wait_until knows_loss 3

/usr/bin/python3 "$browser_files/terminal.py" 'eldest status' "$builddir/eldest" -s "$scratch/h3/sock" status \
    >"$pictures/status.svg"
browse size 1120 806
browse value 'document.documentElement.style.fontFamily = "Inter"'
sees 'document.fonts.check("16px Inter")'
sees 'document.querySelectorAll("#members tbody tr").length === 5'
browse picture "$pictures/page.png"
no_complaints
