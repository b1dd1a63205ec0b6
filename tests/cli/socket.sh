#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# socket.sh - the control socket: left over, taken, in the hands of a stopped daemon, and under fire.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

start alpha
[ "$(stat -c %a "$scratch/alpha/sock")" = 666 ] || fail "mode of the socket"

# What a dead daemon left behind is replaced.
end alpha KILL
[ -S "$scratch/alpha/sock" ] || fail "there should be a socket left over"
expect 4 ask alpha status
complains "$scratch/alpha/sock any more: it has died"
start alpha

# What a living one serves is not.
status=0
"$builddir/eldestd" -f -i lo -C "$cluster" -c "$scratch/alpha/conf" -S "$scratch/second" -s "$scratch/alpha/sock" \
    2>"$scratch/second.log" || status=$?
[ $status = 69 ] || fail "a second daemon ended with $status"
grep -qF "eldest --socket $scratch/alpha/sock status" "$scratch/second.log" || fail "it does not say how to see the first"
grep -qF "$scratch/alpha/sock" "$scratch/second.log" || fail "its message does not name the socket"
expect 0 ask alpha wait --timeout 30s

# A daemon that is stopped does not make its clients wait for ever.
kill -STOP "${pid[alpha]}"
expect 4 ask alpha is-leader
complains "does not answer"
expect 5 ask alpha wait --timeout 50ms
kill -CONT "${pid[alpha]}"
wait_until ask alpha is-leader

# A hundred clients that say nothing sensible and never read do not keep it from answering.
if command -v perl >/dev/null; then
    perl -MIO::Socket::UNIX -e '
        my @all;
        for my $i (1 .. 100) {
            my $client = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "connect: $!";
            $client->blocking(0);
            my $what = ("\0" x 5000, "{\"command\":\"status\"}\n" x 2000, "{\"command\":\"watch\"}\n", "[" x 20000)[$i % 4];
            $client->syswrite($what);
            push @all, $client;
        }
        print "ready\n";
        close STDOUT;
        sleep;' "$scratch/alpha/sock" >"$scratch/fire" &
    fire=$!
    wait_until test -s "$scratch/fire"
    for ((i = 0; i < 20; i++)); do
        expect 0 ask alpha is-leader
        expect 0 ask alpha status
    done
    kill $fire
    wait $fire 2>/dev/null || :
fi

end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
