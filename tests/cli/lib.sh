# shellcheck shell=bash disable=SC2034 # the scripts read what is set here
# SPDX-License-Identifier: ISC
#
# lib.sh - the real programs on the loopback interface, for tests of the command line. No root is needed.
#
# Every script has a cluster and ports of its own, and a network namespace where that can be had, so that any number of
# them may run at a time.
#
#     start a b         eldestd for the nodes a and b; returns when they answer
#     configured LINE   nodes started from now on have this line too at the end of their configuration
#     ask a status      the client, talking to node a
#     ask_raw REQUEST   node alpha, with that line; then $output is the answer
#     expect 3 CMD...   the command must end with this status; then $output and $errors are what it printed
#     has TEXT          $output contains this
#     complains TEXT    $errors contains this
#     is FILTER VALUE   a jq filter of $output gives this
#     wait_until CMD... until the command succeeds, for what no change announces
#     end a TERM        sends that signal and waits for the node; then $ended is its status
#     background run.. eldest on node alpha, in the background, with an empty diary; then $runner is its process
#     stuff FILE        makes that a pipe that is full, and that nobody reads
#     told 3            so many lines are in the diary ($DIARY), to which the command or the hooks write
#     ends_with 0       waits for the runner, which must end with this status
#     hook NAME LINE..  a hook in the directory $dir, with these lines; has_guard: the hooks have one, $guard
#     shows LINE...     waits until the diary has so many lines, which must be these; diary_is: it has them now
#     logged TEXT       the runner has printed it
#     listen            the test is the daemon of alpha, for one client: say LINE... to it; heard TEXT: it has said that
#     listen_as_manager nodes started from now on have a service manager; manager_knows TEXT: it was told this line
#     answer_with a <<. a document that a client of node a gets, whatever it asks; there is no daemon
#
# A test fails with its first failing command. At the end every daemon still running must stop with status 0.

set -euo pipefail
export LC_ALL=C TZ=UTC ELDEST_INHIBITOR='' # logind is that of the host
unset NO_COLOR LINES

readonly builddir=${abs_top_builddir:-$PWD} patience=30

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

skip() {
    echo "skipped: $*"
    exit 77
}

command -v jq >/dev/null || skip "this test needs jq"
for program in eldestd eldest; do
    [ -x "$builddir/$program" ] || fail "no $builddir/$program: run this in the build folder, or set abs_top_builddir"
done

# A network of its own is better, but without one the cluster name and the ports keep the tests apart.
if [ -z "${ELDEST_TEST_ISOLATED:-}" ]; then
    export ELDEST_TEST_ISOLATED=no
    isolate=(unshare --net)
    [ "$(id -u)" = 0 ] || isolate+=(--map-root-user)
    if "${isolate[@]}" ip link set lo up 2>/dev/null; then
        ELDEST_TEST_ISOLATED=yes exec "${isolate[@]}" "$BASH" "$0" "$@"
    fi
fi
[ "$ELDEST_TEST_ISOLATED" = no ] || ip link set lo up

scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-cli.XXXXXX")
readonly scratch cluster=test-$$ port=$((10000 + $$ % 1000 * 17))
chmod 755 "$scratch"
declare -A pid=()
more='' output='' errors='' ended=''

finish() {
    local status=$? name
    trap - EXIT
    set +e
    [ -z "${runner:-}" ] || kill -TERM "$runner" 2>/dev/null
    [ -z "${terminal_socket:-}" ] || terminals kill-server 2>/dev/null
    for name in "${!pid[@]}"; do
        [ $status = 0 ] || break
        stop "$name" || { echo "FAILED: $name ended with status $ended at the end"; status=1; }
    done
    for name in "${!pid[@]}"; do
        kill -KILL "${pid[$name]}" 2>/dev/null
        wait "${pid[$name]}" 2>/dev/null
        echo "== log of $name"
        tail -n 20 "$scratch/$name/log"
    done
    rm -rf "$scratch"
    exit $status
}

# At the end of the script; what is not of eldest ends by the signal.
stop() { # NAME
    end "$1" TERM
    case $ended in 0 | 143) ;; *) return 1 ;; esac
}

trap finish EXIT
trap 'exit 130' INT TERM HUP

wait_until() { # COMMAND...
    local limit=$((SECONDS + patience))
    until "$@"; do
        [ $SECONDS -lt $limit ] || fail "after $patience s still not true: $*"
        read -r -t 0.02 -u "$silence" || :
    done
}
exec {silence}<> <(:)

