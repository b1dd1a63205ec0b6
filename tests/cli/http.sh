#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# http.sh - what a node tells by HTTP: at every path, in each state, in every way of asking, and as a stream of events.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v curl >/dev/null || skip "this test needs curl"
readonly url=http://127.0.0.1:$port socket=$scratch/http.sock
code='' headers='' stream=''

get() { # PATH [OPTION OF CURL...]: then $code, $output and $headers
    code=$(curl -sS --max-time $patience -o "$scratch/body" -D "$scratch/headers" -w '%{http_code}' "${@:2}" "$url$1")
    output=$(cat "$scratch/body" 2>/dev/null) || output=''
    rm -f "$scratch/body"
    headers=$(tr -d '\r' <"$scratch/headers")
}

answers() { # CODE PATH [OPTION OF CURL...]
    get "${@:2}"
    [ "$code" = "$1" ] || fail "$code, not $1, at ${*:2}: $output"
}

has_field() { # NAME: VALUE
    grep -qixF "$1" <<<"$headers" || fail "no \"$1\" in: $headers"
}

# Bytes as they are, on a connection that is closed on this side after them; then $output is all that came.
raw() { # BYTES, with escapes as in Perl
    output=$(perl -MIO::Socket::INET -e '
        my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]") or die $!;
        print $socket eval "\"$ARGV[1]\"";
        $socket->flush;
        shutdown($socket, 1);
        print <$socket>' "$port" "$1" | tr -d '\r')
}

raw_answers() { # CODE BYTES
    raw "$2"
    [[ $output == "HTTP/1.1 $1 "* ]] || fail "not $1 to $2: $output"
}

configured "[http]"
configured "listen = 127.0.0.1:$port, [::1]:$port $socket"
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# A node that leads.
answers 200 /leader
is .leader.self true
is .leader.name alpha
has_field "Content-Type: application/json"
answers 503 /follower
is .leader.self true
answers 200 /ready
answers 200 /health
is .cluster "$cluster"
is '.uptime | type' number
answers 200 /status
is '.peers | length' 1
is .leader.self true
answers 200 /history
is '.history[-1].leader.self' true
answers 200 /
grep -qix 'content-type: text/html; charset=utf-8' <<<"$headers"
grep -qix "content-security-policy: default-src 'none';.*" <<<"$headers"
has '<bdi>alpha</bdi>'
answers 200 /page.css
grep -qix 'content-type: text/css; charset=utf-8' <<<"$headers"
answers 200 /page.js
grep -qix 'content-type: text/javascript; charset=utf-8' <<<"$headers"
answers 200 /icon.svg
grep -qix 'content-type: image/svg+xml' <<<"$headers"
answers 404 /nothing
has /leader
answers 404 /leader/
answers 404 '/%6ceader'

# Every way of asking has the same status, and one that only asks has no body.
for path in /leader /follower /ready /health /status /history /events /nothing; do
    status=200
    case $path in /follower) status=503 ;; /nothing) status=404 ;; esac
    answers $status $path --head
    has_field "Cache-Control: no-store"
    has_field "X-Content-Type-Options: nosniff"
    has_field "Cross-Origin-Resource-Policy: same-origin"
    grep -qiE "^Content-Security-Policy: default-src 'none';.*frame-ancestors 'none'" <<<"$headers"
    answers $status $path -X OPTIONS
    has_field "Allow: GET, HEAD, OPTIONS"
    has_field "Content-Length: 0"
    [ $path != /nothing ] || continue
    for method in POST PUT DELETE CONNECT BREW; do
        answers 405 $path -X $method --data nonsense
        has_field "Allow: GET, HEAD, OPTIONS"
    done
