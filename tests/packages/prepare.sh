#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# prepare.sh - what the tests in this folder work with, as far as it is not there yet: see tools.sh. It is no test itself.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

# Another version of the same: the sources differ in their version only. It is built with all the tests that belong to that.
make_next() {
    local version work=$top/build/packages/work
    version=$(version_of "$packages")
    version=${version%-*}+next
    rm -rf "$work"
    mkdir -p "$work"
    dpkg-source -x "$packages"/eldest_*.dsc "$work/eldest"
    cd "$work/eldest"
    sed -i "s/^AC_INIT(\[eldest\], \[.*\])/AC_INIT([eldest], [$version])/" configure.ac
    sed -i "1s/(.*)/($version-1)/" debian/changelog
    DEB_BUILD_OPTIONS="parallel=$(nproc)" dpkg-buildpackage -us -uc -b
    mkdir "$next"
    mv "$work"/*.deb "$next"
    rm -rf "$work"
}

# apt finds nothing outside: the packages have to be enough. The network is that of the test, and so is the name.
make_tree() { # FOLDER PACKAGE,...
    debian "$1.new" --include="iproute2,$2,$(dependencies)"
    : >"$1.new/etc/machine-id"
    rm -rf "$1.new"/etc/{hostname,resolv.conf,apt/sources.list} "$1.new"/var/lib/apt/lists/*
    mkdir -p "$1.new/etc/systemd/system"
    ln -s /dev/null "$1.new/etc/systemd/system/systemd-networkd.service"
    mv "$1.new" "$1"
}

# But what makes users, for which there are alternatives.
dependencies() {
    dpkg-deb -f "$packages"/eldest_*.deb Depends | sed 's/([^)]*)//g; s/[^,]*|[^,]*,//g; s/ //g'
}

mkdir -p "$top/build/packages"
[ -e "$packages" ] || "$top/setup" deb
[ -e "$next" ] || (make_next)
[ -e "$tree" ] || make_tree "$tree" systemd,systemd-sysv,dbus,procps
[ -e "$bare" ] || make_tree "$bare" systemd-standalone-sysusers
