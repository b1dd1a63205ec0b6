#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# installed.sh - what "make install" leaves is enough for a program that uses libeldest: the example of libeldest(3), compiled
# by way of pkg-config, with the shared library and with the static one, and by a C++ compiler.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v pkg-config >/dev/null || skip "this test needs pkg-config"

# Nothing is built by this; what the make that runs the test was told is not for it.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL "${MAKE:-make}" -C "$builddir" -s DESTDIR="$scratch/root" install \
    >"$scratch/install.log" 2>&1 || fail "make install: $(cat "$scratch/install.log")"
pc=$(find "$scratch/root" -name libeldest.pc)
[ -n "$pc" ] || fail "no libeldest.pc was installed"
libdir=${pc%/pkgconfig/*}
for name in bash-completion/completions/eldest bash-completion/completions/eldestd zsh/*/_eldest \
    eldest/wireshark/eldest.lua; do
    compgen -G "${libdir%/lib*}/share/$name" >/dev/null || fail "no $name was installed"
done
for name in libeldest.so libeldest.so.0; do
    [ -f "$libdir/$name" ] || fail "no $name in $(ls "$libdir")"
done

# As if it were installed where it belongs, and the libraries that it is built with were not there for compilers.
flags() { # OPTION...
    PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR=$libdir/pkgconfig pkg-config --define-variable=prefix="${libdir%/lib*}" \
        --define-variable=libdir="$libdir" "$@" libeldest
}

compile() { # NAME COMPILER ARGUMENT...
    mkdir "$scratch/$1"
    "${@:2}" -o "$scratch/$1/program" || fail "$*"
}

# The first literal display of the page is the program.
awk '/^\.Bd -literal/ { inside = 1; next } /^\.Ed/ { if (inside) exit } inside' \
    "${abs_top_srcdir:-$builddir}/man/libeldest.3" | sed 's/\\e/\\/g' >"$scratch/example.c"
cp "$scratch/example.c" "$scratch/example.cpp"

sanitizers=()
if [[ $(nm "$libdir/libeldest.a") == *__asan_* ]]; then sanitizers=(-fsanitize=address -fsanitize=undefined); fi
strict=(-Wall -Wextra -Werror -pedantic "${sanitizers[@]}")
read -ra compiler <<<"${CC:-cc}"
read -ra cflags <<<"$(flags --cflags)"
read -ra shared <<<"$(flags --libs)"
read -ra static <<<"$(flags --static --libs)"

[[ ${shared[*]} != *jansson* ]] || fail "who uses the shared library needs no jansson: ${shared[*]}"
compile shared "${compiler[@]}" -std=c11 "${strict[@]}" "${cflags[@]}" "$scratch/example.c" "${shared[@]}"
compile static "${compiler[@]}" -std=c11 "${strict[@]}" "${cflags[@]}" "$scratch/example.c" "${static[@]/-leldest/-l:libeldest.a}"
programs=(shared static)
if command -v c++ >/dev/null && [ ${#sanitizers[@]} = 0 ]; then
    compile plusplus c++ -std=c++11 "${strict[@]}" "${cflags[@]}" "$scratch/example.cpp" "${shared[@]}"
    programs+=(plusplus)
fi
[[ $(ldd "$scratch/static/program") != *libeldest* ]] || fail "the static program wants the shared library"
[[ $(ldd "$scratch/shared/program") == *libeldest.so.0* ]] || fail "the shared program does not want libeldest.so.0"

works() { # PROGRAM
    grep -qx "a piece of work under $(ask alpha leader -f %t)" "$scratch/$1/log"
}

start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
for program in "${programs[@]}"; do
    LD_LIBRARY_PATH=$libdir "$scratch/$program/program" "$scratch/alpha/sock" >"$scratch/$program/log" 2>&1 &
    pid[$program]=$!
    wait_until works "$program"
done
end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
