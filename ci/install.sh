#!/usr/bin/env bash
# Installs briefing, as it stands beside this script, with what draws PDFs, and puts it on the PATH of the later steps.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

pango() {
  case $(uname -s) in
    Darwin) brew install --quiet pango ;;
    *)
      sudo apt-get -qq update
      sudo apt-get -qq install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 >/dev/null
      ;;
  esac
}

# In an environment of its own, so that nothing else of the job gets other versions.
environment=$RUNNER_TEMP/briefing
python -m venv "$environment"
pip() { "$environment/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }

pango
pip install --require-hashes --only-binary :all: --requirement "$here/requirements.lock"
pip install --no-deps "$here"
echo "$environment/bin" >>"$GITHUB_PATH"
