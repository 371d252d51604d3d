#!/usr/bin/env bash
# A minute of fuzzing over all targets, an hour with HARVEST_FUZZ_SECONDS=3600. Each commit has its own seed, so that a red run can be
# repeated and a green one covers more with every commit.
set -u
cd "$(dirname "$0")/../.."
commit=$(git rev-parse HEAD 2>/dev/null || echo 1)
seed=$((16#${commit:0:6}))
keep=$(mktemp -d)
dotnet run --project tests/fuzz -- --seconds "${HARVEST_FUZZ_SECONDS:-60}" --seed "$seed" --keep "$keep" | tee "$keep/log"
status=${PIPESTATUS[0]}
targets=$(grep -cE '^[a-z-]+: [0-9]+ inputs in ' "$keep/log")
failed=$(ls "$keep"/*.bin 2>/dev/null | sed 's/-[0-9a-f]*\.bin$//' | sort -u | wc -l)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
[ "$failed" -eq 0 ] && rm -rf "$keep"
passed=$((targets > failed ? targets - failed : 0))
echo "$passed passed, $failed failed, 0 skipped"
exit "$status"
