#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Three hosts are upgraded one after the other, the leader last: leadership changes once, by a handover, while versions are
# mixed nobody notices, and identity and configuration are kept. What the administrator has switched off stays so.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

runs_new() { # HOST UNIT: it was started after the programs were replaced
    local process
    process=$(on "$1" systemctl show --property=MainPID --value "$2")
    [[ $(on "$1" readlink "/proc/$process/exe") != *deleted* ]]
}

keeps() { # HOST: what was its own before
    [ "$(id_of "$1")" = "${ids[$1]}" ] || fail "host $1 has another identity"
    [ "$(on "$1" cat /etc/eldest/eldest.conf)" = "$configuration" ] || fail "host $1 has another configuration"
    [ "$(on "$1" cat /etc/eldest/virtual-address)" = "# none" ]
}

upgrade_and_check() { # HOST
    upgrade "$1"
    [ "$(version_on "$1")" = "$new" ]
    wait_until runs_new "$1" eldest
    wait_until runs_new "$1" eldest-hooks
    back "$1"
    keeps "$1"
}

declare -A ids=()
hosts 3
install 1 2 3
old=$(version_on 1)
new=$(version_of "$next")
new=${new%-*}
[ "$old" != "$new" ]
worker 1 2 3
for i in 1 2 3; do
    ids[$i]=$(id_of $i)
    on $i sed -i 's/^#tags = none/tags = place=here/' /etc/eldest/eldest.conf
    on $i sh -c 'echo "# none" >/etc/eldest/virtual-address'
    service $i reload
done
configuration=$(on 1 cat /etc/eldest/eldest.conf)
[[ $configuration == *place=here* ]]
on 1 systemctl restart eldest-hooks
wait_known 1 2 3
expect_leader 1
wait_until only_worker_is 1
epoch=$(epoch_of 1)

upgrade_and_check 2
expect_leader 1
expect_epoch "$epoch"
upgrade_and_check 3
expect_leader 1
expect_epoch "$epoch"
[ "$(version_on 1)" = "$old" ]
[ "$(workers)" = "1 " ]

upgrade_and_check 1
[ "$(ask 3 history --json | jq -r '.history[-2].ended_by')" = resign ] || fail "the upgrade was no handover: $(ask 3 history)"
expect_leader 2
wait_until only_worker_is 2
expect_no_overlap

# And back: a version that is older than what it wrote.
on 3 systemctl disable --quiet --now eldest eldest-hooks
wait_leader 1 2
apt 3 --allow-downgrades install "/packages/$(package_of "$packages")"
[ "$(version_on 3)" = "$old" ]
is 3 eldest inactive
is 3 eldest-hooks inactive
service 3 start
back 3
keeps 3
expect_leader 2
