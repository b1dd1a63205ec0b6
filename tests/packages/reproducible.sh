#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Whoever builds the packages gets the same ones, to the last bit: from a copy of the sources in another folder, with another
# umask, language, time zone and year.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

copy=$(mktemp -d "${TMPDIR:-/tmp}/eldest-copy.XXXXXX")
trap 'rm -rf "$copy"' EXIT
(
    umask 077
    cd "$top"
    git ls-files -z | tar --create --null --files-from=- | tar --extract --no-same-permissions --directory="$copy"
    cd "$copy"
    # Nothing of the environment of a test, such as its compiler.
    env -i PATH="$PATH" HOME="$copy" USER=somebody LC_ALL=C.UTF-8 LANGUAGE=de TZ=Pacific/Kiritimati \
        faketime -f +400d ./setup deb
)

sums() { # FOLDER
    (cd "$1" && sha256sum -- *.deb *.tar.xz *.dsc)
}
sums "$packages"
diff <(sums "$packages") <(sums "$copy/build/deb") || { echo "FAILED: these differ"; exit 1; }