# A leader that is not scheduled for as long as detect says that it is not certain, which is right, but not what these tests
# are about; so they are patient, but for the wait of who is alone.
launch() { # NAME...: without waiting
    local name
    for name; do
        mkdir -p "$scratch/$name"
        cat >"$scratch/$name/conf" <<END
[cluster]
name = $cluster
[node]
name = $name
[network]
port = $port
[timing]
detect = 2s
alone = 1s
$more
END
        "$builddir/eldestd" -f -i lo -c "$scratch/$name/conf" -S "$scratch/$name/state" -s "$scratch/$name/sock" \
            2>>"$scratch/$name/log" &
        pid[$name]=$!
    done
}

configured() { # LINE
    more+=$1$'\n'
}

start() { # NAME...
    local name
    launch "$@"
    for name; do
        wait_until answers_or_ended "$name"
        kill -0 "${pid[$name]}" 2>/dev/null || fail "eldestd $name ended at its start"
    done
}

answers_or_ended() { # NAME
    local status=0
    ask "$1" is-leader 2>/dev/null || status=$?
    [ $status != 4 ] || ! kill -0 "${pid[$1]}" 2>/dev/null
}

end() { # NAME SIGNAL
    ended=0
    kill -s "$2" "${pid[$1]}"
    { wait "${pid[$1]}" || ended=$?; } 2>/dev/null
    unset "pid[$1]"
}

