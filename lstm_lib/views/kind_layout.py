"""The layout of any kind of cell, computed from its gate table and its lanes.

A wire is (start, end, points). It starts and ends at a gate's key, a field of the trace, or an operation on a
lane. The wires that end at a gate are those of the gate table: from `seen` and, after a reset gate, from `flow`.
"""

from lstm_lib.cell.trees import field_of, names, stem, subtrees, symbol, symbols
from lstm_lib.views.layout import Box

AT_KEEP, AT_WRITE, ADD, AT_NEW, AT_SHOW, TAP, OUT = 122, 245, 306.5, 368, 491, 534, 590
"""x of the gate that keeps, the gate that writes, the sum, the new value, the gate that shows, a branch, and h_t."""

LANE, NEXT_LANE, SQUASH, WRITE, DIVIDE, SHOW, GATES, FOOT = 34, 54, 102, 140, 134, 174, 188, 254
"""y of the first lane, distance of lanes, y of the operations, and the gates' upper and lower edges."""

RESET, ROW, NEXT_ROW = 280, 328, 44
"""Below the gates: y of the product with a reset gate, y of the first row of inputs, distance of rows."""

RESETS = ("_t * h_prev", "_t * (W h_prev)")
"""What a reset gate can scale."""

PORTS = {"h_prev": -22, "x_t": 0}
"""x of the wires into a gate, from its centre; those from the memory, before and now, and from what was reset."""

BEFORE_PORT, NOW_PORT, RESET_PORT, R = -24, 28, 26, 13
LONGEST = 8
"""Letters of a name in a box."""


def undrawn(kind):
    """Why a kind has no drawing, in words; "" if it has one."""
    reason = next(_reasons(kind), "")
    return f"Listed, not drawn: {reason}." if reason else ""


def _reasons(kind):
    for state, lane in kind.lanes.items():
        if lane is None:
            values = kind.said.values
            bare = [n for n in names(values[field_of(state)]) if n in values and not stem(n)]
            yield (f"{symbol(field_of(state))} is not a gate ⊙ {symbol(f'{state}_prev')} + a gate ⊙ a candidate"
                   + "".join(f"; {name} has no time, so it is no gate: write {name}_t" for name in bare[:1]))  # fmt: skip
    for gate in kind.gates:
        if gate.key in kind.states and gate.key != "h" and not gate.function:
            yield f"{gate.symbol} has no candidate with a line of its own"
    if kind.shown is None or not kind.lanes:
        yield "h_t is not a gate ⊙ a function of one memory"
    (state, lane), *more = kind.lanes.items()
    by = [name for name, other in more if other == (*lane[:2], "")]
    if more and ("h", ("", "", "h")) in more:
        yield "h_t has weights of its own"
    if more and (len(by) != len(more) or kind.shown[:2] != (state, f"/ {' '.join(by)}")):
        yield "it has more than one memory"
    if kind.shown and "/" in kind.shown[1] and not more:
        yield f"h_t is divided by {symbols(kind.shown[1][2:])}"
    gates = {gate.key: gate.symbol for gate in kind.gates}
    roles = [key for key in (*lane, *kind.shown[2:]) if key]
    for key in roles:
        if roles.count(key) > 1:
            yield f"{gates.get(key) or kind.coupled[key].rule} has two roles"
    if len({*roles, *gates}) > 4:
        yield "it takes more than four boxes"
    at, ports = places(kind), _ports(kind)
    products = [name for gate in kind.gates for name in gate.sees if "*" in name]
    for gate in kind.gates:
        for name in gate.sees:
            scaled, _, _ = name.partition("_t * ")
            if name not in ports and not (scaled in gates and name[len(scaled) :] in RESETS):
                yield f"{gate.symbol} sees {symbols(name)}"
    if len(products) > 1:
        yield f"{symbols(products[1])} is seen a second time"
    for key, coupled in kind.coupled.items():
        if coupled.of and abs(at[key] - at[coupled.of]) > AT_NEW - AT_WRITE:
            yield f"{coupled.rule} stands too far from {gates[coupled.of]}"
        if len(coupled.rule) > 2 * LONGEST:
            yield f"{coupled.rule} is too long for a box"
    for name in (*gates, *kind.states):
        if len(name.removesuffix("_tilde")) > LONGEST:
            yield f"the name {symbol(field_of(name))} is too long for a box"


