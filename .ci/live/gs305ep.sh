# Sourced by .ci/run: a client of the GS305EP that other people wrote, pinned and checked by hash.
# RACKBERRY_NTGRRC, the program ntgrrc, is for whoever has one: the Go module proxy does not give it.

rackberry_py="${RACKBERRY_TOOLS:-$HOME/.cache/rackberry-tools}/py-netgear-plus"
rackberry_pins=.ci/live/gs305ep.txt
if ! cmp -s "$rackberry_pins" "$rackberry_py/pins.txt"; then
    rm -rf "$rackberry_py"
    python3 -m venv "$rackberry_py"
    "$rackberry_py/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        --requirement "$rackberry_pins"
    cp "$rackberry_pins" "$rackberry_py/pins.txt"
fi
export RACKBERRY_PY_NETGEAR="$rackberry_py/bin/python"
unset rackberry_py rackberry_pins
