#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Once the package is installed, other programs find what it has for them, without being told of it: Wireshark the dissector,
# bash and zsh the completion, man the pages.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

# Its files seem to be in /usr, for this script alone.
if [ -z "${ELDEST_USR:-}" ]; then
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-found.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    dpkg-deb -x "$packages"/eldest_*.deb "$scratch"
    ELDEST_USR=$scratch/usr unshare --mount "$BASH" "$0"
    exit
fi
mount -t overlay overlay -o "lowerdir=$ELDEST_USR:/usr" /usr

tshark -G protocols | grep -P '\teldest$'
zsh -fc 'autoload -Uz compinit && compinit -u -D && [ "$_comps[eldest] $_comps[eldestd]" = "_eldest _eldest" ]'
for command in eldest eldestd; do
    # shellcheck disable=SC2016 # the script has an argument
    bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader "$1"; complete -p "$1"' bash $command |
        grep -F -- "-F _eldest $command"
done
for page in 1/eldest 5/eldest.conf 7/eldest 7/eldest-protocol 8/eldestd; do
    mandoc -Tlint -W error "/usr/share/man/man${page%/*}/${page#*/}.${page%/*}.gz"
done