def _ports(kind):
    """{what a gate can see, other than what was reset: x of its wire}."""
    state, *more = kind.lanes
    memory = {} if more or state == "h" else {f"{state}_prev": BEFORE_PORT, field_of(state): NOW_PORT}
    return PORTS | memory


def places(kind):
    """{key: x of the centre} of each gate, coupled factor and fixed 1, ordered by their role in the lanes."""
    keep, write, new = next(iter(kind.lanes.values()))
    found = {keep: AT_KEEP, write: AT_WRITE, new: AT_NEW} | ({kind.shown[2]: AT_SHOW} if kind.shown else {})
    found.pop("", None)
    for gate in kind.gates:
        free = (x for x in (AT_SHOW, AT_WRITE, AT_KEEP, AT_NEW) if x not in found.values())
        found[gate.key] = found.get(gate.key) or next(free)
    return found


def boxes(kind):
    """{name: box} of the previous and new states and of the input."""
    found = {}
    for state in kind.lanes:
        y = _lane(kind, state) - 22
        found |= {f"{state}_prev": Box(8, y, 84, 44), field_of(state): Box(548, y, 84, 44)}
    for k, name in enumerate(PORTS):
        found.setdefault(name, Box(8, ROW + NEXT_ROW * k - 20, AT_KEEP + PORTS[name] - 16, 40))
    return {"h_t": Box(548, ROW - 20, 84, 40)} | found


def _lane(kind, state):
    return LANE + NEXT_LANE * list(kind.lanes).index(state)


def seen(kind):
    """{what gates see: its wires}, each to a gate, or to the product with a reset gate."""
    at, ports, found = places(kind), _ports(kind), {}
    for gate in kind.gates:
        for name in gate.sees:
            source, x = "h_prev" if "*" in name else name, at[gate.key] + ports.get(name, RESET_PORT)
            end = FOOT if source == name else RESET + (R + 20 if "W" in name else R)
            wire = (source, gate.key if source == name else name, _way(kind, source, x, end))
            found.setdefault(source, []).append(wire)
    return found


def _way(kind, source, x, end):
    """The points from a source to (x, end) below a gate, or to its upper edge at x."""
    box = boxes(kind)[source]
    if source in PORTS:
        y = ROW + NEXT_ROW * list(PORTS).index(source)
        start = [(box.cx, box.bottom), (box.cx, y)] if box.cy < GATES else [(box.right, y)]
        return [*start, (x, y), (x, end)]
    tap = (box.cx, box.bottom) if box.cx < AT_KEEP else (AT_SHOW + NOW_PORT, box.cy)
    corners = [(tap[0], GATES - 20), (x, GATES - 20)] if tap[0] != x else []
    return [tap, *corners, (x, GATES)]


def flow(kind):
    """(wires between gates, operations and states, {operation: (x, y, sign)})."""
    at, wires, nodes = places(kind), [], {}
    for k, (state, (keep, write, new)) in enumerate(kind.lanes.items()):
        y, x, add = _lane(kind, state), AT_KEEP + 34 * k, ADD if new else AT_WRITE - 30
        kept, written, total, after = f"{state} kept", f"{state} written", f"{state} sum", field_of(state)
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
                product = next(
                    t
                    for t in subtrees(gate.z)
                    if not isinstance(t, float) and t[:1] == ("dot",) and t[2] == "h_prev"
                )
                nodes[f"{name} product"] = (x, RESET + R + 10, symbol(product[1]))
    if kind.shown:
        _show(kind, at, wires, nodes)
    return wires, nodes


def _show(kind, at, wires, nodes):
    """Add the wires and operations from a state to h_t."""
    state, operation, gate = kind.shown
    start, top, by = field_of(state), LANE + 22, operation.removeprefix("/ ")
    if by in kind.lanes:
        ratio, y = f"{state} ratio", _lane(kind, by) + 22
        nodes[ratio] = (OUT, DIVIDE, "÷")
        wires.append((start, ratio, [(TAP, LANE), (TAP, DIVIDE), (OUT - R, DIVIDE)]))
        wires.append((field_of(by), ratio, [(OUT, y), (OUT, DIVIDE - R)]))
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
