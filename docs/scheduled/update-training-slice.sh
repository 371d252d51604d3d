#!/usr/bin/env bash
# Archives the exports of a folder, cuts a slice if labels changed, checks every slice, asks for the retrain decision and
# writes what happened as Markdown. Asks nothing, may run twice and may run beside itself: without a changed label it cuts
# nothing. Needs harvest and jq on the PATH.
#
#     update-training-slice.sh [-C REPOSITORY] [-p PROJECT] [-s SUMMARY] EXPORTS
#
# EXPORTS holds *.json. Those in it belong to PROJECT, or else to the project that each export names itself; those in
# a folder EXPORTS/NAME belong to the project NAME.
#
# Exit codes are harvest's own, the highest of all steps: 0 fine (whatever the decision), 1 drift, 2 wrong usage,
# 3 an export or other data at fault (no slice is cut then), 4 not a repository or cannot write.
set -u

usage() {
    echo "usage: ${0##*/} [-C REPOSITORY] [-p PROJECT] [-s SUMMARY] EXPORTS" >&2
    exit 2
}

repository=. project= summary=training-slice.md
while getopts C:p:s: option; do
    case $option in
        C) repository=$OPTARG ;;
        p) project=$OPTARG ;;
        s) summary=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[[ $# -eq 1 ]] || usage
worst=0 failed=0
text=$(mktemp) || exit 4
trap 'rm -f "$text" "$text.json"' EXIT
printf '# Training slice, %s\n\n' "$(date -u '+%Y-%m-%d %H:%M UTC')" >"$text"

say() { printf '%s\n' "$1" | tee -a "$text"; }

# Runs harvest for its JSON; errors and warnings go to stderr and into the summary.
run() {
    harvest -C "$repository" --json "$@" >"$text.json"
    code=$?
    ((code > worst)) && worst=$code
    jq -r '.errors[]?, .exports[]?.warnings[]? | "- **\(.id)**: \(.message) \(.remedy)"' "$text.json" >>"$text"
    return "$code"
}

field() { jq -r "$1" "$text.json"; }

finish() {
    # Written aside and renamed: what reads the summary reads a whole one.
    if cp "$text" "$summary.$$" 2>/dev/null && mv -f "$summary.$$" "$summary"; then :; else
        echo "Cannot write '$summary'." >&2
        ((worst < 4)) && worst=4
    fi
    exit "$worst"
}

# Exports by project: a slice takes the newest of each.
archive() {
    local folder=$1 files
    shift
    files=("$folder"/*.json)
    [[ -e ${files[0]} ]] || return 0
    run add "$@" -- "${files[@]}"
    failed=$((failed + $(field '.errors | length')))
    field '.exports[]? | "- \(.project) \(.sha256[:12]), \(.tasks // "?") tasks: "
        + (if .added | not then "archived already" elif .same_labels_as then "archived; its labels are those of an earlier export" else "archived" end)
        + (if .newest then "" else "; a newer export of the project is archived" end)' | tee -a "$text"
}

# Prints one line for each project whose newest export has labels that the newest slice does not have.
changed_projects() {
    local newest
    harvest -C "$repository" --json project >"$text.json" || return
    newest=$(jq '[.projects[] | select((.retired | not) and .newest != null) | { project, sha256: .newest }]' "$text.json")
    harvest -C "$repository" --json exports >"$text.json" || return
    newest=$(jq --argjson newest "$newest" '[.exports[] | { project, sha256, label_sha256 } | select({ project, sha256 } | IN($newest[]))]' "$text.json")
    harvest -C "$repository" --json slices >"$text.json" || return
    jq -r --argjson newest "$newest" '
        (.slices | max_by((.created_at // .trained_at // "") | rtrimstr("Z"))) as $slice
        | $newest[]
        | . as $export
        | select([$slice.exports[]? | select(.sha256 == $export.sha256 or (.label_sha256 != null and .label_sha256 == $export.label_sha256))] | length == 0)
        | .project' "$text.json"
}

# Also what keeps it from beginning is in the summary: yesterday's must not pass for today's.
stop() {
    echo "$1" >&2
    printf -- '- %s\n' "$1" >>"$text"
    worst=$2
    finish
}
[[ -d $1 ]] || stop "There is no folder '$1'." 3
exports=$(cd "$1" && pwd)
for program in harvest jq; do
    command -v "$program" >/dev/null || stop "$program is not on the PATH." 2
done

printf '## Exports\n\n' >>"$text"
archive "$exports" ${project:+--project "$project"}
for folder in "$exports"/*/; do
    [[ -d $folder ]] && archive "${folder%/}" --project "$(basename "$folder")"
done

printf '\n## Slice\n\n' >>"$text"
if ((worst > 0)); then
    say 'No slice was cut: not every export could be archived.'
else
    if ! changed=$(changed_projects); then
        run slices
        run exports
    elif [[ -z $changed ]]; then
        say 'The newest slice has the labels of the newest exports: nothing was cut.'
    else
        names=$(paste -sd, - <<<"$changed")
        # The next version that no branch has. Where another run was first, there is nothing left to cut.
        if ! run new --next --if-changed --reason "Labels changed in ${names//,/, }"; then
            say 'No slice was cut.'
        elif [[ $(field '.made') == true ]]; then
            say "Cut $(field '.slice.slice_version'): labels changed in ${names//,/, }."
            field '(.losses[] | "- \(.text)"), (.warnings[] | "- **\(.id)**: \(.message) \(.remedy)"), (.taken[] | "- \(.version) is taken \(.where).")' | tee -a "$text"
        else
            say "Another run was first: $(field '.slice.slice_version') has the labels of the newest exports, and nothing was cut."
        fi
    fi
fi

printf '\n## Check\n\n' >>"$text"
run check
# What several slices share is explained at the first of them and named at the others.
field '[.slices[]? | .version as $version | { $version, text: "- \(.version): \(.status)" }, (.findings[] | {
        $version,
        what: ([.kind, .subject, .expected, .actual, .remedy] | tojson),
        under: .reported_under,
        text: "  - \(.kind): \(.message) \(.remedy)",
        name: "  - \(.kind): \(.subject)" })]
    | foreach .[] as $line ({}; if $line.what then .[$line.what] //= ($line.under // $line.version) else . end;
        if $line.what and .[$line.what] != $line.version then "\($line.name), as reported under \(.[$line.what])." else $line.text end)' | tee -a "$text"

printf '\n## Retraining\n\n' >>"$text"
if run decide; then
    ((failed == 0)) || say "- Not archived in this run: $failed of the exports. The decision does not know their labels."
    echo "$(field '.decision.decision'): $(field '.decision.reason')"
    harvest -C "$repository" decide --markdown >>"$text"
fi
finish
