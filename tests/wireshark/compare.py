#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# compare.py - compares what a dissector shows with what it is to show (fields.h), field by field.
#
#     tshark -T pdml ... | compare.py EXPECTED
#
# Also, all bytes of a datagram must be those of some field: so nothing is added to a message that is not shown.

import sys
import xml.etree.ElementTree

GROUPS = {'header', 'tlv', 'member'}  # not enough to have shown something


def fields_of(frame):
    """The fields that have bytes, in the order of the tree, as (name, value, position, size)."""
    datagram = next((proto for proto in frame if proto.get('name') == 'eldest'), None)
    if datagram is None:
        return None, []
    found = [(field.get('name'), field.get('show', ''), int(field.get('pos')), int(field.get('size')))
             for field in datagram.iter('field') if field.get('name', '').startswith('eldest.')]
    return datagram, [field for field in found if field[3] > 0]


def unshown(datagram, fields):
    """The positions in the datagram of bytes that no field has."""
    start, size = int(datagram.get('pos')), int(datagram.get('size'))
    shown = set()
    for name, _, position, length in fields:
        if name.split('.')[1:] and name[len('eldest.'):] not in GROUPS:
            shown.update(range(position, position + length))
    return [byte - start for byte in range(start, start + size) if byte not in shown]


def expected(path):
    """What is to be shown, by frame."""
    frames = {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            frame, name, value = line.rstrip('\n').split('\t')
            frames.setdefault(int(frame), []).append((name, value))
    return frames


def differences(number, want, frame):
    datagram, fields = fields_of(frame)
    if datagram is None:
        yield 'is not shown at all'
        return
    seen = [field[:2] for field in fields]
    for i in range(max(len(want), len(seen))):
        left, right = (fields[i] if i < len(fields) else None for fields in (want, seen))
        if left != right:
            yield f'field {i + 1} is to be {left}, but is {right}'
            break
    for position in unshown(datagram, fields):
        yield f'byte {position} is not shown'


def main():
    frames = expected(sys.argv[1])
    packets = 0
    failed = False
    for number, packet in enumerate(xml.etree.ElementTree.parse(sys.stdin).getroot(), 1):
        packets += 1
        for difference in differences(number, frames.get(number, []), packet):
            print(f'frame {number}: {difference}')
            failed = True
    if packets != len(frames) or packets == 0:
        print(f'{packets} frames, not {len(frames)}')
        failed = True
    sys.exit(failed)


main()
