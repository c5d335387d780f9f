#!/usr/bin/python3
"""Hostile bytes in the codec alone: codec.py DECODE_CASES LOAD_CASES FOLDER

FOLDER has wire.jsonl with its definition, and idl.jsonl. Every input ends as it should and uses no
more memory than is promised; see inputs.py. tools/bench promises prints the figures.
"""
import pathlib
import sys
import tempfile

import inputs

# Words of what a case wants -> the status that the codec ends with.
STATUSES = {
    'BAD_VERSION': ['E_PROTOCOL'], 'INVALID_PROTOCOL': ['E_PROTOCOL'],
    'INVALID_TRANSFORM': ['E_PROTOCOL'], 'INVALID_MESSAGE_TYPE': ['E_CORRUPT'],
    'UNKNOWN_METHOD': ['E_NAME'], 'MISSING_REQUIRED': ['E_REQUIRED'],
    'SIZE_LIMIT': ['E_LIMIT'], 'DEPTH_LIMIT': ['E_LIMIT'], 'NEGATIVE_SIZE': ['E_CORRUPT'],
    'INVALID_DATA': ['E_CORRUPT', 'E_TYPE', 'E_RANGE', 'E_TRAILING'],
    'or true': ['OK'], 'or documented': ['OK'],
    'empty frame: error': ['E_PROTOCOL'], 'waits': ['E_TRUNCATED'],
}
FINE = ('reply', 'one documented rule', 'same rule as binary', 'last wins', 'value refused when')
# Without a frame nothing says that a text without its end is all there is.
OPEN_ENDS = {'j-str-unterm': 'E_TRUNCATED'}


def wanted(case):
    if case.want.startswith(FINE) or case.want == 'skipped':
        return {'OK'}
    found = {status for word, of_word in STATUSES.items() if word in case.want
             for status in of_word}
    return found | {OPEN_ENDS[case.name]} if case.name in OPEN_ENDS else found


def complaint(case, cost, statuses):
    if statuses is not None and cost.status not in statuses:
        return f'{cost.status} ({cost.message}), wanted one of {sorted(statuses)}: {case.want}'
    most = inputs.allowance(case, cost.size)
    return f'{cost.peak} bytes of memory, {most} may be' if cost.peak > most else None


def check_decoding(program, definition, cases, statuses):
    """(checked, wrong). `statuses`: of a case, or None when any will do."""
    checked = wrong = 0
    for case, cost in inputs.decode_costs(program, definition, cases):
        checked += 1
        said = complaint(case, cost, statuses(case))
        if said is not None:
            wrong += 1
            print(f'{case.name} ({case.protocol}, {cost.size} bytes): {said}')
    return checked, wrong


def check_loading(program, cases, folder):
    checked = wrong = 0
    files = list(inputs.load_cases(cases, folder))
    for (name, _, want), cost in zip(files, inputs.load_costs(program, files)):
        checked += 1
        refused = cost.status != 'OK'
        right = (not refused if want.startswith('ok') else
                 refused or ' or ' in want or name in inputs.OF_OTHER_FILES)
        if not right or cost.peak > inputs.LOAD_BYTES:
            wrong += 1
            print(f'{name}: {cost}, wanted {want}')
    return checked, wrong


def main(decode_cases, load_cases, cases):
    cases = pathlib.Path(cases)
    definition = cases / 'hostile.thrift'
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        wide = folder / 'wide.thrift'
        wide.write_text(inputs.wide_definition())
        done = [
            check_decoding(decode_cases, definition, list(inputs.wire_cases(cases / 'wire.jsonl')),
                           wanted),
            check_decoding(decode_cases, definition, list(inputs.bombs(30_000)), wanted),
            check_decoding(decode_cases, definition, list(inputs.corpora()), lambda case: None),
            check_decoding(decode_cases, wide, [inputs.wide(100)], lambda case: {'OK'}),
            check_decoding(decode_cases, wide, [inputs.wide(20_000)], lambda case: {'E_LIMIT'}),
            check_loading(load_cases, cases / 'idl.jsonl', folder),
        ]
    checked, wrong = (sum(column) for column in zip(*done))
    print(f'{checked - wrong} passed, {wrong} failed')
    return wrong > 0 or checked == 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
