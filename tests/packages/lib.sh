# shellcheck shell=bash disable=SC2034,SC2154 # the scripts read what is set here, and this what tests/net/lib.sh sets
# SPDX-License-Identifier: ISC
#
# lib.sh - hosts in a box: Debian with systemd, booted as containers on the LAN of tests/net/lib.sh, whose words are all
# here as well; those that start or end daemons are for daemons without systemd. It needs root.
#
#     hosts 3            the hosts h1 .. h3 are booted, with nothing of eldest on them
#     install 1 2        the package is installed there by apt; upgrade 1: its next version is
#     remove 1, purge 1  the package is removed; with its configuration and state
#     on 1 CMD...        runs a command there, as root
#     service 1 stop     systemctl does that to eldest.service
#     back 1             the service is active there again, and all that run have the same leader and know each other
#     is 1 UNIT active   the unit is that there; or inactive, failed, ...
#     tells 1 TEXT       "systemctl status" of eldest has TEXT in its line Status
#     logged 1 UNIT TEXT the journal has a line of the unit, since the host was booted, with TEXT in it
#     kill_main 1 UNIT, kill_all 1 UNIT    SIGKILL to the main process of the service, or to all of them
#     shut_down 1        by systemctl poweroff; boot 1 brings it back with all that was on its disk
#     reboot 1           by systemctl reboot
#     id_of 1            of its node
#     version_on 1       of its daemon
#     worker 1 2 3       a service that is bound to eldest-leader.target, as eldest(7) has it, is installed there and enabled:
#                        it writes into the diary of tests/net/work.sh
#
# shellcheck source=tests/packages/tools.sh
. "${BASH_SOURCE[0]%/*}/tools.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: this test needs root, to boot containers"; exit 77; }
# shellcheck source=tests/net/lib.sh
. "${BASH_SOURCE[0]%/*}/../net/lib.sh"
# shellcheck source=tests/net/work.sh
. "${BASH_SOURCE[0]%/*}/../net/work.sh"

auto
declare -A container=() # HOST: its systemd-nspawn
readonly cgroups=/sys/fs/cgroup/eldest-test.$BASHPID.$RANDOM shared=$scratch/shared
mkdir "$shared"
diary=$shared/diary
: >"$diary"
mount --make-rprivate /
umount -R /sys/fs/cgroup 2>/dev/null || :
mount -t cgroup2 none /sys/fs/cgroup

hosts() { # HOSTS
    local i all=()
    lan "$1"
    for ((i = 1; i <= $1; i++)); do
        disk "$i"
        all+=("$i")
    done
    boot "${all[@]}"
}

# ------------------------------------------------------------------------------------------------------------ the containers

disk() { # HOST [BELOW]: what is written is its own, what is below is shared
    local home=$scratch/h$1
    mkdir -p "$home/written" "$home/work" "$home/root"
    mount -t overlay overlay -o "lowerdir=${2:-$tree},upperdir=$home/written,workdir=$home/work" "$home/root"
}

boot() { # HOST...
    local i
    for i; do
        power_on "$i"
    done
    for i; do
        wait_until booted "$i"
        ln -sfn "/proc/$(init_of "$i")/root/run/eldest/default.sock" "$scratch/h$i/sock"
    done
    say "booted $*"
}

power_on() { # HOST
    mkdir -p "$cgroups/h$1"
    (
        echo "$BASHPID" >"$cgroups/h$1/cgroup.procs"
        exec systemd-nspawn --quiet --register=no --keep-unit --boot --directory="$scratch/h$1/root" --machine="h$1" \
            --network-namespace-path="/run/netns/h$1" --capability=CAP_NET_ADMIN,CAP_NET_RAW \
            --bind-ro="$packages:/packages" --bind-ro="$next:/next" --bind="$shared:/shared" \
            --console=read-only --kill-signal=SIGRTMIN+3
    ) </dev/null >"$scratch/h$1/console" 2>&1 &
    container[$1]=$!
}

init_of() { # HOST: process 1 of it
    pgrep -o -P "${container[$1]}"
}

booted() { # HOST
    local init state
    init=$(init_of "$1") || return
    state=$(nsenter --target "$init" --all systemctl is-system-running 2>/dev/null) || [ "$state" = degraded ]
}

on() { # HOST COMMAND...
    nsenter --target "$(init_of "$1")" --all env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "${@:2}"
}

shut_down() { # HOST
    go_down "$1" poweroff 0
}

reboot() { # HOST
    go_down "$1" reboot 133
    boot "$1"
}

go_down() { # HOST VERB STATUS: that of systemd-nspawn
    local status=0
    on "$1" systemctl "$2"
    wait "${container[$1]}" || status=$?
    unset "container[$1]"
    [ $status = "$3" ] || fail "the container of host $1 ended with status $status, not $3"
    say "$2 of $1"
}

# ------------------------------------------------------------------------------------------------------------- the package

