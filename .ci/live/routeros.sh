# Sourced by .ci/run: a client of RouterOS' REST API that other people wrote, pinned and checked by hash.

rackberry_py="${RACKBERRY_TOOLS:-$HOME/.cache/rackberry-tools}/rosrestpy"
rackberry_pins=.ci/live/routeros.txt
if ! cmp -s "$rackberry_pins" "$rackberry_py/pins.txt"; then
    rm -rf "$rackberry_py"
    python3 -m venv "$rackberry_py"
    "$rackberry_py/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        --requirement "$rackberry_pins"
    cp "$rackberry_pins" "$rackberry_py/pins.txt"
fi
export RACKBERRY_ROSREST="$rackberry_py/bin/python"
unset rackberry_py rackberry_pins
