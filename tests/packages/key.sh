#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A cluster is given a key as eldest(7) says: one host draws it, another one gets the file, and one gets it as a credential of
# systemd, without any file that the daemon could read. A host without the key is no part of the cluster.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

names_who_has_no_key() { # HOST ADDRESS
    local findings
    findings=$(on "$1" eldest doctor --json || [ $? = 6 ])
    jq -e --arg address "$2" '.findings | any(.code == "no-key" and (tostring | contains($address)))' <<<"$findings" >/dev/null
}

hosts 4
install 1 2 3
on 1 eldest keygen
[ "$(on 1 stat -c '%a %U:%G' /etc/eldest/key)" = "640 root:eldest" ] || fail "the key is of $(on 1 ls -l /etc/eldest/key)"
on 1 cat /etc/eldest/key >"$scratch/key"
on 2 install -m 640 -o root -g eldest /dev/stdin /etc/eldest/key <"$scratch/key"
on 3 sh -c 'umask 077; mkdir -p /etc/systemd/system/eldest.service.d; cat >/root/key' <"$scratch/key"
on 3 sh -c "printf '[Service]\nLoadCredential=key:/root/key\n' >/etc/systemd/system/eldest.service.d/key.conf"
on 3 systemctl daemon-reload
for i in 1 2 3; do
    service $i restart
done
wait_leader 1 2 3
wait_known 1 2 3
for i in 1 2 3; do
    wait_until logged $i eldest.service "key 1"
done

install 4
wait_leader 4
wait_known 1 2 3
wait_until names_who_has_no_key 1 10.114.0.4
wait_leader 1 2 3

on 4 install -m 640 -o root -g eldest /dev/stdin /etc/eldest/key <"$scratch/key"
service 4 restart
back 4

# What others may read is refused, and the service says so and ends.
on 2 chmod 644 /etc/eldest/key
! on 2 systemctl restart eldest 2>/dev/null || fail "a key that others can read is taken"
wait_until logged 2 eldest.service /etc/eldest/key
back 1
