# Sourced by .ci/run: a browser for the pages of the simulated GS305EP. Chromium is that of the system, from its packages
# where it is not there yet; what drives it is pinned and checked by hash.

rackberry_py="${RACKBERRY_TOOLS:-$HOME/.cache/rackberry-tools}/playwright"
rackberry_pins=.ci/live/browser.txt
if ! cmp -s "$rackberry_pins" "$rackberry_py/pins.txt"; then
    rm -rf "$rackberry_py"
    python3 -m venv "$rackberry_py"
    "$rackberry_py/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        --requirement "$rackberry_pins"
    cp "$rackberry_pins" "$rackberry_py/pins.txt"
fi
if ! command -v chromium >/dev/null; then
    apt-get update -qq && apt-get install -qq --no-install-recommends chromium >/dev/null
fi
export RACKBERRY_PLAYWRIGHT="$rackberry_py/bin/python"
RACKBERRY_BROWSER="$(command -v chromium)"
export RACKBERRY_BROWSER
unset rackberry_py rackberry_pins
