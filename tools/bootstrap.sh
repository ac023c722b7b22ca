#!/bin/sh
# Makes .venv from uv.lock, with the uv on PATH or else with one installed in .uv/.
# Needs Python 3.11 or newer with its venv module, and nothing else.
set -eu
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV # an environment that happens to be active is not ours

fail() {
    echo "$*" >&2
    exit 1
}

# The stamp records what .venv was made from and where, since a moved .venv does not work.
here=$(pwd -P)
wanted="$(cat pyproject.toml uv.lock | cksum)${PROOF:+ proof} $here"
found=$(cat .uv/stamp 2>/dev/null || true)
if [ "$found" = "$wanted" ] && [ -x .venv/bin/python ]; then
    exit 0
fi

# An environment that does not run, was moved, or is unfinished is made again.
case $found in
'' | *" $here") .venv/bin/python -c '' 2>/dev/null || rm -rf .venv ;;
*) rm -rf .venv ;;
esac

# A command on PATH may be a stub that only prints an error, so try it first.
uv=
for name in uv .uv/bin/uv; do
    if "$name" --version >/dev/null 2>&1; then
        uv=$name
        break
    fi
done

python= # the first that is new enough and, without uv, has the venv module
no_venv=
seen=
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        seen="$seen${seen:+, }$name $version"
    elif [ -z "$uv" ] && ! "$name" -c 'import ensurepip, venv' 2>/dev/null; then
        no_venv=${no_venv:-$version}
    else
        python=$(command -v "$name")
        break
    fi
done

if [ -z "$python" ] && [ -n "$no_venv" ]; then
    fail "Python $no_venv lacks its venv module: install it (on Debian and Ubuntu: sudo apt install python$no_venv-venv), then try again."
elif [ -z "$python" ] && [ -z "$uv" ]; then
    fail "Python 3.11 or newer is needed; found: ${seen:-none}."
fi

if [ -z "$uv" ]; then
    echo "Installing uv into .uv/"
    rm -rf .uv # it may be unfinished
    if ! log=$("$python" -m venv .uv 2>&1); then
        fail "$python could not make an environment in .uv/ (on Debian and Ubuntu this may help: sudo apt install python$version-venv). It said:
$log"
    fi
    # PIP_USER=0: a user's pip settings must not install uv elsewhere.
    PIP_USER=0 .uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14' ||
        fail "uv could not be installed from PyPI: is there a network connection?"
    uv=.uv/bin/uv
fi

mkdir -p .uv
echo unfinished >.uv/stamp

# An existing environment keeps its Python. Without a suitable Python, uv may download one.
set -- sync --frozen
[ -z "${PROOF-}" ] || set -- "$@" --group proof
if [ -n "$python" ]; then
    export UV_PYTHON_DOWNLOADS=never
    [ -d .venv ] || set -- "$@" --python "$python"
fi
UV_PROJECT_ENVIRONMENT=.venv "$uv" "$@"
echo "$wanted" >.uv/stamp
