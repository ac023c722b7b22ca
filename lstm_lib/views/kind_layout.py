"""The layout of any kind of cell, computed from its gate table and its lanes.

A wire is (start, end, points). It starts and ends at a gate's key, a field of the trace, or an operation on a
lane. The wires that end at a gate are those of the gate table: from `seen` and, after a reset gate, from `flow`.
"""

import re
from itertools import chain

from lstm_lib.cell.trees import symbols
from lstm_lib.views.layout import Box

AT_KEEP, AT_WRITE, ADD, AT_NEW, AT_SHOW, TAP, OUT = 122, 245, 306.5, 368, 491, 534, 590
"""x of the gate that keeps, the gate that writes, the sum, the new value, the gate that shows, a branch, and h_t."""

LANE, NEXT_LANE, SQUASH, WRITE, DIVIDE, SHOW, GATES, FOOT = 34, 54, 102, 140, 134, 174, 188, 254
"""y of the first lane, distance of lanes, y of the operations, and the gates' upper and lower edges."""

RESET, ROW, NEXT_ROW = 280, 328, 44
"""Below the gates: y of the product with a reset gate, y of the first row of inputs, distance of rows."""

PORTS = {"h_prev": -22, "x_t": 0, "f_prev": 16, "i_prev": 29, "o_prev": 42, "C_prev": -24, "C_t": 28}
"""x of the wires into a gate, from its centre; RESET_PORT is for what was reset."""

RESET_PORT, R = 26, 13


def undrawn(kind):
    """Why a kind has no drawing, in words; "" if it has one."""
    for state, lane in kind.lanes.items():
        if lane is None:
            return (
                f"Listed, not drawn: {state}_t is not of the form keep ⊙ {state}_{{t-1}} + write ⊙ new value."
            )
    if kind.shown is None or not kind.lanes:
        return "Listed, not drawn: h_t is not of the form gate ⊙ tanh(state)."
    keys = {key for lane in kind.lanes.values() for key in lane if key}
    if len(keys | {gate.key for gate in kind.gates} | set(kind.shown[2:])) > 4:
        return "Listed, not drawn: it has more than four gates and candidates."
    strange = [
        n
        for gate in kind.gates
        for n in gate.sees
        if n not in PORTS and not re.fullmatch(r"\w_t \* (h_prev|\(W h_prev\))", n)
    ]
    if strange or len({kind.lanes[s][0] for s in kind.lanes}) > 1:
        return (
            f"Listed, not drawn: a gate sees {symbols(strange[0])}."
            if strange
            else "Listed, not drawn: its states have gates of their own."
        )
    return ""


def places(kind):
    """{key: x of the centre} of each gate, coupled factor and fixed 1, ordered by their role in the lanes."""
    keep, write, new = next(iter(kind.lanes.values()))
    found = {keep: AT_KEEP, write: AT_WRITE, new: AT_NEW} | ({kind.shown[2]: AT_SHOW} if kind.shown else {})
    found.pop("", None)
    for gate in kind.gates:
        free = (x for x in (AT_SHOW, AT_WRITE, AT_KEEP, AT_NEW) if x not in found.values())
        found[gate.key] = found.get(gate.key) or next(free)
    return found


def rows(kind):
    """The rows of inputs below the gates, from top to bottom: h_{t-1}, x_t, and states without a lane."""
    sees = set(chain.from_iterable(gate.sees for gate in kind.gates))
    others = [f"{state}_prev" for state in kind.states if state not in kind.lanes and state != "h"]
    return ["h_prev", "x_t", *(name for name in others if name in sees)]


def boxes(kind):
    """{name: box} of the previous and new states and of the input."""
    found = {}
    for state in kind.lanes:
        y = _lane(kind, state) - 22
        found |= {f"{state}_prev": Box(8, y, 84, 44), f"{state}_t": Box(548, y, 84, 44)}
    for k, name in enumerate(rows(kind)):
        found.setdefault(name, Box(8, ROW + NEXT_ROW * k - 20, AT_KEEP + PORTS[name] - 16, 40))
    return {"h_t": Box(548, ROW - 20, 84, 40)} | found


def _lane(kind, state):
    return LANE + NEXT_LANE * list(kind.lanes).index(state)


