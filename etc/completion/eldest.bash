# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# eldest.bash - completes eldest and eldestd in bash, with or without the package bash-completion.
#
# What there is to complete is read from the help of the program: its commands, their options, and how the arguments of
# these are called. By that name an argument is completed, whosever it is: a DURATION, a CLUSTER. So a command or an
# option that is new makes nothing here untrue. What only a daemon knows, like the tags of its node, it is asked for one
# second at most; if it does not answer, there is nothing to choose from.
#
# The functions share what _eldest() declares:
#
#     words, starts    the words up to the cursor, and where each of them begins in COMP_WORDS
#     current          the last of them, which is to be completed
#     commands         of the program
#     options          its own, or those of the command that was named
#     argument, help   by option: how its argument is called, and what is said of it
#     usage            the line that shows what comes behind the options
#     ask              the client, with the options that say which daemon is meant

# Readline cuts words at "=" and ":"; here they are whole.
_eldest_split() {
    local rest=$COMP_LINE word i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
            words[-1]+=$word
        else
            words+=("$word")
            starts+=("$i")
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$word"}
    done
    current=${words[-1]}
}

# Candidates replace only what follows the last of these.
_eldest_cut() { # WHOLE WORD
    local before=''
    [[ $COMP_WORDBREAKS != *=* || $1 != *=* ]] || before=${1%"${1##*=}"}
    [[ $COMP_WORDBREAKS != *:* || ${1#"$before"} != *:* ]] || before=${1%"${1##*:}"}
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
}

_eldest_run() { # PROGRAM ARGUMENT...: which may be for root only, for a second at most
    PATH=$PATH:/usr/local/sbin:/usr/sbin timeout 1 "${1/#\~\//$HOME/}" "${@:2}" 2>/dev/null </dev/null
}

_eldest_learn() { # PROGRAM [COMMAND]
    local line
    options=() argument=() help=() usage=''
    while IFS= read -r line; do
        if [[ $line =~ ^'  '(-.,|'   ')' --'([a-z-]+)(' '([A-Z]+))?'  '+([^ ].*)$ ]]; then
            _eldest_learn_option "--${BASH_REMATCH[2]}" "${BASH_REMATCH[@]:4}"
            [[ ${BASH_REMATCH[1]} != -* ]] || _eldest_learn_option "${BASH_REMATCH[1]%,}" "${BASH_REMATCH[@]:4}"
        elif [[ $line =~ ^'  '([a-z][a-z-]*)(' '|$) ]]; then
            commands+=("${BASH_REMATCH[1]}")
        elif [[ $line == usage:* ]]; then
            usage=$line
        fi
    done < <(_eldest_run "$@" --help)
}

_eldest_learn_option() { # OPTION ARGUMENT HELP
    options+=("$1")
    argument[$1]=$2
    help[$1]=$3
}

# Sets `pending` to the option whose argument is the next word, or to nothing.
_eldest_pending() { # WORD
    local i=0 letter
    pending=''
    case $1 in
        --*=*) return ;;
        --*) letter=$1 ;;
        *)
            letter=-${1:1:1}
            for ((i = 1; i + 1 < ${#1}; i++)); do
                [[ -z ${argument[-${1:i:1}]:-} ]] || return # which has its argument right behind it
                letter=-${1:i+1:1}
            done
            ;;
    esac
    [[ -z ${argument[$letter]:-} ]] || pending=$letter
}

_eldest_offer() { # CANDIDATE...
    local candidate
    for candidate; do
        [[ $candidate != "$current"* ]] || COMPREPLY+=("$candidate")
    done
}

_eldest_files() { # OPTION OF COMPGEN
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

# Those that run here, and those that have a configuration; where, the help tells.
_eldest_clusters() {
    local path name
    while IFS= read -r path; do
        for name in "${path%/*}"/*."${path##*.}"; do
            [[ -e $name ]] || continue
            name=${name##*/}
            name=${name%.*}
            [[ $path != *.conf || $name != eldest ]] || name=default
            _eldest_offer "$name"
        done
    done < <({
        _eldest_run eldestd --help
        _eldest_run "${words[0]}" --help
    } | sed -nE 's/.*\(default: (.*\.(sock|conf))\)$/\1/p' | sort -u)
}

_eldest_durations() {
    if [[ $current =~ ^[0-9]+ ]]; then
        _eldest_offer "${BASH_REMATCH[0]}"{ms,s,m,h,d}
    else
        _eldest_offer 500ms 1s 10s 30s 1m 5m 1h 1d
    fi
}

# Another one of the letters that the help has.
_eldest_formats() { # HELP
    local letters
    compopt -o nospace 2>/dev/null
    mapfile -t letters < <(grep -oE '%.' <<<"$1")
    _eldest_offer "${letters[@]/#/${current%\%}}"
}

# Those of this node, to be changed or taken back, and those of the leader.
_eldest_tags() {
    local tags
    compopt -o nospace 2>/dev/null
    mapfile -t tags < <({
        _eldest_run "${ask[@]}" tag
        _eldest_run "${ask[@]}" leader -f %T
    } | tr ' ' '\n' | grep -F '=')
    _eldest_offer "${tags[@]}" "${tags[@]/%=*/=}"
}

# By name or by id.
_eldest_seats() {
    local seats
    mapfile -t seats < <(_eldest_run "${ask[@]}" retire | sed -nE 's/^([0-9a-f]{32})  ([^ ]+).*/\1\n\2/p')
    _eldest_offer "${seats[@]}"
}

_eldest_units() {
    mapfile -t COMPREPLY < <(_eldest_run systemctl --no-legend --no-pager list-unit-files "$current*.target" \
        "$current*.service" | sed 's/ .*//')
}

_eldest_interfaces() {
    local interfaces=(/sys/class/net/*)
    _eldest_offer "${interfaces[@]##*/}"
}

_eldest_levels() { # HELP
    local levels
    mapfile -t levels < <(grep -oE '[a-z]{3,}' <<<"$1")
    _eldest_offer "${levels[@]}"
}

_eldest_argument() { # NAME HELP
    case $1 in
        CLUSTER) _eldest_clusters ;;
        DURATION) _eldest_durations ;;
        FORMAT) _eldest_formats "$2" ;;
        IFACE) _eldest_interfaces ;;
        LEVEL) _eldest_levels "$2" ;;
        N) ;; # any number
        UNIT) _eldest_units ;;
        *DIR) _eldest_files -d ;;
        FILE | SOCKET) _eldest_files -f ;;
    esac
}

