#!/usr/bin/env bash
# The installed git-lfs with the agent: exports that are pushed, cloned, read lazily, damaged, and cut off in the middle. Installs
# git-lfs from Debian where it is missing and may be installed; where there is none, the tests are skipped and counted.
set -u
cd "$(dirname "$0")/../.."
if ! command -v git-lfs >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  apt-get install -y -qq --no-install-recommends git-lfs >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends git-lfs; } >/dev/null 2>&1
fi

command -v git-lfs >/dev/null && git lfs version
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet test tests/HarvestTools.Cli.Tests --nologo --filter "FullyQualifiedName~GitLfs" --logger "trx;LogFileName=lfs.trx" --results-directory "$results" 2>&1 | grep -vE '^\[xUnit\.net|^Results File: '
status=${PIPESTATUS[0]}
counters=$(grep -o '<Counters [^>]*' "$results/lfs.trx" 2>/dev/null)
count() { grep -oE " $1=\"[0-9]+\"" <<<"$counters" | grep -oE '[0-9]+' || echo 0; }
total=$(count total) executed=$(count executed) passed=$(count passed) failed=$(count failed)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $((total - executed)) skipped"
exit "$status"
