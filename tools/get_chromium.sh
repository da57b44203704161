#!/bin/sh
# The browser tests need a Chromium of the system; install Debian's if we may.
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "No Chromium: the browser tests will be skipped. To run them: sudo apt-get install chromium" >&2
    exit 0
fi
echo "== Installing Chromium for the browser tests. About a minute. =="
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
