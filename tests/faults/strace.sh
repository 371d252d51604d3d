#!/usr/bin/env bash
# Faults of real system calls under the real program, on Linux and on request (nightly): strace makes one call of a command fail, or
# kills the program at it. After each the repository is whole, the exit code is right, and the same command then gives what it
# gives undisturbed.
# Usage: tests/faults/strace.sh [SAMPLES] [SEED]; HARVEST names the program, otherwise the one that was built.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
harvest=${HARVEST:-$root/src/HarvestTools.Cli/bin/Debug/net10.0/harvest}
samples=${1:-500}
RANDOM=${2:-1}
calls=openat,write,pwrite64,rename,renameat2,link,fsync,unlink,mkdir
errors=(ENOSPC EACCES EIO)
commands=(add new build register pin-eval repair)
export SOURCE_DATE_EPOCH=1777881600 NO_COLOR=1 DOTNET_NOLOGO=1 LANG=C.UTF-8
command -v strace >/dev/null || { echo "strace is not installed" >&2; exit 2; }
[ -x "$harvest" ] || { echo "$harvest is not there: build the program first, or name it in HARVEST" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT

arguments() {
  case $1 in
    add) echo "add exports/a.json --project a" ;;
    new) echo "new v1" ;;
    build) echo "build v1" ;;
    register) echo "register v1 m model.bin --metric f1=0.5 --trained-at 2026-05-04T08:00:00Z" ;;
    pin-eval) echo "pin-eval eval.csv --slice v1" ;;
    repair) echo "fsck --repair" ;;
  esac
}

# Everything that is more than a cache, a lock, a temporary file or what was set aside.
snapshot() {
  (cd "$1" && find . -type f -not -path './.harvest/cache/*' -not -path './.harvest/locks/*' -not -path '*/quarantine/*' \
    -not -name '.tmp-*' -not -path '*/.tmp-*/*' -not -name .lock | LC_ALL=C sort | xargs -d '\n' sha256sum)
}

# The shell would say of each program that was killed that it was.
run() { (cd "$1" && shift && exec 2>/dev/null && "$@" >"$scratch/out" 2>&1); }

fail() {
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$1"
  sed 's/^/  /' "$scratch/out" | head -n 8
}

base=$scratch/base
mkdir -p "$base/exports"
run "$base" "$harvest" init || { cat "$scratch/out"; exit 1; }
cat >"$base/exports/a.json" <<'EXPORT'
[{"id":1,"project":11,"data":{"image":"s3://bucket/take_01/img_000001.jpg","episode_id":"take_01","frame_index":1},
  "created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:00:00Z",
  "annotations":[{"id":5,"completed_by":1,"created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:00:00Z","result":[
   {"id":"r1","type":"rectanglelabels","from_name":"label","to_name":"image","original_width":640,"original_height":480,
    "value":{"x":10,"y":20,"width":30,"height":5,"rotation":0,"rectanglelabels":["hand"]}}]}]}]
EXPORT
echo weights >"$base/model.bin"
printf 'episode_id\ntake_01\n' >"$base/eval.csv"

# Of each command: the repository before it, what it gives undisturbed, and its calls that touch the repository, each with its
# number among the calls of that name of its thread, by which strace counts.
: >"$scratch/candidates"
for command in "${commands[@]}"; do
  before=$scratch/$command
  cp -a "$base" "$before"
  case $command in
    new) run "$before" "$harvest" add exports/a.json --project a ;;
    build | register | pin-eval | repair)
      run "$before" "$harvest" add exports/a.json --project a && run "$before" "$harvest" new v1 ;;
  esac || { cat "$scratch/out"; exit 1; }
  case $command in
    build) rm -rf "$before/.harvest/cache" ;;
    repair)
      object=$(find "$before/.harvest/archive/sha256" -type f -size +200c | LC_ALL=C sort | head -n 1)
      chmod u+w "$object" && printf x >>"$object" && chmod a-w "$object" ;;
  esac
  work=$scratch/work
  cp -a "$before" "$work"
  read -ra words <<<"$(arguments "$command")"
  run "$work" strace -f -qq -y -e trace="$calls" -o "$scratch/log" "$harvest" "${words[@]}" || { echo "$command fails undisturbed"; cat "$scratch/out"; exit 1; }
  snapshot "$work" >"$scratch/$command.after"
  awk -v command="$command" -v folder="$work" '
    { gsub(/AT_FDCWD<[^>]*>/, "") }  # The current folder is the repository, whatever is opened.
    match($0, /^[0-9]+ +[a-z0-9]+\(/) {
      split($0, parts, /[ (]+/); call = parts[2]; number = ++count[$1, call]
      if (index($0, folder)) print command, call, number
    }' "$scratch/log" | sort -u >>"$scratch/candidates"
  rm -rf "$work"
done
mapfile -t candidates <"$scratch/candidates"
echo "${#candidates[@]} calls of ${#commands[@]} commands touch the repository"

failed=0 disturbed=0 missed=0
for ((i = 1; i <= samples; i++)); do
  read -r command call number <<<"${candidates[(RANDOM * 32768 + RANDOM) % ${#candidates[@]}]}"
  error=${errors[RANDOM % ${#errors[@]}]}
  if ((RANDOM % 3 == 0)); then how=signal=KILL; else how=error=$error; fi
  what="$command $call $number $how"
  work=$scratch/work
  rm -rf "$work" && cp -a "$scratch/$command" "$work"
  read -ra words <<<"$(arguments "$command")"
  run "$work" timeout 60 strace -f -qq -y -e trace="$call" -e inject="$call:$how:when=$number" -o "$scratch/log" "$harvest" "${words[@]}"
  code=$?

  # Threads count apart, so that a call outside of the repository may have failed too: the runtime's own, which is no fault of the program.
  if grep INJECTED "$scratch/log" | sed 's/AT_FDCWD<[^>]*>//' | grep -qvF "$work"; then
    missed=$((missed + 1))
  elif [ "$how" != signal=KILL ] && [ "$code" -ne 0 ] && [ "$code" -ne 4 ] && ! { [ "$command" = repair ] && [ "$code" -eq 1 ]; }; then
    fail "$what: exit code $code; $(grep INJECTED "$scratch/log" | head -n 1)"
    continue
  fi
  if [ "$code" -ne 0 ]; then disturbed=$((disturbed + 1)); fi

  if [ "$command" != repair ] && ! run "$work" "$harvest" fsck && ! run "$work" "$harvest" fsck --repair; then
    fail "$what: fsck finds what no repair mends"
    continue
  fi
  if ! run "$work" "$harvest" "${words[@]}" && ! grep -q "already exists" "$scratch/out"; then
    fail "$what (exit code $code): the repeat fails"
    continue
  fi
  snapshot "$work" | diff "$scratch/$command.after" - >"$scratch/out" || fail "$what (exit code $code): the repeat gives something else"
done
echo "$samples faults: $disturbed ended the command, $missed met the runtime as well"
echo "$((samples - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
