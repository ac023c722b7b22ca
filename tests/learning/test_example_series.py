"""The example series: computed ones by their formula, real ones unchanged and with a source."""

import hashlib
import re

import numpy as np
import pytest

from lstm_lib.learning.example_series import EXAMPLES, FOLDER, REAL, example_series, henon, trend_and_sine


def rng(seed=0):
    return np.random.default_rng(seed)


def test_every_file_has_a_source_a_licence_and_the_hash_that_is_written_there():
    rows = [
        line.split(" | ")
        for line in (FOLDER / "SOURCES.md").read_text("utf-8").splitlines()
        if ".csv` |" in line
    ]
    assert (
        {re.findall(r"\w+", row[0])[0] for row in rows} == set(REAL) == {p.stem for p in FOLDER.glob("*.csv")}
    )
    for row in rows:
        name, digest = re.findall(r"\w+", row[0])[0], re.search(r"`([0-9a-f]{64})`", row[-1])[1]
        assert hashlib.sha256((FOLDER / f"{name}.csv").read_bytes()).hexdigest() == digest
        assert "public" in row[4] and str(len(example_series(name))) in row[1]
    assert sum(path.stat().st_size for path in FOLDER.glob("*.csv")) < 50_000


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_series_is_finite_and_cannot_be_changed(name):
    series = example_series(name)
    assert np.isfinite(series.values).all() and series is example_series(name)
    assert series.dates is None or len(series.dates) == len(series)
    with pytest.raises(ValueError):
        series.values[0] = 1
    with pytest.raises(ValueError, match="^name: expected one of"):
        example_series("stocks")


def test_the_formulas():
    t = np.arange(80)
    np.testing.assert_allclose(trend_and_sine(80, rng(), 0), 0.1 * t + 10 * np.sin(2 * np.pi * t / 50))
    x = henon(300, rng())
    np.testing.assert_allclose(x[2:], 1 - 1.4 * x[1:-1] ** 2 + 0.3 * x[:-2], atol=1e-12)
    assert np.std(henon(5000, rng(), 0.5) - henon(5000, rng())) == pytest.approx(0.5 * x.std(), rel=0.1)
    assert np.std(trend_and_sine(5000, rng()) - trend_and_sine(5000, rng(), 0)) == pytest.approx(2, rel=0.05)
