#!/usr/bin/env bash
# The report in a real browser: clicks, keys, search, comparison, charts, both themes, narrow and wide, on paper. Installs Chromium from
# Debian where it is missing and may be installed; where there is none, the tests are skipped and counted. Nothing else is downloaded:
# the driver comes with its package.
set -u
cd "$(dirname "$0")/../.."
if ! command -v chromium >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji; }
  install >/dev/null 2>&1 || { apt-get update -qq && install; } >/dev/null 2>&1
fi

command -v chromium >/dev/null && chromium --version 2>/dev/null
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet test tests/HarvestTools.Page.Tests --nologo --logger "trx;LogFileName=page.trx" --results-directory "$results" 2>&1 | grep -vE '^\[xUnit\.net|^Results File: '
status=${PIPESTATUS[0]}

# What the browser measured with 500 slices is for those who read; no test goes by it.
grep -oE '500 slices: loaded[^<]*' "$results/page.trx" 2>/dev/null | head -n 1
counters=$(grep -o '<Counters [^>]*' "$results/page.trx" 2>/dev/null)
count() { grep -oE " $1=\"[0-9]+\"" <<<"$counters" | grep -oE '[0-9]+' || echo 0; }
total=$(count total) executed=$(count executed) passed=$(count passed) failed=$(count failed)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
echo "$passed passed, $failed failed, $((total - executed)) skipped"
exit "$status"
