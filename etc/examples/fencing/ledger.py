#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""ledger.py FILE [TEXT] - writes a line into a ledger that refuses leaders of yesterday; without TEXT, prints the ledger.

On the leader, with the token of its leadership in the environment:

    eldest run -- sh -c 'while ./ledger.py /srv/ledger.db "$(date)"; do sleep 1; done'

The ledger is a database of SQLite, and it is the ledger that refuses, not this program: the triggers below hold for whoever
writes to it. It remembers the newest token that it was shown, EPOCH.ID, and takes nothing with a smaller epoch, nor with the
same epoch and another id. So a leader that stood still, or was cut off, cannot write any more once its successor has shown
its own token, whatever it believes. Until then it still can, so a leader shows its token before anything else.

Exits 0 when the line is written, 1 when the token is refused, 2 when it is none.
"""

import os
import re
import sqlite3
import sys

SCHEMA = """
CREATE TABLE IF NOT EXISTS newest (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entry (epoch INTEGER NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL);
INSERT OR IGNORE INTO newest VALUES (1, 0, '');

CREATE TRIGGER IF NOT EXISTS never_back BEFORE UPDATE ON newest
WHEN NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'another leadership is newer'); END;

CREATE TRIGGER IF NOT EXISTS never_forgotten BEFORE DELETE ON newest
BEGIN SELECT RAISE(ABORT, 'the newest token is not to be forgotten'); END;

CREATE TRIGGER IF NOT EXISTS shown_first BEFORE INSERT ON entry
BEGIN
    UPDATE newest SET epoch = NEW.epoch, id = NEW.id;
END;
"""


def token():
    """The two parts of the token. Epochs are compared as numbers: 10 is more than 9."""
    match = re.fullmatch(r"([1-9][0-9]{0,15})\.([0-9a-f]{32})", os.environ.get("ELDEST_TOKEN", ""))
    if not match:
        print("ELDEST_TOKEN has no token: run this by eldest run or eldest hooks", file=sys.stderr)
        sys.exit(2)
    return int(match[1]), match[2]


def append(ledger, text):
    """Either the token is the newest and the line is there, or neither."""
    try:
        with ledger:
            ledger.execute("INSERT INTO entry VALUES (?, ?, ?)", (*token(), text))
    except sqlite3.IntegrityError as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        sys.exit(1)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    ledger = sqlite3.connect(sys.argv[1])
    ledger.executescript(SCHEMA)
    if len(sys.argv) == 3:
        append(ledger, sys.argv[2])
    else:
        for entry in ledger.execute("SELECT epoch, id, text FROM entry ORDER BY rowid"):
            print("%d.%s %s" % entry)


main()
