"""What is drawn for the cases of exercises."""

import numpy as np
import pytest

from lstm_lib.judge.draw import Draw


@pytest.mark.parametrize("k", range(50))
def test_what_is_drawn_is_generic_and_short(k):
    draw = Draw(k)
    numbers = [draw.numbers(), *draw.numbers(3), *draw.numbers(2), *draw.numbers(2, 2).ravel()]
    gates = [draw.gates(), *draw.gates(4)]
    cell = draw.cell(4, 3)
    both = np.abs([*numbers, *gates])
    assert len({*both.round(9)}) == len(both) and not {0.0, 0.5, 1.0} & {*both.round(9)}
    assert (
        both.max() < 1.5
        and all(np.round(v, 1) == v for v in numbers[:5])
        and np.round(both, 2).tolist() == both.tolist()
    )
    assert min(gates) > 0 and max(gates) < 1 and not any(np.isclose(gates[0] + f, 1) for f in gates[1:])
    assert {*np.sign(numbers[4:6])} == {-1, 1} and sorted(numbers[1:4]) not in (numbers[1:4], numbers[3:0:-1])
    assert cell.W.shape == (16, 7) and cell.W.any() and len({*draw.sizes(3)}) == 3
    assert draw.of("a", "b", "c") == "abc"[k % 3]
    assert Draw(k).numbers(5).tolist() == Draw(k).numbers(5).tolist() != Draw(k, seed=1).numbers(5).tolist()
