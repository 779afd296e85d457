"""Plots as SVG text: lines and bars. Nothing but Python's own library, and the same bytes for the same figures."""

import math

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 40, 50
COLOURS = ["#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#475569"]


def escape(text):
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text(x, y, said, anchor="middle", size=11):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(said)}</text>'


def frame(title, inner):
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" fill="#334155">'
    )
    background = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join([head, background, text(LEFT, 22, title, "start", 14), *inner, "</svg>", ""])


def nice(most):
    """A round number that is not less."""
    if most <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(most))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= most * 0.999)


def label(value):
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def y_axis(most, unit):
    out = [text(LEFT - 8, TOP - 8, unit, "end")]
    for part in range(5):
        value = most * part / 4
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part / 4
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e2e8f0"/>')
        out.append(text(LEFT - 8, y + 4, label(value), "end"))
    return out


def legend(names):
    out = []
    for index, name in enumerate(names):
        y = TOP + 18 * index
        out.append(f'<rect x="{WIDTH - RIGHT + 16}" y="{y - 9}" width="10" height="10" fill="{COLOURS[index % len(COLOURS)]}"/>')
        out.append(text(WIDTH - RIGHT + 32, y, name, "start"))
    return out


def lines(title, x_unit, y_unit, series, log_x=False):
    """One line for each series, `{name: [(x, y), …]}`."""
    points = [point for line in series.values() for point in line]
    place = (lambda x: math.log10(max(x, 1e-9))) if log_x else (lambda x: x)
    low = min((place(x) for x, _ in points), default=0)
    high = max((place(x) for x, _ in points), default=1)
    wide = (high - low) or 1
    most = nice(max((y for _, y in points), default=1))
    at_x = lambda x: LEFT + (WIDTH - LEFT - RIGHT) * (place(x) - low) / wide  # noqa: E731
    at_y = lambda y: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / most  # noqa: E731
    inner = y_axis(most, y_unit)
    ticks = sorted({x for x, _ in points})
    if len(ticks) > 12:
        ticks = [ticks[len(ticks) * part // 6] for part in range(6)] + [ticks[-1]]
    inner += [text(at_x(x), HEIGHT - BOTTOM + 18, label(x)) for x in ticks]
    inner.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_unit))
    for index, line in enumerate(series.values()):
        colour = COLOURS[index % len(COLOURS)]
        path = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y in line)
        inner.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(line) <= 12:
            inner += [f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="3" fill="{colour}"/>' for x, y in line]
    return frame(title, inner + legend(series))


def bars(title, y_unit, groups):
    """Groups of bars, `[(group, [(name, value), …]), …]`."""
    names = list(dict.fromkeys(name for _, values in groups for name, _ in values))
    most = nice(max((value for _, values in groups for _, value in values), default=1))
    inner = y_axis(most, y_unit)
    group_width = (WIDTH - LEFT - RIGHT) / max(len(groups), 1)
    bar = group_width * 0.8 / max(len(names), 1)
    for place, (group, values) in enumerate(groups):
        begin = LEFT + group_width * (place + 0.1)
        for name, value in values:
            index = names.index(name)
            height = (HEIGHT - TOP - BOTTOM) * value / most
            x, y = begin + bar * index, HEIGHT - BOTTOM - height
            inner.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar * 0.9:.1f}" height="{height:.1f}" fill="{COLOURS[index % len(COLOURS)]}"/>')
            inner.append(text(x + bar * 0.45, y - 4, label(value), size=9))
        inner.append(text(LEFT + group_width * (place + 0.5), HEIGHT - BOTTOM + 18, group))
    return frame(title, inner + legend(names))
