"""What dashboards are made of: a few kinds of panels, said in a line or two each, and the JSON that Grafana reads.

A panel flows to the right of the one before it, and onto a new line where there is no room: nobody counts places.
Nothing but Python's own library.
"""

COLUMNS = 24  # of Grafana's grid

# Panels ask data sources through variables of these names, so that a dashboard is of no one installation.
PROMETHEUS = {"type": "prometheus", "uid": "${prometheus}"}
LOKI = {"type": "loki", "uid": "${loki}"}
POSTGRESQL = {"type": "grafana-postgresql-datasource", "uid": "${postgresql}"}

# What a number is, in our words, and how Grafana calls it.
UNITS = {
    "bytes": "bytes",
    "bytes/s": "binBps",
    "count": "short",
    "events/s": "eps",
    "milliseconds": "ms",
    "plain": "none",
    "records/s": "recps",
    "requests/s": "reqps",
    "rows/s": "rowsps",
    "seconds": "s",
    "share": "percentunit",
    "time": "dateTimeAsLocal",
    "times/s": "cps",
}

GREEN, YELLOW, RED, BLUE = "green", "yellow", "red", "blue"
GOOD_OR_BAD = {"1": ("yes", GREEN), "0": ("no", RED)}


def query(expr, legend="", instant=False, as_table=False, source=PROMETHEUS):
    """One question to Prometheus or Loki."""
    asked = {"datasource": source, "expr": expr, "legendFormat": legend or "__auto", "editorMode": "code"}
    if source is LOKI:
        return {**asked, "queryType": "range", "maxLines": 200}
    return {**asked, "instant": instant, "range": not instant, "format": "table" if as_table else "time_series"}


def sql(text, series=False):
    """One question to PostgreSQL: of a series the columns are `time` (Unix seconds), perhaps `metric`, and a number."""
    return {
        "datasource": POSTGRESQL,
        "editorMode": "code",
        "format": "time_series" if series else "table",
        "rawQuery": True,
        "rawSql": " ".join(text.split()),
    }


def questions(asked):
    """Texts, queries, or several of them by their legend, each with a letter of its own."""
    if isinstance(asked, str):
        asked = [query(asked)]
    if isinstance(asked, dict) and "datasource" not in asked:
        asked = [query(expr, legend) for legend, expr in asked.items()]
    if isinstance(asked, dict):
        asked = [asked]
    return [{"refId": chr(ord("A") + number), **one} for number, one in enumerate(asked)]


def thresholds(steps):
    """From the least value on the first colour, then from each bound on another."""
    first, *rest = steps or [GREEN]
    colours = [{"color": first, "value": None}] + [{"color": colour, "value": bound} for bound, colour in rest]
    return {"mode": "absolute", "steps": colours}


def words_for(values):
    """Words in the place of numbers."""
    said = {value: {"text": text, "color": colour, "index": at} for at, (value, (text, colour)) in enumerate(values.items())}
    return [{"type": "value", "options": said}] if said else []


def panel(kind, title, asked, about, unit, width, height, *, steps=None, words=None, custom=None, options=None, runbooks=(), **more):
    """What every panel has. `about` is its description, to which the runbooks of its alerts are added."""
    pages = ", ".join(f"docs/runbooks/{name}.md" for name in runbooks)
    defaults = {
        "color": {"mode": "palette-classic" if kind == "timeseries" else "thresholds"},
        "mappings": words_for(words or {}),
        "thresholds": thresholds(steps),
        "unit": UNITS[unit],
    }
    if custom:
        defaults["custom"] = custom
    targets = questions(asked)
    return {
        "type": kind,
        "title": title,
        "description": f"{about}\n\nRunbook: {pages}" if pages else about,
        "datasource": targets[0]["datasource"],
        "targets": targets,
        "fieldConfig": {"defaults": defaults | more.pop("defaults", {}), "overrides": more.pop("overrides", [])},
        "options": options or {},
        "size": (width, height),
        **more,
    }


def stat(title, asked, about, unit="count", width=4, steps=None, words=None, show="value", runbooks=()):
    """One number, as it is now."""
    options = {
        "colorMode": "value",
        "graphMode": "none" if words or show == "name" else "area",
        "justifyMode": "auto",
        "orientation": "auto",
        "percentChangeColorMode": "standard",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "showPercentChange": False,
        "textMode": show,
        "wideLayout": True,
    }
    return panel("stat", title, asked, about, unit, width, 4, steps=steps, words=words, options=options, runbooks=runbooks)


