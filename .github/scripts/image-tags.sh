#!/usr/bin/env bash
# Which tags an image gets, one a line: its commit's always; of a release its version, and the shorter ones of those that people
# follow; of main `main`. usage: image-tags.sh REF COMMIT
set -euo pipefail
ref=$1 commit=$2

[[ $commit =~ ^[0-9a-f]{40}$ ]] || {
  echo "no commit: $commit" >&2
  exit 2
}
echo "sha-$commit"
case $ref in
  refs/heads/main) echo main ;;
  refs/tags/v*)
    version=${ref#refs/tags/v}
    if [[ $version =~ ^([0-9]+)\.([0-9]+)\.[0-9]+$ ]]; then
      printf '%s\n' "$version" "${BASH_REMATCH[1]}.${BASH_REMATCH[2]}" latest
    elif [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+-[0-9A-Za-z.-]+$ ]]; then
      echo "$version" # before a release, and nobody's who did not ask for it
    else
      echo "no version: $version" >&2
      exit 2
    fi
    ;;
esac
