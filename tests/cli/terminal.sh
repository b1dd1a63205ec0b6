# shellcheck shell=bash disable=SC2154 # scratch is that of lib.sh
# SPDX-License-Identifier: ISC
#
# terminal.sh - programs on terminals of their own, which are those of tmux; to be read after lib.sh.
#
#     open_terminal a 80x24 CMD... the command on a terminal of that size, without which the terminal is gone
#     screen a                     what is on it
#     shows a TEXT                 this is in it, as a regular expression; for wait_until
#     lacks a TEXT                 this is not
#     press a KEY...               types them: Down, q, C-c
#     resize a 40x10
#     close_terminal a
#     raw a                        all that was written to it so far, with its escape sequences
#
# Characters are UTF-8 there, whatever the test's own locale is.

command -v tmux >/dev/null || skip "this test needs tmux"

# finish() of lib.sh ends it.
terminal_socket=$scratch/tmux

terminals() { # COMMAND...: of tmux
    LC_ALL=C.UTF-8 SHELL=$BASH tmux -f /dev/null -S "$terminal_socket" "$@"
}

# The command begins when all that it writes is kept.
open_terminal() { # NAME COLUMNSxLINES COMMAND...
    local command begin=$scratch/$1.begin
    printf -v command '%q ' "${@:3}"
    mkfifo "$begin"
    terminals new-session -d -s "$1" -x "${2%x*}" -y "${2#*x}" "read -r _ <$(printf %q "$begin"); exec $command" \; \
        set-option -g status off \; set-option -g escape-time 0
    terminals pipe-pane -t "$1" "exec cat >>$(printf %q "$scratch/$1.raw")"
    echo >"$begin"
    rm "$begin"
}

screen() { # NAME
    terminals capture-pane -p -t "$1"
}

raw() { # NAME
    cat "$scratch/$1.raw"
}

shows() { # NAME EXPRESSION
    screen "$1" | grep -qE -- "$2"
}

lacks() { # NAME EXPRESSION
    ! shows "$@"
}

press() { # NAME KEY...
    terminals send-keys -t "$1" "${@:2}"
}

resize() { # NAME COLUMNSxLINES
    terminals resize-window -t "$1" -x "${2%x*}" -y "${2#*x}"
}

close_terminal() { # NAME
    terminals kill-session -t "$1"
}
