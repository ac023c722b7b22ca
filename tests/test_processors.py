"""With the kernels of other processors, and with rounding disturbed, all that is compared still holds."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
from rounding import alike, disturbed, steady, with_draws

from lstm_lib import TASKS, Network, run_for

ROOT = Path(__file__).resolve().parents[1]
PARTS = {"cell and learning": ["tests/cell", "tests/learning"], "notebooks": ["notebooks"]}
each_part = pytest.mark.parametrize("part", PARTS)

DISPATCHED = [name for name in __cpu_dispatch__ if __cpu_features__[name]]
"""The kernels of NumPy that this machine has and that can be switched off; NumPy ignores any other name."""

PROCESSORS = {
    "Nehalem": ("SSE42", DISPATCHED),
    "Haswell": ("AVX2", [name for name in DISPATCHED if name == "X86_V4" or name.startswith("AVX512")]),
    "SkylakeX": ("AVX512_SKX", []),
}
"""By their name in OpenBLAS: what they need of this machine, and which kernels of NumPy they do not have."""

KERNELS = """
import json, numpy, threadpoolctl
from numpy._core._multiarray_umath import __cpu_features__ as features
cores = [pool["architecture"] for pool in threadpoolctl.threadpool_info() if pool["internal_api"] == "openblas"]
print(json.dumps([cores, [name for name, has in features.items() if has]]))
"""


def environment(**more):
    """This one, without what says how NumPy computes, or which tests run and how."""
    ours = ("OPENBLAS_", "NPY_", "PYTEST_", "PROOF")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"OPENBLAS_NUM_THREADS": "1"} | more


def hold(part, env):
    command = [sys.executable, "-m", "pytest", "-q", "-pno:cacheprovider", "-pno:xdist", *PARTS[part]]
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert ran.returncode == 0 and " passed" in ran.stdout, ran.stdout[-6000:] + ran.stderr[-2000:]


@pytest.mark.proof
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the kernels are those of x86")
@each_part
@pytest.mark.parametrize("core", PROCESSORS)
def test_another_processor_gives_the_same(core, part):
    needed, off = PROCESSORS[core]
    if not __cpu_features__[needed]:
        pytest.skip(f"this processor has no {needed}")
    env = environment(OPENBLAS_CORETYPE=core, NPY_DISABLE_CPU_FEATURES=" ".join(off))
    said = subprocess.run([sys.executable, "-c", KERNELS], env=env, capture_output=True, text=True)
    assert not said.returncode, said.stderr
    cores, on = json.loads(said.stdout)
    assert set(cores) == {core} and not set(off) & set(on) and set(DISPATCHED) - set(off) <= set(on)
    hold(part, env)


@pytest.mark.proof
@each_part
@pytest.mark.parametrize("draw", [1, 2, 3])
def test_disturbed_rounding_gives_the_same(draw, part, tmp_path):
    """Python reads sitecustomize.py when it starts, in a notebook's kernel as well."""
    start = (
        f"import sys\nsys.path.append({str(ROOT / 'tests')!r})\nimport rounding\nrounding.disturb({draw})\n"
    )
    (tmp_path / "sitecustomize.py").write_text(start, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    hold(part, environment(PYTHONPATH=path))


# --- rounding.py ----------------------------------------------------------------------------------------------


def trained(steps=10, learning_rate=0.01):
    run = run_for(TASKS["latch"], steps, learning_rate=learning_rate)
    return [record.loss for record in run]


def test_what_is_disturbed_differs_in_its_last_digits_and_can_be_repeated():
    plain = trained()
    with disturbed(1):
        network = Network(3, 4, 1, np.random.default_rng(0))
        first, again = trained(), trained()
    assert first == again != plain and trained() == plain
    weights = Network(3, 4, 1, np.random.default_rng(0)).W
    assert 5e-16 < np.abs(network.W / weights - 1).max() < 2e-15
    np.testing.assert_allclose(first, plain, rtol=1e-12)


def test_what_rounding_moves_is_not_compared():
    """The logistic map doubles a difference in each step."""

    def measured():
        loss = x = sum(trained()) % 1
        for _ in range(60):
            x = 4 * x * (1 - x)
        return [loss, x, 0.0]

    assert steady(with_draws(measured)).tolist() == [True, False, True]


def test_results_of_starts_are_compared_as_a_whole():
    stored = np.array([0.01, 0.02, 0.02, 0.03, 0.03, 0.04, 0.05, 0.05, 0.06, 9.0])
    assert alike(stored[::-1], stored) and alike(stored[:8], stored) and alike(1.3 * stored, stored)
    assert alike([*stored[:9], np.inf], stored), "however far one has diverged"
    assert not alike(9 * stored, stored) and not alike(stored / 9, stored)
    assert not alike(np.full(10, np.nan), stored)
    seven, three, ten = (np.arange(10) < k for k in (7, 3, 10))
    assert alike(seven, three) and not alike(ten, three)
