"""The map: the surface from above, where the start is placed."""

import losses
from app.figures.height import Height
from app.figures.moment import Figure, typed
from app.figures.path import footprints


def contour_map(surface: losses.Surface, height: Height, best: losses.Certificate) -> Figure:
    """Level lines of the surface, the path over them, the optimum a cross."""
    plane = surface.plane
    low, high = height.span
    ground = {
        "type": "contour",
        "x": typed(surface.u),
        "y": typed(surface.v),
        "z": typed(height.of(surface.z)),
        "zmin": low,
        "zmax": high,
        "colorscale": "Viridis",
        "showscale": False,
        "autocontour": False,
        "contours": {"coloring": "fill", **height.levels},
        "line": {"color": "rgba(255,255,255,0.45)", "width": 1, "smoothing": 0.6},
        "hoverinfo": "skip",
    }
    traces: list[Figure] = [ground]
    if best.optimum is not None:
        u, v = plane.coordinates(best.optimum)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [float(u)],
                "y": [float(v)],
                "hoverinfo": "skip",
                "showlegend": False,
                "marker": {
                    "symbol": "x",
                    "size": 11,
                    "color": "var(--halo)",
                    "line": {"color": "var(--path)", "width": 1.5},
                },
            }
        )
    return {
        "data": traces,
        "moving": footprints("scatter", x="u", y="v"),
        "layout": {
            "margin": {"l": 52, "r": 12, "t": 4, "b": 42},
            "showlegend": False,
            "dragmode": False,
            "xaxis": axis(plane.labels[0], plane.box[0]),
            "yaxis": axis(plane.labels[1], plane.box[1]),
        },
    }


def axis(title: str, box: tuple[float, float] | None = None, **settings: object) -> Figure:
    """A quiet axis of a flat plot."""
    fixed = {"range": list(box)} if box else {}
    return {
        "title": {"text": title, "standoff": 6},
        "color": "var(--ink-soft)",
        "gridcolor": "var(--grid)",
        "zeroline": False,
        "fixedrange": True,
        "nticks": 6,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "var(--grid)",
        **fixed,
        **settings,
    }
