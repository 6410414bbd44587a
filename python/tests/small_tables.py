"""The tables of a case as small as can be."""

from __future__ import annotations

import polars as pl


def minimal() -> dict[str, pl.DataFrame]:
    return {
        "requests": pl.DataFrame(
            {
                "request_id": ["R1", "R2"],
                "patient_id": ["P1", "P2"],
                "site_id": ["A", "A"],
                "care_type": ["blood-test", "blood-test"],
                "priority": ["GP4", "GP5"],
                "original_start": ["2024-07-19T09:00", "2024-07-19T09:10"],
                "reconciliation": ["not-seen", "not-seen"],
            }
        ),
        "sessions": pl.DataFrame(
            {
                "session_id": ["S1"],
                "practitioner_id": ["H1"],
                "site_id": ["A"],
                "start": ["2024-07-22T09:00"],
                "end": ["2024-07-22T12:00"],
                "slot_minutes": [10],
            }
        ),
        "clinicians": pl.DataFrame({"practitioner_id": ["H1"], "role": ["hca"]}),
    }
