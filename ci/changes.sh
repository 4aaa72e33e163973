#!/usr/bin/env bash
# Writes what changed in the facts $FACTS since the git revision $OLD, as Markdown: to the summary of the job, and to a
# file for a comment on the pull request. What cannot be compared is said, and fails nothing.
set -euo pipefail

# In the log and in the summary, where its reader looks for what changed.
nothing_compared() {
  echo "$1"
  echo "$1" >>"$GITHUB_STEP_SUMMARY"
  exit 0
}

shown=${OLD//[^[:graph:]]/?} # a line of its own in it would be a command to the log

# The first push of a branch has nothing before it.
if [[ -z ${OLD//0/} ]]; then nothing_compared 'There is no edition of the facts to compare with.'; fi
file=${RUNNER_TEMP:-/tmp}/briefing-changes.md
code=0
briefing diff --facts "$FACTS" --format md -- "$OLD" >"$file" || code=$?
# 0: nothing changed; 1: something did, or an edition is broken, of which nothing is told.
if ((code > 1)) || { ((code == 1)) && [[ ! -s $file ]]; }; then
  if ! commit=$(git rev-parse --verify --quiet --end-of-options "$OLD^{commit}"); then
    nothing_compared "The facts cannot be compared with those of $shown, which is not in this checkout; one with fetch-depth: 0 has all editions."
  elif ! git cat-file -e "$commit:./$FACTS" 2>/dev/null; then
    nothing_compared "$FACTS is new: there was none at $shown, so there is nothing to compare it with."
  fi
  nothing_compared "The facts cannot be compared with those of $shown; the log of this step has the reason."
fi
# A summary may have 1 MiB.
head -c 900000 "$file" >>"$GITHUB_STEP_SUMMARY"
echo "file=$file" >>"$GITHUB_OUTPUT"
