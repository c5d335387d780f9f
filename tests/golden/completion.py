#!/usr/bin/python3
"""What the shells complete are the commands, options and values that the help texts have.

    completion.py RETHRIFT rethrift.bash [_rethrift]

bash runs its completion as a user's would; zsh, with the second file, runs what finds the words.
"""
import re
import subprocess
import sys


def output(*command, text=None):
    return subprocess.run(command, input=text, check=True, capture_output=True, text=True,
                          timeout=60).stdout


def completed(tool, script, *words):
    """What bash offers for the last of the words."""
    program = ('source "$1"; tool=$2; shift 2; COMP_WORDS=("$tool" "$@"); COMP_CWORD=$#\n'
               '_rethrift "$tool" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"\n'
               'printf "%s\\n" "${COMPREPLY[@]}"')
    return set(output('bash', '-c', program, 'bash', script, tool, *words).split())


def found_by_zsh(tool, script, *words):
    """What zsh's script adds, without the shell's own functions."""
    program = ('compadd() { shift; print -l -- "$@" }; tool=$2; script=$1; shift 2\n'
               'words=("$tool" "$@"); CURRENT=$#words; source "$script"')
    return set(output('zsh', '-f', '-c', program, 'zsh', script, tool, *words).split())


def main(tool, bash_script, zsh_script=None):
    failed = checked = 0
    commands = set(re.findall(r'^  (\w+) {2,}', output(tool, '--help'), re.M))
    wanted = {('',): commands}
    for command in commands:
        wanted[command, '--'] = set(re.findall(r'--[a-z][a-z0-9-]*', output(tool, command, '--help')))
    help_text = output(tool, 'convert', '--help')
    protocols = re.search(r'what the input is: (.*)', help_text).group(1).split(', ')
    wanted['convert', '--from', ''] = set(protocols)
    wanted['convert', '--to', ''] = set(protocols) | {'simple-json'}
    wanted['encode', '--out', ''] = {'raw', 'hex', 'base64'}
    for words, want in wanted.items():
        ways = [completed(tool, bash_script, *words)]
        if zsh_script:
            ways.append(found_by_zsh(tool, zsh_script, *words))
        for got in ways:
            checked += 1
            if got != want:
                failed += 1
                print(f'{words}: {sorted(got)}, wanted {sorted(want)}')
    partly = completed(tool, bash_script, 'encode', '--seq')
    if partly != {'--sequence-id'}:
        failed += 1
        print(f'encode --seq: {partly}')
    print(f'{checked + 1 - failed} passed, {failed} failed')
    return failed > 0 or not commands


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
