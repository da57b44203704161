#!/bin/sh
# Make a virtual environment: make_venv.sh PYTHON FOLDER
# Debian and Ubuntu ship Python without the part that puts pip into an environment
# (package python3-venv). If it is missing we unpack pip's own wheel from the
# distribution, which needs no root; failing that we say the one command to run.
set -eu
python=$1
venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || {
    echo "This book needs Python 3.10 or newer, and '$python' is $("$python" --version 2>&1 || echo missing)." >&2
    echo "Name another one with: make html PYTHON=/path/to/python3.11" >&2
    exit 1
}
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0

echo "== Making a virtual environment in $venv. Seconds. =="
if "$python" -m venv "$venv" >/dev/null 2>&1; then
    exit 0
fi

echo "python3-venv is not installed; fetching pip's wheel from the distribution instead."
rm -rf "$venv"
if "$python" -m venv --without-pip "$venv"; then
    if ! ls /usr/share/python-wheels/pip-*.whl >/dev/null 2>&1; then
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        (cd "$folder" && apt-get download python3-pip-whl >/dev/null 2>&1) &&
            dpkg-deb -x "$folder"/python3-pip-whl_*.deb "$folder"
    fi
    for wheel in /usr/share/python-wheels/pip-*.whl "${folder:-}"/usr/share/python-wheels/pip-*.whl; do
        if [ -f "$wheel" ]; then
            "$venv/bin/python" "$wheel/pip" install --no-index --quiet "$wheel" && exit 0
        fi
    done
fi
rm -rf "$venv"
echo "No virtual environment could be made. Run this, then make again:" >&2
echo "    sudo apt-get update && sudo apt-get install python3-venv" >&2
exit 1
