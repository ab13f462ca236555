"""A picture of who imports whom, in rows: what imports nothing stands at the top.

The usual steps of a layered drawing: a row for each node by its longest way to the top, an invisible
node wherever an edge passes a row, rows ordered by the mean of their neighbours, and places that are
near them. Nothing is left to chance, so that the same graph gives the same bytes.
"""

ROW, GAP, BOX, LETTER, MARGIN = 74, 16, 30, 7.6, 24

STYLE = """
  svg { background: #ffffff; font: 13px system-ui, sans-serif; }
  rect { fill: #eef3fb; stroke: #3b6fb6; }
  rect.c { fill: #f3f3f3; stroke: #999999; }
  text { fill: #1c2733; text-anchor: middle; }
  text.note { fill: #5b6875; text-anchor: start; }
  path { fill: none; stroke: #3b6fb6; stroke-width: 1.4; }
  path.implied { stroke: #b9c6d8; stroke-width: 1; }
  path.unused, path.backward { stroke: #c4372b; stroke-width: 1.4; }
  path.unused { stroke-dasharray: 5 4; }
  @media (prefers-color-scheme: dark) {
    svg { background: #12171d; }
    rect { fill: #1b2a3d; stroke: #6f9fe0; }
    rect.c { fill: #23282e; stroke: #777f88; }
    text { fill: #e4e9ef; }
    text.note { fill: #9aa6b2; }
    path { stroke: #6f9fe0; }
    path.implied { stroke: #3c4a5c; }
    path.unused, path.backward { stroke: #ff7a6e; }
  }
""".strip("\n")


def draw(graph, title, unused=()):
    """The SVG of `graph` (name to imported names); `unused` are declared edges that nothing imports."""
    rows = rows_of({user: used + [each for name, each in unused if name == user]
                    for user, used in graph.items()})
    chains = chains_of(graph, rows, unused)
    layers = ordered(layers_of(graph, rows, chains), chains)
    places = placed(layers, chains)
    left = min(places[node] - width(node) / 2 for node in places)
    for node in places:
        places[node] += MARGIN - left
    right = max(places[node] + width(node) / 2 for node in places) + MARGIN
    bottom = 40 + ROW * len(layers)
    direct = reduced(graph)

    def y(node):
        return 52 + ROW * next(row for row, layer in enumerate(layers) if node in layer)

    lines = []
    for (user, used), chain in sorted(chains.items(), key=lambda each: each[0] in direct):
        kind = ("unused" if (user, used) in unused else "direct" if (user, used) in direct
                else "implied")
        lines.append(f'<path class="{kind}" d="{curve(chain, places, y)}">'
                     f"<title>{user} imports {used}</title></path>")
    for name in graph:
        kind = ' class="c"' if is_c(name) else ""
        x = places[name] - width(name) / 2
        lines.append(f'<rect{kind} x="{x:.1f}" y="{y(name)}" width="{width(name):.1f}" '
                     f'height="{BOX}" rx="6"/>')
        lines.append(f'<text x="{places[name]:.1f}" y="{y(name) + BOX / 2 + 4.5:.1f}">{name}</text>')
    notes = "A line joins a module with one above that it imports; pale where that follows anyway."
    if unused:
        notes += " Dashed: declared, never imported."
    right = max(right, 2 * MARGIN + 6.6 * len(notes))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {bottom + 26:.0f}" '
        f'width="{right:.0f}" height="{bottom + 26:.0f}" role="img">',
        f"<title>{title}</title>", f"<style>\n{STYLE}\n</style>",
        f'<text class="note" x="{MARGIN}" y="24">{title}</text>', *lines,
        f'<text class="note" x="{MARGIN}" y="{bottom + 6:.0f}">{notes}</text>', "</svg>", ""])


def is_c(name):
    return name[0] == "C" and name[1:2].isupper()


def width(node):
    """A box's width; a passing line takes little room."""
    return 20 + LETTER * len(node) if isinstance(node, str) else 10


def rows_of(graph):
    """The row of each node: one below the lowest of what it imports."""
    rows = {}

    def row(name):
        if name not in rows:
            rows[name] = 1 + max((row(used) for used in graph[name]), default=-1)
        return rows[name]

    for name in graph:
        row(name)
    return rows


