#!/bin/sh
# Fetches the vendored browser libraries at their pinned version, checks them
# against their published sha512 and unpacks what the pages use into
# static/vendor. The result is committed: a build needs no network.
set -eu

version=6.1.0
integrity="q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA=="

command -v npm >/dev/null || { echo "assets: npm is missing: install the package npm" >&2; exit 1; }
command -v openssl >/dev/null || { echo "assets: openssl is missing: install the package openssl" >&2; exit 1; }

target=$(cd "$(dirname "$0")" && pwd)/static/vendor/echarts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent --ignore-scripts "echarts@$version" >/dev/null
got=$(openssl dgst -sha512 -binary "echarts-$version.tgz" | openssl base64 -A)
if [ "$got" != "$integrity" ]; then
	echo "assets: echarts-$version.tgz has sha512 $got, want $integrity: nothing was changed" >&2
	exit 1
fi
tar xzf "echarts-$version.tgz"

mkdir -p "$target"
# The common build holds line, bar, legend, tooltip and aria; the licence of d3
# covers the parts of it that the build carries.
cp package/dist/echarts.common.min.js "$target/echarts.common.min.js"
cp package/LICENSE package/NOTICE package/licenses/LICENSE-d3 "$target/"
chmod 644 "$target"/*
printf '%s\n' "$version" >"$target/VERSION"
echo "echarts $version -> $target"
