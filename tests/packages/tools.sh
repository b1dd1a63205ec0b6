# shellcheck shell=bash disable=SC2034 # the scripts read what is set here
# SPDX-License-Identifier: ISC
#
# tools.sh - what the tests of the Debian packages share: where the packages are, and Debian to install them on.
#
#     $packages          the packages, as "./setup deb" leaves them
#     $next              those of a later version, made of the same sources
#     $tree              a Debian with systemd and what the packages depend on, but nothing of eldest: not to be written to
#     $bare              the same without systemd
#     debian FOLDER [OPTION OF MMDEBSTRAP...]    makes another one
#     without_mirror CMD...    runs a command, and cuts out of its output where the packages of Debian came from

top=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
readonly top packages=$top/build/deb next=$top/build/packages/next tree=$top/build/packages/tree
readonly bare=$top/build/packages/bare
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
readonly release

# Where this machine gets its packages from; it is of no interest to anybody else.
# shellcheck disable=SC2016 # it is for apt
mirror=$(apt-get indextargets --format '$(CREATED_BY)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)' |
    awk -F '|' -v release="$release" '$1 == "Packages" && $2 == release && $3 == "main" { print $4; exit }')
readonly mirror

without_mirror() { # COMMAND...
    "$@" 2>&1 | MIRROR=${mirror%/} perl -pe 'BEGIN { $| = 1 } s/\Q$ENV{MIRROR}\E/MIRROR/g' || return "${PIPESTATUS[0]}"
}

debian() { # TARGET [OPTION OF MMDEBSTRAP...]
    without_mirror mmdebstrap --quiet --variant=apt --mode=root --aptopt='Acquire::Check-Valid-Until "false"' "${@:2}" \
        "$release" "$1" "deb $mirror $release main"
}

version_of() { # FOLDER: of packages
    local deb
    for deb in "$1"/eldest_*.deb; do
        dpkg-deb -f "$deb" Version
    done
}
