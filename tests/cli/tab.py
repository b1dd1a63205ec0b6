#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# tab.py - what a shell completes: types each line of standard input into it and the tabulator twice, and prints the words
# that the shell shows then and that were not typed, each once, as one line.
#
#     tab.py SHELL [ARGUMENT...] <LINES
#
# The screen is wide, so that nothing is cut. The shell has done with a line when it has printed what the echo behind it
# asks for, since it reads what is typed in that order; and nothing is typed without a prompt, as before that the terminal
# itself would heed the keys that edit.

import os
import pty
import re
import select
import sys

PATIENCE = 20
PROMPT = 'ready> '
ESCAPES = re.compile(r'\x1b(\[[0-9;?]*[a-zA-Z]|[=>]|\][^\x07]*\x07)|[\x07\x0f]')
WRITTEN_OVER = re.compile(r'[^\x08]\x08')
END_OF_LINE, KILL_LINE = '\x05', '\x15'


class Shell:
    def __init__(self, arguments):
        self.waiting = ''  # what was read and is not asked for yet
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ['TERM'] = 'xterm'
            os.execvp(arguments[0], arguments)
        self.write(f"stty rows 100 columns 200; PS1='{PROMPT[0]}''{PROMPT[1:]}'\n")
        self.read_until(PROMPT)

    def write(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, text):
        """What the shell prints before that text."""
        while text not in self.waiting:
            if not select.select([self.terminal], [], [], PATIENCE)[0]:
                sys.exit(f'no {text!r} from the shell, but {self.waiting!r}')
            try:
                self.waiting += os.read(self.terminal, 65536).decode(errors='replace')
            except OSError:
                sys.exit(f'the shell has ended: {self.waiting!r}')
        seen, self.waiting = self.waiting.split(text, 1)
        return seen

    def complete(self, line):
        """The words that it shows for a line."""
        self.write(f'{line}\t\t')
        self.write(f"{END_OF_LINE}{KILL_LINE}echo 'do''ne'\n")
        shown = ESCAPES.sub('', self.read_until('done\r\n'))
        while WRITTEN_OVER.search(shown):
            shown = WRITTEN_OVER.sub('', shown)
        self.read_until(PROMPT)
        return set(shown.split("echo 'do''ne'")[0].split()) - set(line.split()) - {PROMPT.strip()}


def main():
    shell = Shell(sys.argv[1:])
    for line in sys.stdin.read().splitlines():
        print(*sorted(shell.complete(line)))


main()
