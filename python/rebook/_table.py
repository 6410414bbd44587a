"""Tables on their way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rebook._html import table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from rebook import _rebook

_SHOWN = 10


class Table:
    """Rows and named columns that any data frame library takes without a copy.

    It has the Arrow PyCapsule interface: ``polars.DataFrame(table)``, ``pyarrow.table(table)`` and
    ``duckdb.sql("select * from rows")`` with ``rows = plan.placed`` all work.

    Examples
    --------
    >>> import rebook
    >>> case = rebook.generate("practice", seed=7)
    >>> case.clinicians.columns[:3]
    ['practitioner_id', 'role', 'gender']
    >>> case.clinicians.to_polars().height == len(case.clinicians)
    True
    """

    __slots__ = ("_native",)

    def __init__(self, native: _rebook.Table) -> None:
        """Wrap what the engine made."""
        self._native = native

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows to another library, as Arrow."""
        return self._native.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """Hand names and types of the columns to another library, as Arrow."""
        return self._native.__arrow_c_schema__()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._native)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._native.columns

    def to_pydict(self) -> dict[str, list[Any]]:
        """Columns as lists of Python objects, for scripts without a data frame library."""
        return {name: self._native.column(at) for at, name in enumerate(self.columns)}

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas data frame; needs pandas and pyarrow."""
        import pandas as pd

        frame: pd.DataFrame
        if hasattr(pd.DataFrame, "from_arrow"):
            frame = pd.DataFrame.from_arrow(self)  # type: ignore[attr-defined]
        else:
            # Before pandas 3.
            import pyarrow as pa

            frame = pa.table(self).to_pandas()
        return frame

    def to_polars(self) -> pl.DataFrame:
        """As a polars data frame, without a copy; needs polars."""
        import polars as pl

        return pl.DataFrame(self)

    def __repr__(self) -> str:
        """Say how large it is and what its columns are."""
        return f"<rebook.Table: {len(self)} rows; {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        more = f"<p>{len(self)} rows, the first {_SHOWN} shown</p>" if len(self) > _SHOWN else ""
        return table(self.columns, self._native.head(_SHOWN)) + more
