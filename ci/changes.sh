#!/usr/bin/env bash
# Writes what changed in the facts $FACTS since the git revision $OLD, as Markdown: to the summary of the job, and to a
# file for a comment on the pull request. What cannot be compared is said, and fails nothing.
set -euo pipefail

# The first push of a branch has nothing before it.
if [[ -z ${OLD//0/} ]]; then
  echo 'There is no edition to compare with.'
  exit 0
fi
file=${RUNNER_TEMP:-/tmp}/briefing-changes.md
code=0
briefing diff --facts "$FACTS" --format md -- "$OLD" >"$file" || code=$?
# 0: nothing changed; 1: something did.
if ((code > 1)); then
  echo "The facts cannot be compared with those of $OLD; a checkout with fetch-depth: 0 has all editions."
  exit 0
fi
# A summary may have 1 MiB.
head -c 900000 "$file" >>"$GITHUB_STEP_SUMMARY"
echo "file=$file" >>"$GITHUB_OUTPUT"