done
answers 200 /leader
length=$(tr -cd '0-9' <<<"$(grep -i '^content-length:' <<<"$headers")")
[ "$length" = $((${#output} + 1)) ] || fail "a body of $((${#output} + 1)) bytes has length $length"

# Forms of a request.
answers 200 '/leader?check=1'
answers 200 /leader --http1.0
has_field "Connection: close"
answers 200 /leader --proxy "$url"
[ ! -e /proc/net/if_inet6 ] || expect 0 curl -sSf "http://[::1]:$port/leader"
answers 200 /leader --unix-socket "$socket"
[ "$(stat -c %a "$socket")" = 666 ] || fail "the socket is not for everybody"
output=$(curl -sS -o "$scratch/body" -w '%{num_connects} ' "$url/leader" "$url/health" "$url/nothing" -o /dev/null -o /dev/null)
[ "$output" = "1 0 0 " ] || fail "one connection is not enough for three requests: $output"
raw_answers 200 'GET /leader HTTP/1.1\r\nHost: a\r\n\r\n'
raw_answers 200 'GET /leader HTTP/1.0\n\n'
raw_answers 200 '\r\n\nGET HTTP://example.com/leader HTTP/1.1\r\nhOST:\r\n\r\n'
raw 'HEAD /leader HTTP/1.1\r\nHost: a\r\n\r\nHEAD /follower HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n'
[ "$(grep -o '^HTTP/1.1 ...' <<<"$output" | tr '\n' ' ')" = "HTTP/1.1 200 HTTP/1.1 503 HTTP/1.1 404 " ] ||
    fail "three requests at once have these answers: $output"
[[ $output != *'"leader"'* ]] || fail "HEAD has a body: $output"
raw_answers 400 'GET /leader HTTP/1.1\r\n\r\n'
raw_answers 400 'GET /leader\r\n\r\n'
raw_answers 400 'GET /leader HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n'
raw_answers 400 '\026\003\001\002\n\n'
raw_answers 505 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
answers 431 /leader -H "X: $(head -c 9000 /dev/zero | tr '\0' x)"

# Events: how things stand, then what changes; and for who comes back, what changed meanwhile.
follow() { # [OPTION OF CURL...]: in the background, into $scratch/events
    : >"$scratch/events"
    curl -sSN "$@" "$url/events" >"$scratch/events" &
    stream=$!
}

events() { # the data of all that have come, as a list; the last may not be complete
    awk '/^data: / { data = substr($0, 7) } /^$/ && data { print data; data = "" }' "$scratch/events" | jq -cs .
}

came() { # FILTER: that is true of the list
    [ "$(events | jq "$1")" = true ]
}

leave() {
    kill "$stream"
    wait "$stream" 2>/dev/null || :
    last=$(sed -n 's/^id: //p' "$scratch/events" | tail -n 1)
}

follow
wait_until came '.[0].event == "snapshot" and .[0].leader.self'
expect 0 ask alpha tag color=red
wait_until came '.[1].event == "tags" and .[1].node.tags.color == "red"'
came '.[1].seq == .[0].seq + 1 and length == 2' || fail "these events have come: $(events)"
[ "$(sed -n 's/^event: //p' "$scratch/events" | tr '\n' ' ')" = "snapshot tags " ]
leave
expect 0 ask alpha tag color=green
expect 0 ask alpha tag color=blue
follow -H "Last-Event-ID: $last"
wait_until came 'map([.event, .node.tags.color]) == [["tags","green"],["tags","blue"]]'
leave

# Nothing was missed: nothing comes, until something changes.
follow -H "Last-Event-ID: $last"
wait_until grep -q '^retry: ' "$scratch/events"
expect 0 ask alpha tag color=white
wait_until came 'map([.event, .node.tags.color]) == [["tags","white"]]'
leave

# More was missed than is kept.
for ((i = 0; i < 260; i++)); do
    echo '{"command":"tag","set":["n='$i'"]}'
done | perl -MIO::Socket::UNIX -e '
    my $socket = IO::Socket::UNIX->new(Peer => shift) or die $!;
    while (<STDIN>) { print $socket $_; $socket->flush; <$socket> }' "$scratch/alpha/sock"
follow -H "Last-Event-ID: $last"
wait_until came '.[0].event == "snapshot" and .[0].dropped == 260'
leave

# An id of another start, or none at all.
for id in "0123456789abcdef-3" nonsense "${last%-*}-999999" "${last}x"; do
    follow -H "Last-Event-ID: $id"
    wait_until came '.[0].event == "snapshot" and (.[0] | has("dropped")) and .[0].dropped == null'
    leave
done

# A node that follows. What another daemon has is no use to it, which does not matter to the election.
start beta
expect 0 ask beta wait --timeout ${patience}s
grep -qF "[http] listen = 127.0.0.1:$port: Address already in use" "$scratch/beta/log"
grep -qF "[http] listen = $socket: Address already in use" "$scratch/beta/log"
answers 200 /leader

# Nobody leads, since nobody may. The leader goes; who was waiting for its places gets them.
expect 0 ask beta pause
end alpha TERM
[ "$ended" = 0 ] || fail "status $ended"
beta_serves() {
    curl -sS --max-time $patience "$url/health" -o /dev/null 2>/dev/null
}
wait_until beta_serves
answers 503 /leader
is .leader null
is .node.name beta
answers 503 /follower
answers 503 /ready
answers 200 /health
answers 200 /status
is .leader null

# It follows the one that may. That one waits for the places in turn.
start alpha
expect 0 ask beta wait --timeout ${patience}s
answers 503 /leader
is .leader.name alpha
answers 200 /follower
answers 200 /ready
answers 200 /status --unix-socket "$socket"
is '.peers | map(.name) | join(" ")' 'alpha beta'

# A daemon that ends ends its streams, cleanly; one that is killed leaves a socket that the next one replaces.
follow
wait_until came '.[0].event == "snapshot"'
end beta TERM
[ "$ended" = 0 ] || fail "status $ended"
expect 0 wait "$stream"
wait_until test -S "$socket"
end alpha KILL
[ -S "$socket" ]
start alpha
answers 200 /health --unix-socket "$socket"
end alpha TERM
[ ! -e "$socket" ] || fail "the socket is still there"

# What may not stand there.
printf '[http]\nlisten = 127.0.0.1:8080 localhost:8080\n' >"$scratch/wrong"
expect 78 "$builddir/eldestd" --check -c "$scratch/wrong"
complains "wrong:2: [http] listen"
complains "ADDRESS:PORT"
