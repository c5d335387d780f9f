# Debian packages that a script needs: sourced by the scripts in tools/.
# shellcheck shell=bash disable=SC2034

# The library and its command; the tests; the peers that the tests and benchmarks talk to.
packages_build=(gcc g++ pkg-config meson ninja-build libuv1-dev libffi-dev libjansson-dev libxxhash-dev
    uthash-dev zlib1g-dev node-llhttp)
packages_examples=(libsqlite3-dev)
packages_test=(check clang clang-format-14 libclang-rt-14-dev locales python3)
packages_peers=(thrift-compiler python3-thrift python3-six python3-thriftpy
    libthrift-dev libboost-dev libssl-dev libthrift-c-glib-dev)
# What only the whole interoperability matrix needs.
packages_matrix=(golang-go golang-thrift-dev default-jdk-headless libthrift-java php-cli php-thrift
    perl libthrift-perl libbit-vector-perl libclass-accessor-perl libwww-perl libio-string-perl
    ruby ruby-thrift)

# The programs that `tools/test programs` runs; what npm has of them.
packages_programs=(tshark gnuradio ruby ruby-jaeger-client)
npm_programs=(jaeger-client@3.19.0 hive-driver@1.0.0 parquetjs@0.11.2 hyparquet-writer@0.17.0)

# Compilers for other machines, and what runs their programs.
packages_foreign=(gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-arm-linux-gnueabihf
    libc6-dev-armhf-cross qemu-user)

say() { printf '%s\n' "$*" >&2; }

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    local package
    for package in "$@"; do
        is_installed "$package" || printf '%s\n' "$package"
    done
}

# Runs a command quietly; shows what it said only when it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        say "failed: $*"
        grep -vE '^\[[0-9]+/[0-9]+\] (Compiling|Linking)' "$log" | tail -n 60 >&2
    fi
    rm -f "$log"
    return "$status"
}

# need_packages PACKAGE...: installs what is missing, or says how and gives up.
need_packages() {
    local missing=() as_root=()
    if ! command -v dpkg-query >/dev/null; then
        say "this is not Debian; what its packages are called here must be installed: $*"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            say "missing packages; as root:"
            say "    apt-get install ${missing[*]}"
            return 1
        fi
        as_root=(sudo)
    fi
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    quietly "${as_root[@]}" apt-get update || say "going on with the package lists that are here"
    quietly "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"
}

# need_npm PACKAGE@VERSION...: into build-test/npm, once.
need_npm() {
    local package
    command -v npm >/dev/null || need_packages nodejs npm || return 1
    for package in "$@"; do
        if [ ! -e "build-test/npm/node_modules/${package%@*}/package.json" ]; then
            say "installing $* from npm"
            mkdir -p build-test/npm
            quietly npm install --prefix build-test/npm --no-audit --no-fund "$@"
            return
        fi
    done
}
