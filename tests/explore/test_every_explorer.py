"""Every slider and preset of every explorer, swept to its ends."""

import copy
import warnings

import numpy as np
from sweep import (
    check_shown,
    choosers,
    controls,
    each,
    ends,
    everywhere,
    in_sight,
    sweep,
)


@each
def test_every_control_at_every_end_from_every_preset(make):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for preset in [*make().presets, "Reset"]:
            explorer = make()
            explorer.apply(preset)
            check_shown(explorer)
            swept = set()
            for _ in everywhere(explorer):
                check_shown(explorer)
                here = tuple(w.value for w in choosers(explorer))
                if here not in swept:
                    swept.add(here)
                    sweep(explorer, in_sight(explorer.sliders))
            sweep(explorer, controls(explorer))


@each
def test_every_button_twice(make):
    explorer = make()
    for button in explorer.buttons.values():
        for _ in range(2):
            button.click()
            check_shown(explorer)


@each
def test_every_slider_changes_the_picture(make):
    for k in range(len(make().sliders)):
        explorer = make()
        slider, before = explorer.sliders[k], explorer.svg
        if explorer.state.get("cell") == "rnn" and slider.layout.display == "none":
            continue  # a plain RNN has no forget bias
        low, high = ends(slider)[0], ends(slider)[-1]
        slider.value = high if slider.value != high else low
        assert explorer.svg != before, slider.description


@each
def test_reset_brings_everything_back(make):
    explorer = make()
    first, values = explorer.svg, [s.value for s in explorer.sliders]
    for slider in explorer.sliders:
        slider.value = ends(slider)[-1]
    explorer.buttons["Reset"].click()
    assert explorer.svg == first and [s.value for s in explorer.sliders] == values


@each
def test_a_preset_leaves_its_own_values_alone(make):
    explorer = make()
    for name, changes in explorer.presets.items():
        if callable(changes):
            continue
        before = copy.deepcopy(changes)
        explorer.apply(name)
        for slider in explorer.sliders:
            slider.value = ends(slider)[0]
        np.testing.assert_equal(explorer.presets[name], before)


@each
def test_sliders_in_sight_and_their_text(make):
    explorer, seen = make(), set()
    for _ in everywhere(explorer):
        sliders = in_sight(explorer.sliders)
        assert 1 <= len(sliders) <= 4, [s.description for s in sliders]
        assert all(s.description for s in sliders)
        seen.update(map(id, sliders))
    assert seen == set(map(id, explorer.sliders)), "a slider that no choice brings into sight"
    bundle = explorer._repr_mimebundle_()
    assert bundle["image/svg+xml"] == explorer.svg
    assert explorer.title.split(":")[0] in bundle["text/plain"] and len(bundle["text/plain"]) > 40
    assert "application/vnd.jupyter.widget-view+json" in bundle


@each
def test_locked_controls_are_all_disabled(make):
    explorer = make()
    every = [*controls(explorer), *explorer.buttons.values()]
    before = [w.disabled for w in every]
    explorer.lock()
    assert all(w.disabled for w in every)
    explorer.lock(False)
    assert [w.disabled for w in every] == before and sum(before) <= 1
