#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# completion.sh - what bash and zsh offer at the tabulator, on a real terminal: the commands and options that the help
# tells, all of them and no others, and arguments by their kinds.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip "this test needs python3"
readonly source=${abs_top_srcdir:-$builddir} package=/usr/share/bash-completion/bash_completion

# The programs, but with sockets and configurations that are here.
mkdir -p "$scratch/bin" "$scratch/run" "$scratch/etc" "$scratch/dir/one" "$scratch/dir/two"
touch "$scratch/run/web.sock" "$scratch/etc/eldest.conf" "$scratch/etc/lab.conf" "$scratch/dir/file"
for program in eldest eldestd; do
    cat >"$scratch/bin/$program" <<END
#!/bin/sh
case "\$*" in
    *--help*) "$builddir/$program" "\$@" | sed -E 's,\(default: .*/(.*\.sock)\),(default: $scratch/run/\1),
        s,\(default: .*/(.*\.conf)\),(default: $scratch/etc/\1),' ;;
    *) exec "$builddir/$program" "\$@" ;;
esac
END
    chmod +x "$scratch/bin/$program"
done

cat >"$scratch/bash" <<END
PATH=$scratch/bin:\$PATH
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind 'set enable-bracketed-paste off'
. '$source/etc/completion/eldest.bash'
END
{ echo ". $package"; cat "$scratch/bash"; } >"$scratch/bash-with-package"
cat >"$scratch/.zshrc" <<END
PATH=$scratch/bin:\$PATH
fpath=('$source/etc/completion' \$fpath)
autoload -Uz compinit && compinit -D -u
bindkey -e
setopt no_beep no_prompt_sp no_auto_menu
LISTMAX=10000
END

tab() { # SHELL: for each line on standard input, what it shows
    case $1 in
        zsh) HISTFILE='' ZDOTDIR=$scratch "$source/tests/cli/tab.py" zsh -i ;;
        *) HISTFILE='' "$source/tests/cli/tab.py" bash --rcfile "$scratch/$1" -i ;;
    esac
}

# What is to be shown. One shell gets all lines, since its start takes longer than they do.
lines=() wanted=()

offers() { # LINE WORD...: these, perhaps among others; but not the WORD of !WORD
    lines+=("$1")
    wanted+=("${*:2}")
}

offers_options() { # LINE OPTION...: these, and no other option
    offers "$1" options "${@:2}"
}

offers_nothing() { # LINE
    offers "$1" nothing
}

check() { # SHELL
    local i seen
    printf '%s\n' "${lines[@]}" | tab "$1" >"$scratch/seen" || fail "$1: $(cat "$scratch/seen")"
    mapfile -t seen <"$scratch/seen"
    [ ${#seen[@]} = ${#lines[@]} ] || fail "$1 has completed ${#seen[@]} of ${#lines[@]} lines"
    for i in "${!lines[@]}"; do
        judge "$1" "${seen[i]}" "${wanted[i]}" || fail "$1 offers for \"${lines[i]}\": ${seen[i]}; but it should: ${wanted[i]}"
    done
    echo "-- $1 has completed ${#lines[@]} lines"
}

judge() { # SHELL SEEN WANTED
    local word
    case $3 in
        nothing) [ -z "$2" ] || [[ $1 == zsh && $2 == *--help* ]] ;; # where nothing else can stand it offers options
        options\ *) [ "$(options_in "$2")" = "$(options_in "$3")" ] ;;
        *)
            for word in $3; do
                if [[ $word == !* ]]; then
                    [[ " $2 " != *" ${word#!} "* ]] || return
                else
                    [[ " $2 " == *" $word "* ]] || return
                fi
            done
            ;;
    esac
}

options_in() { # WORDS
    tr ' ' '\n' <<<"$1" | grep -E '^--?[A-Za-z]' | sort -u
}

options_of() { # PROGRAM [COMMAND]
    "$builddir/$1" "${@:2}" --help | sed -nE 's/^  (-.), (--[a-z-]+) .*/\1 \2/p; s/^      (--[a-z-]+) .*/\1/p'
}

# The names of arguments in any help.
kinds() {
    "$builddir/eldestd" --help
    "$builddir/eldest" --help
    for verb in "${verbs[@]}"; do
        "$builddir/eldest" "$verb" --help
    done
}

mapfile -t verbs < <("$builddir/eldest" --help | sed -nE 's/^  ([a-z][a-z-]*)( .*)?$/\1/p')
[ ${#verbs[@]} -ge 16 ] || fail "these are all commands: ${verbs[*]}"

# shellcheck disable=SC2046 # options are words
{
    offers "eldest " "${verbs[@]}"
    offers "eldest -C web -j sta" status
    offers_options "eldest -" $(options_of eldest)
    offers_options "eldestd -" $(options_of eldestd)
    for verb in "${verbs[@]}"; do
        offers_options "eldest $verb -" $(options_of eldest "$verb")
    done
}
offers_nothing "eldest no-such-command "
offers_nothing "eldest status "
offers_nothing "eldestd "

for kind in $(kinds | sed -nE 's/^  .* --[a-z-]+ ([A-Z]+) .*/\1/p' | sort -u); do
    case $kind in *DIR) kind=DIR ;; esac
    for file in eldest.bash _eldest; do
        grep -qE "^ +([A-Z]+ \| )?\*?$kind( \| [A-Z]+)?\) " "$source/etc/completion/$file" ||
            fail "$file does not know what a $kind is"
    done
done
offers "eldest -C " default lab web
offers "eldestd --cluster=" default lab web
offers "eldestd -f -c $scratch/dir/" file one/ two/
offers "eldestd -S $scratch/dir/" one/ two/ !file
offers "eldestd -fi " lo
offers "eldestd -l " error warning info debug
offers "eldest wait --self --timeout " 10s 1m 1h
offers "eldest wait --timeout=3" 3ms 3s 3m 3h 3d
offers "eldest -jC web watch --for 15" 15ms 15s 15m 15h 15d
offers "eldest leader -f %n%" %n%n %n%a %n%p %n%e %n%i %n%t %n%T %n%%
offers "eldest hooks $scratch/dir/" one/ two/ !file
offers "eldest run -- eldest-to-" eldest-to-run
offers "eldest run eldest-to-" eldest-to-run
ln -s /bin/true "$scratch/bin/eldest-to-run"

# What a daemon knows is there while it runs, and else there is nothing, and no complaint.
offers_nothing "eldest -s $scratch/nobody tag "
configured '[cluster]'
configured 'quorum = majority'
configured 'expect = 1'
start alpha
seated() {
    ask alpha is-leader
}
wait_until seated
expect 0 ask alpha tag role=db zone=a
offers "eldest -s $scratch/alpha/sock tag " role= role=db zone= zone=a
offers_nothing "eldest -s $scratch/alpha/sock tag rack="
offers "eldest -s $scratch/alpha/sock retire " alpha "$(ask alpha status --json | jq -r .node.id)"

check bash

# A command that eldest runs is completed like itself, where the shell knows how; bash does by its package.
offers "eldest run --once -- eldest wait --sel" --self
offers "eldest run eldest wa" wait watch
command -v zsh >/dev/null || skip "this test needs zsh, too"
check zsh

# Readline shows only what would come behind the "=".
lines=("${lines[@]: -2}") wanted=("${wanted[@]: -2}")
offers "eldest -s $scratch/alpha/sock tag zone=" a !zone=a
if [ -e $package ]; then check bash-with-package; fi
