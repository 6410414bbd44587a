"""A picture with its words: title, what it says, whose policy it is, and a text for those who cannot see it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from textwrap import wrap
from typing import Any

from rebook._plan import Plan

# matplotlib, because its pictures are still: they print, need no JavaScript and no network, and it is in every
# analyst's environment. (altair makes pictures that a browser has to draw.)
try:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
except ImportError as error:
    msg = 'rebook.pictures: found no matplotlib, which draws them; install it with: pip install "rebook[pictures]"'
    raise ImportError(msg) from error

WIDTH = 9.0
_DPI = 100
_LINE = 0.19  # inches from a line of text to the next
_TITLE = 0.34
_EDGE = 0.12

INK = "#1b1b1b"
GREY = "#6f6f6f"
PALE = "#d9d9d9"
BLUE = "#1f5a94"


class Picture(Figure):
    """A figure of matplotlib that says in words what it shows.

    It belongs to no window and to no global state. A notebook shows it as an image, with the words for those who cannot
    see it; `savefig` writes it as PNG, SVG or PDF.

    Attributes
    ----------
    title : str
        What it shows.
    alt : str
        What it says, in words, with its main numbers: for a screen reader or in the place of the picture.

    Examples
    --------
    >>> import rebook
    >>> from rebook import pictures
    >>> picture = pictures.waiting(rebook.plan(rebook.generate("practice", seed=7)))
    >>> picture.title
    'How long patients will have waited, by tier'
    >>> "Days" in picture.axes[0].get_xlabel()
    True
    """

    title: str = ""
    alt: str = ""

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Show it in a notebook: the image, and its words where IPython keeps them."""
        del include, exclude
        image = BytesIO()
        self.savefig(image, format="png")
        return {"image/png": b64encode(image.getvalue()).decode("ascii")}, {"image/png": {"alt": self.alt}}


def begin(title: str, says: str, plans: Mapping[Any, Plan], *, height: float, notes: Sequence[str] = ()) -> Picture:
    """Begin a picture with all its words; `height` in inches is what is left for the drawing."""
    notes = [*notes, *_whose(plans)]
    head = wrap(says, 112)
    foot = [line for note in notes for line in wrap(note, 138)]
    above, below = _EDGE + _TITLE + len(head) * _LINE, _EDGE + len(foot) * _LINE * 0.85
    whole = above + height + below
    picture = Picture(figsize=(WIDTH, whole), dpi=_DPI, facecolor="white")
    # The words keep their place; what is drawn gets the room between them.
    room = (0.0, below / whole, 1.0, height / whole)
    picture.set_layout_engine(ConstrainedLayoutEngine(rect=room, h_pad=0.06, w_pad=0.1))
    left = _EDGE / WIDTH
    words: dict[str, Any] = {"va": "top", "ha": "left", "color": INK}
    picture.text(left, 1 - _EDGE / whole, title, fontsize=14, weight="bold", **words)
    picture.text(left, 1 - (_EDGE + _TITLE) / whole, "\n".join(head), fontsize=10.5, **words)
    picture.text(left, _EDGE / whole, "\n".join(foot), fontsize=8.5, va="bottom", ha="left", color=GREY)
    picture.title = title
    picture.alt = " ".join((f"{title}.", says, *notes))
    return picture


def plain(axes: Any, *, grid: str) -> None:
    """Leave out of the axes what carries nothing; the grid goes along ``x`` or ``y``."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis=grid, color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9.5)


def many(count: int, what: str) -> str:
    """Say how many, with the plural where there is one."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _whose(plans: Mapping[Any, Plan]) -> list[str]:
    told = {}
    for name, plan in plans.items():
        policy = plan.summary["policy"]
        by = f"approved by {policy['approved_by']}" if policy["approved_by"] else "proposed, not approved"
        proof = "" if plan.status == "optimal" else " The plan is not proven to be the best."
        told[name] = f'Policy "{policy["name"]}" version {policy["version"]}: {by}.{proof}'
    different = list(dict.fromkeys(told.values()))
    return different if len(different) == 1 else [f"{name}: {text}" for name, text in told.items()]
