"""Curves as SVG: one axis for what grows, one for what it costs, both logarithmic."""

import math

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 360, 70, 50, 40, 130
COLORS = ["#0b62c4", "#c4530b", "#2e8540", "#7a3fb0"]


def escape(text):
    """Text as XML has it."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def ticks(low, high):
    """1, 2 and 5 times the powers of ten between two numbers."""
    values = [step * 10.0 ** power for power in range(-9, 13) for step in (1, 2, 5)]
    return [value for value in values if low * 0.999 <= value <= high * 1.001]


def number(value):
    """A number with no more digits than it needs."""
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"


def curves(title, across, up, series):
    """A drawing of `series`: by name, pairs of what grew and what it cost."""
    points = [point for line in series.values() for point in line]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y, high_y = min(y for _, y in points) / 1.3, max(y for _, y in points) * 1.3

    def place(value, low, high, start, length):
        span = math.log(high) - math.log(low)
        return start + length * ((math.log(value) - math.log(low)) / span if span else 0.5)

    def x(value):
        return place(value, low_x, high_x, LEFT, WIDTH - LEFT - RIGHT)

    def y(value):
        return HEIGHT - place(value, low_y, high_y, BOTTOM, HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 10}">{escape(across)}</text>',
        f'<text x="14" y="{TOP}" transform="rotate(-90 14 {TOP})" text-anchor="end">'
        f"{escape(up)}</text>",
    ]
    for value in ticks(low_y, high_y):
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
            'stroke="#dddddd"/>'
            f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{number(value)}</text>')
    for value in sorted({x for x, _ in points}):
        parts.append(
            f'<text x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">'
            f"{number(value)}</text>")
    for index, (name, line) in enumerate(series.items()):
        color = COLORS[index % len(COLORS)]
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{color}"/>'
                  for a, b in line]
        a, b = line[-1]
        parts.append(
            f'<text x="{x(a) + 8:.1f}" y="{y(b) + 4:.1f}" fill="{color}">{escape(name)}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"
