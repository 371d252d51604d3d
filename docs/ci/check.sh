#!/bin/sh
# Fails a build when a slice drifted. Run it at the repository's root; needs the harvest program on the PATH.
# Exit codes are harvest's own: 0 fine, 1 drift, 2 wrong usage, 3 input at fault, 4 not a repository or cannot write.
# check.sh [SUMMARY] also adds what is printed to that file as Markdown, whatever step fails; left out, it is the file that
# GITHUB_STEP_SUMMARY names, where there is one.
set -u
summary=${1:-${GITHUB_STEP_SUMMARY:-}}
printed=$(mktemp) || exit 4
trap 'rm -f "$printed"' EXIT

# Prints what a command prints as it comes, adds it to the summary, and returns with the command's exit code.
step() {
    title=$1
    shift
    code=$( { { "$@" 2>&1; echo $? >&3; } | tee "$printed" >&2; } 3>&1 )
    if [ -n "$summary" ]; then
        {
            printf '### %s: ' "$title"
            if [ "$code" = 0 ]; then echo passed; else echo "failed (exit code $code)"; fi
            printf '\n```text\n'
            cat "$printed"
            printf '```\n\n'
        } >> "$summary"
    fi

    return "$code"
}

# Definitions and hashes take seconds, and a version that names two definitions is found here already.
step 'Definitions and hashes' harvest check --quick || exit

# Everything, derived again from the exports.
step 'Everything, derived again' harvest check || exit