def chains_of(graph, rows, unused):
    """Each edge as the nodes that it goes through, from the imported module to the one that imports."""
    edges = [(user, used) for user in graph for used in graph[user]] + list(unused)
    return {(user, used): [used, *((user, used, row) for row in range(rows[used] + 1, rows[user])),
                           user]
            for user, used in edges}


def layers_of(graph, rows, chains):
    layers = [[] for _ in range(1 + max(rows.values()))]
    for name in graph:
        layers[rows[name]].append(name)
    for chain in chains.values():
        for node in chain[1:-1]:
            layers[node[2]].append(node)
    return layers


def neighbours_of(chains):
    """The nodes above and below each node."""
    above, below = {}, {}
    for chain in chains.values():
        for upper, lower in zip(chain, chain[1:]):
            above.setdefault(lower, []).append(upper)
            below.setdefault(upper, []).append(lower)
    return above, below


def ordered(layers, chains):
    """Rows in which neighbours stand near each other, of all that were tried with the fewest crossings."""
    above, below = neighbours_of(chains)
    best, fewest = None, None
    for sweep in range(40):
        downwards = sweep % 2 == 0
        for row in range(1, len(layers)) if downwards else range(len(layers) - 2, -1, -1):
            other = {node: at for at, node in enumerate(layers[row - 1 if downwards else row + 1])}
            near = above if downwards else below
            old = {node: at for at, node in enumerate(layers[row])}

            def key(node):
                at = [other[each] for each in near.get(node, []) if each in other]
                mean = sum(at) / len(at) if at else old[node]
                return (mean, old[node])

            layers[row] = sorted(layers[row], key=key)
        count = crossings(layers, below)
        if fewest is None or count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    return best


def crossings(layers, below):
    total = 0
    for upper, lower in zip(layers, layers[1:]):
        at = {node: index for index, node in enumerate(lower)}
        ends = [at[each] for node in upper for each in sorted(
            (each for each in below.get(node, []) if each in at), key=at.get)]
        total += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return total


def placed(layers, chains):
    """The middle of each node: near its neighbours, in its row's order, with room between."""
    above, below = neighbours_of(chains)
    places = {}
    for layer in layers:
        places.update(spread(layer, {node: 0.0 for node in layer}))
    for sweep in range(60):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = {}
            for node in layer:
                near = above.get(node, []) + below.get(node, [])
                wanted[node] = (sum(places[each] for each in near) / len(near) if near
                                else places[node])
            places.update(spread(layer, wanted))
    return places


def spread(layer, wanted):
    """The places nearest to the wanted ones (least squares) that keep the order and the gaps."""
    offsets, reach = [], 0.0
    for index, node in enumerate(layer):
        if index:
            reach += width(layer[index - 1]) / 2 + GAP + width(node) / 2
        offsets.append(reach)
    blocks = []  # [sum, count] of wanted places, less the offsets, which may not fall
    for node, offset in zip(layer, offsets):
        blocks.append([wanted[node] - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    means = [total / count for total, count in blocks for _ in range(count)]
    return {node: mean + offset for node, mean, offset in zip(layer, means, offsets)}


def reduced(graph):
    """The edges that do not follow from others."""
    reach = {}

    def reachable(name):
        if name not in reach:
            reach[name] = set(graph[name]).union(*(reachable(used) for used in graph[name]))
        return reach[name]

    return {(user, used) for user in graph for used in graph[user]
            if not any(used in reachable(other) for other in graph[user])}


def curve(chain, places, y):
    """A smooth line through the nodes of a chain, upright wherever it passes a row."""
    points = []
    for node in chain:
        top, bottom = y(node), y(node) + BOX
        ends = [bottom] if node == chain[0] else [top] if node == chain[-1] else [top, bottom]
        points += [(places[node], end) for end in ends]
    path = f"M{points[0][0]:.1f} {points[0][1]:.0f}"
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 == x1:
            path += f"V{y1:.0f}"
        else:
            middle = (y0 + y1) / 2
            path += f"C{x0:.1f} {middle:.0f} {x1:.1f} {middle:.0f} {x1:.1f} {y1:.0f}"
    return path
