# Completion of rethrift's commands and options in bash. The words come from the command's own help,
# so that they are those of the version that is installed.

_rethrift_commands() {
    "$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

_rethrift_options() {
    "$1" "$2" --help 2>/dev/null | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}

_rethrift() {
    local tool=$1 current=$2 previous=$3 words=""

    case $previous in
    --from) words="binary compact tjson json" ;;
    --to) words="binary compact tjson json simple-json" ;;
    --in | --out) words="raw hex base64" ;;
    *)
        if [ "$COMP_CWORD" -eq 1 ]; then
            words=$(_rethrift_commands "$tool")
        elif [[ $current == -* ]]; then
            words=$(_rethrift_options "$tool" "${COMP_WORDS[1]}")
        fi
        ;;
    esac
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}

complete -F _rethrift rethrift
