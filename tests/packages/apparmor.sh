#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The daemon of the service is confined by its AppArmor profile, which keeps it from nothing that it does. Few machines that run
# tests have AppArmor, so this boots Debian's own kernel in an emulated machine, which has a UUID, too.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

[ "$(dpkg --print-architecture)" = amd64 ] || { echo "skipped: the machine that this test emulates is an amd64"; exit 77; }
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-apparmor.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root

# What happens in the machine, told on its console.
guest() {
    cat <<'END'
#!/bin/bash
exec </dev/null >/dev/ttyS0 2>&1
trap 'systemctl poweroff --force' EXIT
set -eux

confined() { # UNIT
    [ "$(cat "/proc/$(systemctl show --property=MainPID --value "$1")/attr/current")" = "eldestd (enforce)" ]
}
denials() {
    journalctl --quiet --dmesg --output=cat --grep='apparmor="DENIED".*eldestd' || :
}
until_true() {
    for ((i = 0; i < 100; i++)); do
        ! "$@" || return 0
        sleep 0.2
    done
    return 1
}

# A neighbour, whose daemon is started by hand, so that it is free.
modprobe veth
ip netns add other
ip link add eth0 type veth peer name eth0 netns other
ip address add 10.114.0.1/24 dev eth0
ip link set eth0 up
ip -n other address add 10.114.0.2/24 dev eth0
ip -n other link set eth0 up
ip netns exec other eldestd --state-dir /tmp/other --socket /tmp/other.sock
[ "$(cat "/proc/$(pgrep -n -x eldestd)/attr/current")" = unconfined ]

systemctl is-active eldest eldest-hooks
confined eldest
[ "$(cat /run/credentials/eldest.service/product_uuid)" = 11112222-3333-4444-5555-666677778888 ]
eldest wait --timeout 20s
until_true eldest wait --self --timeout 1s || until_true eldest -s /tmp/other.sock resign
until_true eldest is-leader
sed -i 's/^#tags = none/tags = place=here/' /etc/eldest/eldest.conf
systemctl reload eldest
[ "$(eldest leader -f %T)" = place=here ]
eldest tag place=there
sed -i 's,^#listen = none,listen = 127.0.0.1:29480 /run/eldest/http.sock,' /etc/eldest/eldest.conf
systemctl restart eldest
exec 3<>/dev/tcp/127.0.0.1/29480
printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
metrics=$(cat <&3)
for metric in eldest_leading process_resident_memory_bytes process_open_fds; do
    grep -q "^$metric " <<<"$metrics"
done
[ -S /run/eldest/http.sock ]
until_true eldest -s /tmp/other.sock resign
until_true eldest is-leader
eldest pause --for 1s
until_true eldest -s /tmp/other.sock is-leader
hostnamectl set-hostname renamed
until_true eval 'eldest status | grep renamed'
until_true eldest -s /tmp/other.sock resign # when the pause is over
until_true eldest is-leader
systemctl kill --signal=KILL --kill-who=main eldest
until_true systemctl is-active eldest
confined eldest
systemctl restart eldest
systemctl start eldest@db
confined eldest@db
eldest -C db wait --timeout 20s
eldest keygen
systemctl restart eldest
journalctl --boot --quiet --output=cat --unit=eldest | grep 'key 1'
systemctl stop eldest eldest@db

[ -z "$(denials)" ] || { denials; exit 1; }
! aa-exec --profile=eldestd cat /etc/shadow
[ -n "$(denials)" ]
echo "the profile fits"
END
}

debian "$root" --include="systemd,systemd-sysv,dbus,iproute2,procps,apparmor,kmod,linux-image-cloud-amd64,$(
    dpkg-deb -f "$packages"/eldest_*.deb Depends | sed 's/([^)]*)//g; s/[^,]*|[^,]*,//g; s/ //g')"
rm -f "$root/etc/apt/sources.list" "$root/etc/resolv.conf"
echo machine >"$root/etc/hostname"
cp "$packages"/eldest_*.deb "$root/root"
chroot "$root" sh -c 'apt-get --quiet=2 --yes install /root/eldest_*.deb && rm /root/eldest_*.deb'
guest >"$root/root/guest"
chmod +x "$root/root/guest"
cat >"$root/etc/systemd/system/guest.service" <<'END'
[Unit]
After=multi-user.target eldest.service eldest-hooks.service

[Service]
ExecStart=/root/guest

[Install]
WantedBy=graphical.target
END
chroot "$root" systemctl enable --quiet guest.service
chroot "$root" systemctl mask --quiet serial-getty@ttyS0.service
ln -s sbin/init "$root/init"
kernel=$(find "$root/boot" -name 'vmlinuz-*')
cp "$kernel" "$scratch/kernel"
(cd "$root" && find . -xdev | cpio --create --format=newc --quiet | gzip -1) >"$scratch/initrd"

timeout 900 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 2048 -nodefaults -nographic -serial stdio -no-reboot \
    -uuid 11112222-3333-4444-5555-666677778888 -kernel "$scratch/kernel" -initrd "$scratch/initrd" \
    -append "console=ttyS0 quiet panic=1 net.ifnames=0 apparmor=1 security=apparmor" </dev/null | tr -d '\r' |
    tee "$scratch/console"
grep -qx "the profile fits" "$scratch/console" || { echo "FAILED"; exit 1; }