def seen(kind):
    """{what gates see: its wires}, each to a gate, or to the product with a reset gate."""
    at, found = places(kind), {}
    for gate in kind.gates:
        for name in gate.sees:
            source, x = "h_prev" if "*" in name else name, at[gate.key] + PORTS.get(name, RESET_PORT)
            end = FOOT if source == name else RESET + (R + 20 if "W" in name else R)
            wire = (source, gate.key if source == name else name, _way(kind, source, x, end))
            found.setdefault(source, []).append(wire)
    return found


def _way(kind, source, x, end):
    """The points from a source to (x, end) below a gate, or to its upper edge at x."""
    box = boxes(kind)[source]
    if source in rows(kind):
        y = ROW + NEXT_ROW * rows(kind).index(source)
        start = [(box.cx, box.bottom), (box.cx, y)] if box.cy < GATES else [(box.right, y)]
        return [*start, (x, y), (x, end)]
    tap = (box.cx, box.bottom) if box.cx < AT_KEEP else (AT_SHOW + PORTS["C_t"], box.cy)
    corners = [(tap[0], GATES - 20), (x, GATES - 20)] if tap[0] != x else []
    return [tap, *corners, (x, GATES)]


def flow(kind):
    """(wires between gates, operations and states, {operation: (x, y, sign)})."""
    at, wires, nodes = places(kind), [], {}
    for k, (state, (keep, write, new)) in enumerate(kind.lanes.items()):
        y, x, add = _lane(kind, state), AT_KEEP + 34 * k, ADD if new else AT_WRITE - 30
        kept, written, total, after = f"{state} kept", f"{state} written", f"{state} sum", f"{state}_t"
        if not keep:  # the state is recomputed
            wires.append((new, after, [(at[new], GATES), (at[new], y), (548, y)]))
            continue
        nodes |= {kept: (x, y, "⊙"), total: (add, y, "+")}
        wires += [
            (f"{state}_prev", kept, [(92, y), (x - R, y)]),
            (kept, total, [(x + R, y), (add - R, y)]),
            (total, after, [(add + R, y), (548, y)]),
            (keep, kept, [(x, GATES), (x, y + R)]),
        ]
        if not new:
            wires.append((write, total, [(add, GATES), (add, y + R)]))
            continue
        nodes[written] = (add, WRITE, "⊙")
        for key, side in ((write, -R), (new, R)):
            wires.append((key, written, [(at[key], GATES), (at[key], WRITE), (add + side, WRITE)]))
        wires.append((written, total, [(add, WRITE - R), (add, y + R)]))
    for gate in kind.gates:
        for name in (name for name in gate.sees if "*" in name):
            x, reset = at[gate.key] + RESET_PORT, name.partition("_")[0]
            side = 1 if at[reset] < x else -1  # the edge of the reset gate that faces it
            edge, y = at[reset] + 46 * side, (GATES + FOOT) / 2
            corner = edge + 15 * side
            nodes[name] = (x, RESET, "⊙")
            wires.append((reset, name, [(edge, y), (corner, y), (corner, RESET), (x - R * side, RESET)]))
            wires.append((name, gate.key, [(x, RESET - R), (x, FOOT)]))
            if "W" in name:
                nodes[f"{name} product"] = (x, RESET + R + 10, "W_h^h")
    if kind.shown:
        _show(kind, at, wires, nodes)
    return wires, nodes


def _show(kind, at, wires, nodes):
    """Add the wires and operations from a state to h_t."""
    state, operation, gate = kind.shown
    start, top, by = f"{state}_t", LANE + 22, operation.removeprefix("/ ")
    if by in kind.lanes:
        ratio, y = f"{state} ratio", _lane(kind, by) + 22
        nodes[ratio] = (OUT, DIVIDE, "÷")
        wires.append((start, ratio, [(TAP, LANE), (TAP, DIVIDE), (OUT - R, DIVIDE)]))
        wires.append((f"{by}_t", ratio, [(OUT, y), (OUT, DIVIDE - R)]))
        start, top = ratio, DIVIDE + R
    elif operation:
        squashed = f"{state} squashed"
        nodes[squashed] = (OUT, SQUASH, operation)
        wires.append((start, squashed, [(OUT, top), (OUT, SQUASH - R)]))
        start, top = squashed, SQUASH + R
    nodes["h shown"] = (OUT, SHOW, "⊙")
    wires.append((start, "h shown", [(OUT, top), (OUT, SHOW - R)]))
    wires.append((gate, "h shown", [(at[gate], GATES), (at[gate], SHOW), (OUT - R, SHOW)]))
    wires.append(("h shown", "h_t", [(OUT, SHOW + R), (OUT, ROW - 20)]))
