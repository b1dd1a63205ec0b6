#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The package is installed on three hosts, and nothing else is done: one of them leads. A host that is alone, or has no cable,
# is up and says so.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

knows() { # HOST NAME
    [[ $(ask "$1" peers) == *"$2"* ]]
}

hosts 3
install 1
for unit in eldest eldest-hooks; do
    is 1 $unit active
    [ "$(on 1 systemctl is-enabled $unit)" = enabled ]
done
wait_until tells 1 "leads alone"
! logged 1 eldest.service "not filtered" || fail "the daemon has no filter of system calls of its own"
on 1 eldest is-leader
wait_until is 1 eldest-leader.target active

unplug 1
wait_until tells 1 "no usable network interface"
is 1 eldest active
wait_until is 1 eldest-leader.target inactive
[[ $(on 1 eldest status || [ $? = 3 ]) == *"no usable network interface"* ]]
plug 1
wait_until tells 1 "leads alone"

install 2 3
wait_leader 1 2 3
expect_leader 1
wait_known 1 2 3
for i in 1 2 3; do
    [ "$(on $i eldest leader -f %n)" = h1 ]
done
on 1 eldest status
on 1 systemctl status --no-pager --lines=0 eldest.service
wait_until tells 1 "leads, 3 nodes"
wait_until tells 2 "follows h1"
wait_until is 1 eldest-leader.target active
is 2 eldest-leader.target inactive

# Anybody may ask; the daemon is nobody's but its own user's, and warns of nothing.
on 2 setpriv --reuid=65534 --regid=65534 --clear-groups eldest status >/dev/null
[ "$(on 2 stat -c %U:%a /run/eldest /var/lib/eldest/default | xargs)" = "eldest:755 eldest:750" ]
[ "$(on 2 ps -o user= -p "$(on 2 systemctl show --property=MainPID --value eldest)")" = eldest ]
[ -z "$(on 2 journalctl --boot --quiet --output=cat --priority=warning --unit='eldest*')" ]
[ -z "$(on 2 systemctl --failed --quiet)" ]

# The configuration that comes with it is read, and changed without a restart.
on 2 sed -i 's/^#name = auto/name = second/' /etc/eldest/eldest.conf
service 2 reload
wait_until knows 1 second
on 2 sed -i 's/^name = second/nonsense/' /etc/eldest/eldest.conf
! on 2 systemctl reload eldest || fail "a wrong configuration was taken"
wait_until logged 2 eldest nonsense
is 2 eldest active
expect_leader 1

# Told to, it answers HTTP, also about its own process.
on 3 sed -i 's/^#listen = none/listen = 127.0.0.1:29480/' /etc/eldest/eldest.conf
service 3 restart
back 3
answer() { # PATH: its status, and what it says
    nsenter --net=/run/netns/h3 curl -sS --write-out '%{http_code}\n' "http://127.0.0.1:29480$1"
}
[[ $(answer /follower) == *200 ]]
[[ $(answer /leader) == *503 ]]
for metric in eldest_leader_known process_resident_memory_bytes process_open_fds; do
    [[ $(answer /metrics) == *$'\n'"$metric "* ]] || fail "no $metric is told"
done

# What autopkgtest would ask of a whole machine.
cp "$top/debian/tests/service" "$shared"
on 3 /shared/service
back 3
