"""FHIR R4, in and out: what is written is valid, and the examples of HL7 are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from conftest import FIXTURES, command

CHANNEL = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel"
CHANNEL_CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DeliveryChannel"


def resources(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A resource and all that is in it where it is a bundle."""
    yield resource
    if resource["resourceType"] == "Bundle":
        for entry in resource.get("entry", []):
            yield from resources(entry["resource"])


def validate(resource: dict[str, Any]) -> None:
    """Every element is one of R4, of its type, and nothing required is missing."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@pytest.fixture(scope="module", params=["practice", "fhir/practice"])
def bundles(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the desk writes of a plan, by file name, with the rows of the plan."""
    home = tmp_path_factory.mktemp("fhir")
    case = FIXTURES / request.param
    command("plan", case, "--out", home / "plan")
    command("desk", case, home / "plan", "--out", home / "desk")
    files = {path.name: json.loads(path.read_text("utf-8")) for path in sorted((home / "desk" / "fhir").iterdir())}
    rows = len((home / "plan" / "plan.csv").read_text("utf-8").splitlines()) - 1
    return {"rows": rows, **files}


def test_every_resource_is_valid(bundles: dict[str, Any]) -> None:
    for name in ("proposed.json", "cancel-replace.json"):
        seen = 0
        for resource in resources(bundles[name]):
            validate(resource)
            seen += 1
        assert seen > 1, name


def test_every_place_is_proposed_once_and_nothing_clinical_is_said(bundles: dict[str, Any]) -> None:
    appointments = [entry["resource"] for entry in bundles["proposed.json"]["entry"]]
    assert len(appointments) == len({one["id"] for one in appointments}) == bundles["rows"]
    for appointment in appointments:
        assert appointment["status"] == "proposed"
        (channel,) = (one for one in appointment["extension"] if one["url"] == CHANNEL)
        (code,) = channel["valueCodeableConcept"]["coding"]
        assert code["system"] == CHANNEL_CODES
        assert code["code"] in {"In-person", "Telephone", "Video"}
        assert appointment["start"][-6:] in {"+00:00", "+01:00"}
        assert not appointment.keys() & {"reasonCode", "reasonReference", "description", "comment", "priority"}


def test_steps_are_one_transaction_each(bundles: dict[str, Any]) -> None:
    keys = []
    for entry in bundles["cancel-replace.json"]["entry"]:
        step = entry["resource"]
        assert step["type"] == "transaction"
        (only,) = step["entry"]
        assert only["request"]["method"] in {"POST", "PATCH"}
        keys.append(step["identifier"]["value"])
    assert len(keys) == len(set(keys)) > 0


def test_a_book_in_fhir_is_valid_fhir() -> None:
    book = json.loads((FIXTURES / "fhir" / "practice" / "book.json").read_text("utf-8"))
    everything = list(resources(book))
    assert len(everything) > 50
    for resource in everything:
        validate(resource)


def test_the_examples_of_hl7_are_read() -> None:
    case = FIXTURES / "fhir" / "hl7-examples"
    names = {path.stem for path in (case / "fhir").iterdir()}
    assert {"Slot-1", "Slot-2", "Slot-3", "Slot-example", "Schedule-example", "Appointment-example"} <= names
    ended = command("check", case)
    assert "E1" not in ended.stdout + ended.stderr


def test_what_is_wrong_is_told_of_resource_and_element(tmp_path: Path) -> None:
    source = FIXTURES / "fhir" / "practice"
    for name in ("requests.csv", "policy.toml"):
        (tmp_path / name).write_bytes((source / name).read_bytes())
    book = (source / "book.json").read_text("utf-8").replace('"status": "free"', '"status": "open"', 1)
    (tmp_path / "book.json").write_text(book, "utf-8")
    ended = command("check", tmp_path, code=2)
    assert "E214" in ended.stdout + ended.stderr
    assert "Slot/DR-A-AM-22-1.status" in ended.stdout + ended.stderr
