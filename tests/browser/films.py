"""Checks of films, for the tests and for the mutants, which must fail them."""


def places(twin, name):
    """[[value, picture], …] for every stop of a slider."""
    moment, control = twin.now, twin.find(twin.state, name)
    return [[value, twin.look(twin.after(moment, name, value)).picture.svg] for value in control.stops]


def loaded(page, twin, name):
    """Put the focus on a slider and wait for its film; its `places`."""
    page.focus(name)
    wanted = places(twin, name)
    page.wait_for_film(name, len(wanted))
    return wanted


def drag(page, twin, name, seconds=1.0, wanted=None, least=0):
    """Drag a slider with its film, in `least` frames or more; each painted picture must be the one of its place.

    The share of the frames in which the slider moved that painted a picture: of the machine's pace it says nothing.
    """
    wanted = wanted or loaded(page, twin, name)
    page.moves_made()
    moved, painted, wrong = page.drag_about(name, wanted, seconds, least)
    assert not wrong, f"{len(wrong)} pictures are not those of their places: {wrong[:5]}"
    assert moved >= least, f"it moved in {moved} frames only"
    twin.move(name, page.moves_made()[-1][1])
    return painted / moved


def agrees(page, twin):
    """Check that the page shows what the twin shows, and that this does not change again."""
    assert page.differences(twin) == []
    page.tab.wait_for_timeout(300)
    assert page.differences(twin, seconds=0) == []


def forgotten(page, twin):
    """Another move discards a film: the next drag shows pictures of the new state. For a ForgetClamped."""
    loaded(page, twin, "f_t")
    page.press("keep some")
    twin.move("keep some")
    assert page.differences(twin) == []
    drag(page, twin, "f_t", 0.5)
    agrees(page, twin)
