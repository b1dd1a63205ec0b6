#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The packages are what Debian wants packages to be. What is overridden says why, in debian/.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

mapfile -t changes < <(find "$packages" -maxdepth 1 -name '*.changes')
lintian --version
lintian --allow-root --fail-on error,warning,info,pedantic -EviI --pedantic "${changes[@]}"
echo "nothing was found"