def lines(title, asked, about, unit, width=8, steps=None, stacked=False, least=0, runbooks=()):
    """How something went, over time. With `steps` the bounds are drawn."""
    custom = {
        "drawStyle": "line",
        "fillOpacity": 30 if stacked else 8,
        "lineWidth": 1,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
        "thresholdsStyle": {"mode": "dashed" if steps else "off"},
    }
    options = {
        "legend": {"calcs": ["lastNotNull", "max"], "displayMode": "table", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    bounds = {} if least is None else {"min": least}
    return panel("timeseries", title, asked, about, unit, width, 8, steps=steps, custom=custom, options=options, defaults=bounds, runbooks=runbooks)


def states(title, asked, about, words, width=12, runbooks=()):
    """Which of some states something was in, over time."""
    options = {
        "alignValue": "left",
        "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": False},
        "mergeValues": True,
        "rowHeight": 0.9,
        "showValue": "auto",
        "tooltip": {"mode": "single", "sort": "none"},
    }
    custom = {"fillOpacity": 80, "lineWidth": 0}
    return panel("state-timeline", title, asked, about, "plain", width, 8, words=words, custom=custom, options=options, runbooks=runbooks)


def heat(title, expr, about, unit, width=12):
    """How a histogram's buckets filled, over time."""
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {"exponent": 0.5, "fill": "dark-orange", "mode": "scheme", "reverse": False, "scale": "exponential", "scheme": "Oranges", "steps": 64},
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "showValue": "never",
        "tooltip": {"mode": "single", "showColorScale": False, "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": UNITS[unit]},
    }
    asked = {**query(expr, "{{le}}"), "format": "heatmap"}
    return panel("heatmap", title, [asked], about, unit, width, 8, options=options)


def table(title, asked, about, unit="count", width=12, names=None, hidden=(), units=None, height=8, runbooks=()):
    """Rows. `names` are columns and what they are called; `units` those of single columns."""
    overrides = [
        {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "unit", "value": UNITS[of]}]}
        for column, of in (units or {}).items()
    ]
    organised = {
        "excludeByName": {name: True for name in ("Time", "__name__", *hidden)},
        "indexByName": {name: at for at, name in enumerate(names or {})},
        "renameByName": names or {},
    }
    options = {"cellHeight": "sm", "frameIndex": 0, "showHeader": True}
    custom = {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False}
    changes = [{"id": "merge", "options": {}}, {"id": "organize", "options": organised}]
    return panel(
        "table", title, asked, about, unit, width, height,
        custom=custom, options=options, overrides=overrides, transformations=changes, runbooks=runbooks,
    )  # fmt: skip


def rows_of(expr, legend=""):
    """The newest values, as rows with a column for each label."""
    return query(expr, legend, instant=True, as_table=True)


def logs(title, expr, about, width=24, height=10):
    """Log lines, the newest first."""
    options = {
        "dedupStrategy": "none",
        "enableLogDetails": True,
        "prettifyLogMessage": False,
        "showCommonLabels": False,
        "showLabels": False,
        "showLogContextToggle": False,
        "showTime": True,
        "sortOrder": "Descending",
        "wrapLogMessage": True,
    }
    return panel("logs", title, [query(expr, source=LOKI)], about, "plain", width, height, options=options)


def row(title, *panels):
    """A headline, and what stands under it."""
    return {"title": title, "panels": panels}


def source(name, kind, label):
    """The variable through which panels ask a data source: at first that of provisioning/datasources."""
    return {
        "type": "datasource", "name": name, "label": label, "query": kind, "regex": "", "refresh": 1, "hide": 0,
        "current": {"selected": True, "text": label, "value": f"gapin-{name}"}, "includeAll": False, "multi": False, "options": [], "skipUrlSync": False,
    }  # fmt: skip


def choice(name, label, about, asked, at=PROMETHEUS):
    """A variable of which one, several or all may be chosen. Of Prometheus all are any; SQL is given each."""
    asked = " ".join(asked.split())
    made = {
        "type": "query", "name": name, "label": label, "description": about, "datasource": at,
        "query": {"qryType": 5, "query": asked, "refId": "variable"} if at is PROMETHEUS else asked,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "includeAll": True, "multi": True, "refresh": 2, "regex": "", "sort": 1, "hide": 0, "options": [], "skipUrlSync": False,
    }  # fmt: skip
    return {**made, "allValue": ".*"} if at is PROMETHEUS else made


def text(name, label, about):
    """A variable that is typed."""
    return {
        "type": "textbox", "name": name, "label": label, "description": about, "query": "", "hide": 0,
        "current": {"selected": True, "text": "", "value": ""},
        "options": [{"selected": True, "text": "", "value": ""}], "skipUrlSync": False,
    }  # fmt: skip


def placed(rows):
    """Everything with a number and a place."""
    laid, down = [], 0
    for of in rows:
        laid.append({"id": len(laid) + 1, "type": "row", "title": of["title"], "collapsed": False, "panels": [], "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": down}})
        down += 1
        across = tallest = 0
        for one in of["panels"]:
            width, height = one.pop("size")
            if across + width > COLUMNS:
                across, down, tallest = 0, down + tallest, 0
            laid.append({"id": len(laid) + 1, **one, "gridPos": {"h": height, "w": width, "x": across, "y": down}})
            across, tallest = across + width, max(tallest, height)
        down += tallest
    return laid


def dashboard(uid, title, about, variables, *rows, hours=3):
    """A whole dashboard, as Grafana imports it."""
    link = {
        "asDropdown": False, "icon": "external link", "includeVars": False, "keepTime": True, "tags": ["gapin"],
        "targetBlank": False, "title": "GAPIN", "tooltip": "", "type": "dashboards", "url": "",
    }  # fmt: skip
    return {
        "uid": uid,
        "title": title,
        "description": about,
        "tags": ["gapin"],
        "editable": False,
        "graphTooltip": 1,
        "links": [link],
        "panels": placed(rows),
        "refresh": "30s",
        "schemaVersion": 41,
        "templating": {"list": variables},
        "time": {"from": f"now-{hours}h", "to": "now"},
        "timepicker": {},
        "timezone": "",
        "annotations": {"list": []},
    }