# What answers on the socket of NAME is no daemon, but every question gets the document on standard input. Nothing ever
# happens there: a watch gets that line, and no other.
answer_with() { # NAME
    mkdir -p "$scratch/$1"
    cat >"$scratch/$1/answer"
    perl -MIO::Socket::UNIX -e '
        my ($path, $file) = @ARGV;
        open(my $in, "<", $file) or die "$file: $!";
        my $answer = join("", map { s/^\s+|\n//gr } <$in>);
        my $server = IO::Socket::UNIX->new(Local => "$path.new", Listen => 5) or die "$path.new: $!";
        rename("$path.new", $path) or die "$path: $!"; # who sees it can connect to it
        my @watchers;
        while (my $client = $server->accept) {
            my $question = <$client>;
            print $client "$answer\n";
            $client->flush;
            push(@watchers, $client) if $question =~ /watch/;
        }' "$scratch/$1/sock" "$scratch/$1/answer" &
    pid[$1]=$!
    wait_until test -S "$scratch/$1/sock"
}

listen_as_manager() {
    mkdir -p "$scratch/manager"
    export NOTIFY_SOCKET=$scratch/manager/socket
    # shellcheck disable=SC2016 # the script is Perl's
    perl -MIO::Socket::UNIX -e '
        my $manager = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die "socket: $!";
        $| = 1;
        print "listening\n";
        while (defined $manager->recv(my $told, 1024)) {
            print join(" ", split /\n/, $told), "\n";
        }' "$NOTIFY_SOCKET" >"$scratch/manager/log" &
    pid[manager]=$!
    wait_until test -s "$scratch/manager/log"
}

manager_knows() { # LINE
    grep -qxF "$1" "$scratch/manager/log"
}

ask() { # NAME ARGUMENT...
    "$builddir/eldest" -s "$scratch/$1/sock" "${@:2}"
}

ask_raw() { # REQUEST
    output=$(perl -MIO::Socket::UNIX -e '
        my $socket = IO::Socket::UNIX->new(Peer => shift) or die $!;
        print $socket shift, "\n";
        print scalar <$socket>' "$scratch/alpha/sock" "$1")
}

expect() { # STATUS COMMAND...
    local status=0
    "${@:2}" >"$scratch/output" 2>"$scratch/errors" || status=$?
    output=$(cat "$scratch/output")
    errors=$(cat "$scratch/errors")
    [ $status = "$1" ] || fail "status $status, not $1, of: ${*:2}; it said: $output $errors"
}

has() { # TEXT
    [[ $output == *"$1"* ]] || fail "not in the output: $1; it is: $output"
}

complains() { # TEXT
    [[ $errors == *"$1"* ]] || fail "not in the message: $1; it is: $errors"
}

is() { # FILTER VALUE
    local value
    value=$(jq -r "$1" <<<"$output") || fail "no JSON: $output"
    [ "$value" = "$2" ] || fail "$1 is $value, not $2, of: $output"
}

# Sets $leader to the one that leads, and $other to one that does not.
find_leader() { # NAME...
    local name
    leader='' other=''
    for name; do
        expect 0 ask "$name" wait --timeout ${patience}s
        if ask "$name" is-leader; then leader=$name; else other=$name; fi
    done
    [ -n "$leader" ] || fail "none of $* leads"
}

# Holders of work: a command or hooks that append lines to a diary.

diary=$scratch/diary
runner=''
export DIARY=$diary

# What a script runs in the background ignores SIGINT, and what nohup runs SIGHUP.
background() { # VERB ARGUMENT...: on alpha
    : >"$diary"
    # shellcheck disable=SC2016 # the script is Perl's
    perl -e '$SIG{$_} = "DEFAULT" for qw(INT HUP QUIT TERM USR1 USR2); exec @ARGV' \
        "$builddir/eldest" -s "$scratch/alpha/sock" "$@" 2>"$scratch/runner.log" &
    runner=$!
}

stuff() { # FILE
    mkfifo "$1"
    exec {stuffing}<>"$1"
    dd if=/dev/zero of="$1" bs=4096 oflag=nonblock 2>/dev/null || :
}

told() { # LINES: so many lines are in the diary
    [ "$(wc -l <"$diary")" -ge "$1" ]
}

ends_with() { # STATUS: of the runner
    local status=0
    wait_until runner_gone
    wait "$runner" 2>/dev/null || status=$?
    [ "$status" = "$1" ] || fail "eldest ended with $status, not $1: $(cat "$scratch/runner.log")"
}

runner_gone() {
    ! kill -0 "$runner" 2>/dev/null
}

holders() { # FILTER VALUE
    [ "$(ask alpha status --json | jq -c "[.holders[]] | $1")" = "$2" ]
}

gone() { # PID-FILE
    ! kill -0 "$(cat "$1")" 2>/dev/null
}

# Neither is a zombie one that is left, where nobody waits for orphans.
process_ended() { # PID-FILE
    gone "$1" || grep -q '^State:[[:space:]]*Z' "/proc/$(cat "$1")/status" 2>/dev/null
}

logged() { # TEXT
    grep -qF -- "$1" "$scratch/runner.log"
}

diary_is() { # LINE...: all that it has
    told $# && [ "$(cat "$diary")" = "$(printf '%s\n' "$@")" ]
}

shows() { # LINE...
    wait_until told $#
    diary_is "$@" || fail "the diary is: $(cat "$diary"); not: $*"
}

readonly dir=$scratch/hooks.d

hook() { # NAME LINE...
    printf '%s\n' '#!/bin/sh' "${@:2}" >"$dir/$1.new"
    chmod 755 "$dir/$1.new"
    mv "$dir/$1.new" "$dir/$1"
}

has_guard() { # [BUT-NOT]
    guard=$(pgrep -x -P "$runner" eldest-guard) && [ "$guard" != "${1:-}" ]
}

# A daemon whose words are those of the test, without an answer to anything.

listen() { # in the place of alpha, to one client
    mkdir -p "$scratch/alpha"
    rm -f "$scratch/words" "$scratch/alpha/sock"
    mkfifo "$scratch/words"
    exec {mouth}<>"$scratch/words"
    : >"$scratch/heard"
    perl -MIO::Socket::UNIX -e '
        my ($path, $words, $heard) = @ARGV;
        unlink("$path.new");
        my $server = IO::Socket::UNIX->new(Local => "$path.new", Listen => 5) or die $!;
        rename("$path.new", $path) or die $!;
        open(my $in, "<", $words) or die $!;
        open(my $out, ">>", $heard) or die $!;
        my $client = $server->accept;
        while (1) {
            my $ready = "";
            vec($ready, fileno($_), 1) = 1 for $in, $client;
            select($ready, undef, undef, undef);
            for ([$in, $client], [$client, $out]) {
                next if !vec($ready, fileno($_->[0]), 1);
                sysread($_->[0], my $bytes, 65536) or exit;
                syswrite($_->[1], $bytes);
            }
        }' "$scratch/alpha/sock" "$scratch/words" "$scratch/heard" &
    pid[alpha]=$!
    wait_until test -S "$scratch/alpha/sock"
}

say() { # LINE...
    printf '%s\n' "$@" >&"$mouth"
}

heard() { # TEXT
    grep -qF -- "$1" "$scratch/heard"
}

written() { # FILE
    [ -s "$1" ]
}