# The command that begins at that word is completed as if it stood alone: by bash-completion, if that is there.
_eldest_command() { # NUMBER OF ITS FIRST WORD
    local offset
    for offset in _comp_command_offset _command_offset; do
        declare -F $offset >/dev/null || continue
        $offset "${starts[$1]}"
        return
    done
    if (($1 == ${#words[@]} - 1)); then
        _eldest_files -c
    else
        _eldest_files -f
    fi
}

# What can stand behind the options.
_eldest_operand() {
    case $usage in
        *'[DIR]') _eldest_files -d ;;
        *KEY=VALUE*) _eldest_tags ;;
        *'[ID | NAME]') _eldest_seats ;;
        *CMD...) _eldest_command $((${#words[@]} - 1)) ;;
    esac
}

# Looks at what stands before the last word; false if that has been completed by this. Then `command` is that of eldest,
# `pending` the option whose argument the last word is, and `behind` whether it can be no option any more.
_eldest_walk() {
    local at last=$((${#words[@]} - 1)) word
    for ((at = 1; at < last; at++)); do
        word=${words[at]}
        if [[ $word == -?* ]] && ! $behind; then
            [[ $word != -- ]] || behind=true
            _eldest_pending "$word"
            [[ -n $pending ]] || continue
            ((++at < last)) || return 0
            [[ ! ${argument[$pending]} =~ ^(CLUSTER|SOCKET)$ ]] || ask+=("$pending" "${words[at]}")
            pending=''
        elif [[ -z $command && ${#commands[@]} -gt 0 ]]; then
            command=$word
            _eldest_learn "${words[0]}" "$command"
        elif [[ $usage == *CMD... ]]; then
            _eldest_command "$at"
            return 1
        fi
    done
    return 0
}

_eldest() {
    local words=() starts=() current='' commands=() options=() usage='' command='' pending='' behind=false ask whole
    local -A argument=() help=()
    COMPREPLY=()
    _eldest_split
    whole=$current ask=("${words[0]}")
    _eldest_learn "${words[0]}"
    _eldest_walk || return 0
    if [[ -n $pending ]]; then
        _eldest_argument "${argument[$pending]}" "${help[$pending]}"
    elif [[ $current == --*=* ]] && ! $behind; then
        pending=${current%%=*} current=${current#*=}
        _eldest_argument "${argument[$pending]:-}" "${help[$pending]:-}"
        COMPREPLY=("${COMPREPLY[@]/#/$pending=}")
    elif [[ $current == -* ]] && ! $behind; then
        _eldest_offer "${options[@]}"
    elif [[ -z $command && ${#commands[@]} -gt 0 ]]; then
        _eldest_offer "${commands[@]}"
    else
        _eldest_operand
    fi
    _eldest_cut "$whole"
}

complete -F _eldest eldest eldestd
