#!/bin/sh
# SPDX-License-Identifier: ISC
#
# embed.sh FILE... - files as a C source, on standard output: page.css becomes page_css. See page_files.h.
set -eu

echo '/* SPDX-License-Identifier: ISC'
echo ' *'
echo ' * Made by embed.sh.'
echo ' */'
echo '#include "http/page_files.h"'
for file; do
    name=$(basename "$file" | tr . _)
    printf '\nstatic const unsigned char %s_bytes[] = {\n' "$name"
    od -An -v -t x1 "$file" | sed 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'
    printf '};\n\nconst struct page_file %s = { %s_bytes, sizeof(%s_bytes) };\n' "$name" "$name" "$name"
done
printf '\nconst char page_files_sum[] = "%s";\n' "$(cat "$@" | cksum | cut -d ' ' -f 1)"
