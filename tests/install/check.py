#!/usr/bin/python3
"""Uses rethrift as others do: check.py pkg-config|subproject SOURCE BUILD

pkg-config: installs the build below a temporary directory, compiles a C and a C++ program against
it with what pkg-config says, and runs them. subproject: a meson project that takes the source tree
as its subproject.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
EXPECTED = 'Ada 7\n'
PROGRAMS = (('c', 'cc', '-std=c11', 'program.c'), ('c++', 'c++', '-std=c++17', 'program.cpp'))

PROJECT = '''project('user', 'c', default_options: ['c_std=c11', 'cpp_std=c++17'])
rethrift = dependency('rethrift', fallback: 'rethrift',
  default_options: ['tests=false', 'examples=disabled'])
executable('program', 'program.c', dependencies: rethrift)
if add_languages('cpp', native: false, required: false)
  executable('program-cpp', 'program.cpp', dependencies: rethrift)
endif
'''


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, capture_output=True, **options).stdout


def expect_output(program, environment=None):
    printed = run(str(program), env=environment)
    assert printed == EXPECTED, printed


def check_pkg_config(_, build, place):
    run('meson', 'install', '-C', build, '--no-rebuild', '--destdir', str(place))
    found = next(place.rglob('rethrift.pc'))
    library = found.parent.parent
    prefix = run('pkg-config', '--variable=prefix', str(found)).strip()
    installed = str(place) + prefix
    environment = dict(os.environ, PKG_CONFIG_PATH=str(found.parent), LD_LIBRARY_PATH=str(library))
    flags = run('pkg-config', f'--define-variable=prefix={installed}', '--cflags', '--libs',
                'rethrift', env=environment).split()
    for _, compiler, standard, source in PROGRAMS:
        if shutil.which(compiler):
            program = place / 'program'
            run(compiler, standard, str(HERE / source), '-o', str(program), *flags)
            expect_output(program, environment)


def check_subproject(source, _, place):
    (place / 'meson.build').write_text(PROJECT)
    for name in ('program.c', 'program.cpp'):
        shutil.copy(HERE / name, place)
    (place / 'subprojects').mkdir()
    (place / 'subprojects/rethrift').symlink_to(source)
    run('meson', 'setup', str(place / 'build'), str(place))
    run('ninja', '-C', str(place / 'build'))
    for program in ('program', 'program-cpp'):
        if (place / 'build' / program).exists():
            expect_output(place / 'build' / program)


def main(how, source, build):
    place = pathlib.Path(tempfile.mkdtemp())
    try:
        {'pkg-config': check_pkg_config, 'subproject': check_subproject}[how](source, build, place)
    except subprocess.CalledProcessError as failed:
        print(failed.cmd, failed.stdout, failed.stderr, sep='\n', file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(place)
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
