#!/bin/sh
# Installs Debian's Chromium for the browser tests where this machine may install packages.
# Without it the tests that need it are skipped, each saying why.
command -v chromium >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Chromium を入れています…"
  apt-get update -qq >/dev/null 2>&1
  apt-get install -y -qq --no-install-recommends chromium fonts-ipafont-gothic >/dev/null 2>&1 && exit 0
fi
echo "Chromium がないため、画面の試験は見送られます。" >&2
exit 0
