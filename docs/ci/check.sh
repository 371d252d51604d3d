#!/bin/sh
# Fails a build when a slice drifted. Run it at the repository's root; needs the harvest program on the PATH.
# Exit codes are harvest's own: 0 fine, 1 drift, 2 wrong usage, 3 input at fault, 4 not a repository or cannot write.
set -eu

# Definitions and hashes take seconds, and a version that names two definitions is found here already.
harvest check --quick

# Everything, derived again from the exports.
harvest check