apt() { # HOST ARGUMENT...
    on "$1" apt-get --quiet=2 --yes "${@:2}" >"$scratch/h$1/apt" 2>&1 || { cat "$scratch/h$1/apt"; fail "apt-get ${*:2}"; }
}

package_of() { # FOLDER: the name of its file
    echo "eldest_$(version_of "$1")_$(dpkg --print-architecture).deb"
}

install() { # HOST...
    local i
    for i; do
        apt "$i" install "/packages/$(package_of "$packages")"
        say "installed on $i"
    done
}

upgrade() { # HOST...
    local i
    for i; do
        apt "$i" install "/next/$(package_of "$next")"
        say "upgraded $i"
    done
}

remove() { # HOST
    apt "$1" remove eldest
    say "removed from $1"
}

purge() { # HOST
    apt "$1" purge eldest
    say "purged from $1"
}

version_on() { # HOST
    on "$1" eldestd --version | awk '$1 == "eldestd" { print $2 }'
}

id_of() { # HOST
    ask "$1" status --json | jq -r .node.id
}

# ------------------------------------------------------------------------------------------------------------ the services

service() { # HOST VERB
    on "$1" systemctl "$2" eldest.service
    say "$2 of eldest on $1"
}

is() { # HOST UNIT STATE
    [ "$(on "$1" systemctl is-active "$2")" = "$3" ]
}

tells() { # HOST TEXT
    [[ $(on "$1" systemctl show --property=StatusText --value eldest.service) == *"$2"* ]]
}

logged() { # HOST UNIT TEXT
    [[ $(on "$1" journalctl --boot --quiet --output=cat --unit="$2") == *"$3"* ]]
}

kill_main() { # HOST UNIT
    on "$1" systemctl kill --signal=KILL --kill-who=main "$2"
    say "killed $2 on $1"
}

kill_all() { # HOST UNIT
    on "$1" systemctl kill --signal=KILL "$2"
    say "killed all of $2 on $1"
}

# shellcheck disable=SC2046 # numbers
back() { # HOST
    wait_until is "$1" eldest.service active
    wait_leader $(running)
    wait_known $(running)
}

running() { # the hosts with a daemon that can be heard
    local i
    for i in "${!container[@]}"; do
        [ -n "${isolated[$i]:-}${frozen[$i]:-}" ] || ! is "$i" eldest.service active || echo "$i"
    done
}

# The literal display of the manual that begins with this is the unit, and its program is ours.
worker() { # HOST...
    local i unit=/etc/systemd/system/worker.service
    awk '/^\.Bd -literal/ { text = ""; inside = 1; next } /^\.Ed/ && inside { inside = 0; if (text ~ /Requisite=/) printf "%s", text }
        inside { text = text $0 "\n" }' "$top/man/eldest.7" >"$shared/worker.service"
    grep -q '^ExecStart=/usr/local/bin/worker$' "$shared/worker.service" || fail "eldest(7) has no such unit any more"
    for i; do
        on "$i" cp /shared/worker.service "$unit"
        printf '#!/bin/sh\nexec perl -e '\''%s'\'' %d /shared/diary\n' "$worker" "$i" |
            on "$i" sh -c 'cat >/usr/local/bin/worker && chmod 755 /usr/local/bin/worker'
        on "$i" systemctl enable --quiet worker.service
    done
    say "a worker is bound to the leader on $*"
}

# shellcheck disable=SC2016 # it is Perl
worker='use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
    my ($host, $diary) = @ARGV;
    open(my $file, ">>", $diary) or die $!;
    sub note { syswrite($file, sprintf("%d %s %.0f %d.%d\n", $host, $_[0], 1e9 * clock_gettime(CLOCK_MONOTONIC), $host, $$)) }
    $SIG{TERM} = sub { select(undef, undef, undef, 0.1); note("end"); exit 0 };
    note("begin");
    sleep 1000 while 1;'

only_worker_is() { # HOST
    [ "$(workers)" = "$1 " ]
}

expect_no_overlap() {
    local overlap gap
    read -r overlap gap < <(judge 1)
    [ "$overlap" = 0 ] || { cat "$diary"; fail "two workers worked at the same time, for $overlap us"; }
}

# ----------------------------------------------------------------------------------------------------------------- the end

finish() {
    local status=$? i
    trap - EXIT
    set +e
    [ $status = 0 ] || tell_journals
    for i in "${!container[@]}"; do
        kill -KILL "$(init_of "$i")"
        wait "${container[$i]}"
    done 2>/dev/null
    umount "$scratch"/h*/root 2>/dev/null
    find "$cgroups" -depth -type d -exec rmdir {} + 2>/dev/null
    rm -rf "$scratch"
    exit $status
}

tell_journals() {
    local i
    for i in "${!container[@]}"; do
        echo "== the last lines of host $i"
        on "$i" journalctl --quiet --no-pager --no-hostname --output=short-precise --lines=60 --unit='eldest*' --unit=worker \
            --unit=init.scope
    done
}
trap finish EXIT
