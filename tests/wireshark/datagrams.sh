#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# datagrams.sh - the dissector of Wireshark shows every field of every message, plain, with a key, and as far as can be when
# encrypted; and refuses what eldestd refuses, for the same reason, without ever failing itself.
set -euo pipefail
export LC_ALL=C.UTF-8

: "${abs_top_srcdir:?make check sets it}" "${abs_top_builddir:?make check sets it}"
for tool in python3 tshark; do
    command -v $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-wireshark.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

write() { # WHAT
    "$abs_top_builddir/tests/wireshark/datagrams" "$1" "$scratch/$1.pcap" >"$scratch/$1.expected"
}

# Of what it says on standard error only the warning of root is expected. No preferences of the user count.
dissect() { # WHAT ARGUMENT...
    HOME=$scratch timeout 300 tshark -X "lua_script:$abs_top_srcdir/etc/wireshark/eldest.lua" -n -r "$scratch/$1.pcap" \
        "${@:2}" 2>"$scratch/errors" || fail "tshark ended with $?: $(cat "$scratch/errors")"
    ! grep -v '^Running as user "root"' "$scratch/errors" || fail "tshark complains"
}

write messages
dissect messages -T pdml | python3 "$abs_top_srcdir/tests/wireshark/compare.py" "$scratch/messages.expected" ||
    fail "this is not what the messages say"
echo "-- $(cut -f1 "$scratch/messages.expected" | sort -u | wc -l) datagrams, $(wc -l <"$scratch/messages.expected") fields"

# In two passes a question knows its answer. The members that a page tells of are known by name from then on.
told() { # FILTER FIELD VALUE: of the only such frame
    local seen
    seen=$(dissect messages -2 -Y "!eldest.copy_of && eldest.key_id == 0 && ($1)" -T fields -e "$2")
    [ "$seen" = "$3" ] || fail "$2 of $1 is $seen, not $3"
}
told 'eldest.type == "Heartbeat" && eldest.exchange == 1000' eldest.response_in 13
told 'eldest.type == "Ack" && eldest.exchange == 1000' eldest.response_to 9
told 'eldest.type == "Ack" && eldest.exchange == 1000' eldest.response_time 0.004000000
told 'eldest.type == "Vouch"' eldest.response_to 17
told 'eldest.verdict == "keep me"' eldest.response_to 22
told 'eldest.type == "PageReply" && eldest.index == 24' eldest.response_to 27
told 'eldest.type == "HandoverRequest"' eldest.sender.name beta
told 'eldest.type == "Resign" && eldest.released == 1' eldest.successor.name c

# What Lua complains of is shown in a frame of its own accord. What has lost its magic may look like QUIC, which from then
# on takes all between the same two ports.
write broken
dissect broken --disable-heuristic quic -T fields -e frame.number -e eldest.magic -e eldest.refused -e _ws.lua.error >"$scratch/seen"
awk -F'\t' '
    NR == FNR { magic[$1] = $2; refused[$1] = $3; next }
    { frames++ }
    $4 != "" || $2 != magic[$1] || (refused[$1] != "*" && $3 != refused[$1]) {
        print "frame " $1 ": " ($2 == "" ? "not shown" : "refused: " $3) " " $4 ", but src/wire says: " refused[$1]
        wrong++
    }
    END {
        print "-- " frames " broken datagrams"
        exit wrong > 0 || frames != FNR || frames < 10000
    }' "$scratch/broken.expected" "$scratch/seen" >"$scratch/differences" || { head -n 20 "$scratch/differences"; fail "see above"; }
tail -n 1 "$scratch/differences"
