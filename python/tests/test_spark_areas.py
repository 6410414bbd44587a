"""Areas of a book: what ties two sites together, and what does not."""

import shutil

import pytest
from spark_tables import made, request, session, slot

import rebook

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java, and there is no `java` here")

# Each kind of tie has two sites of its own, A and B, and nothing else that ties them.
REQUESTS = [
    request("patient-A", "p1", "P"),
    request("patient-B", "p2", "P"),
    request("spaces-A", "w1", "W"),
    request("spaces-B", "w2", "\u00a0W "),
    request("apostrophe-A", "x1", "=X"),
    request("apostrophe-B", "x2", " '=X"),
    request("twice-A", "same"),
    request("twice-B", "same", "another"),
    request("after-A", "first"),
    request("after-B", "second", after_request_id="first"),
    request("circle-A", "c1", after_request_id="c2"),
    request("circle-B", "c2", after_request_id="c1"),
    request("visit-A", "v1", together_id="V"),
    request("visit-B", "v2", together_id="V"),
    request("booked-A", "b1", "B"),
    request("no-site-A", "n1", "N"),
    request(None, "n2", "N", together_id="N"),
    request("no-site-B", "n3", together_id="N"),
    request("hub-A", "h1"),
    request("alone-A", "a1"),
    request("alone-B", "a2"),
    request(None, "nowhere"),
]
SESSIONS = [
    session("practitioner-A", "s1", "H"),
    session("practitioner-B", "s2", "H"),
    session("session-A", "there-twice", "T1"),
    session("session-B", "there-twice", "T2"),
    session("booked-B", "s3"),
    session("slot-A", "s4"),
    session("slot-B", "s5"),
    session("free-A", "s6"),
    session("free-B", "s7"),
    session("error-A", "s8"),
    session("error-B", "s9"),
    session("claim-A", "s10", "C1"),
    session("claim-B", "s11", "C2"),
    session("lost-A", "s12", "L"),
]
SLOTS = [
    slot("s3", "k1", status="busy", patient_id="B"),
    slot("s4", "both"),
    slot("s5", "both"),
    # Patients who ask for nothing, a slot without a status that counts, slots that are none, and what is wrongly said
    # of a session that is known: none of them ties anything.
    slot("s6", "k2", status="busy", patient_id="stranger"),
    slot("s7", "k3", status="busy", patient_id="stranger"),
    slot("s6", "k4", status="free", patient_id="B"),
    slot("s8", "never", status="entered-in-error"),
    slot("s9", "never", status="entered-in-error"),
    slot("s10", "k5", practitioner_id="C2"),
    # Its session is not known, but whose it is.
    slot("unknown", "k6", practitioner_id="L", site_id="lost-B"),
]
SITES = [
    {"site_id": "practice-A", "practice": "PR"},
    {"site_id": "practice-B", "practice": "PR"},
    {"site_id": "hub-A", "pcn": "N1"},
    {"site_id": "hub-B", "hub": "yes", "pcn": "N2", "serves": "hub-A; hub-C"},
    {"site_id": "pcn-A", "pcn": "N3"},
    {"site_id": "pcn-B", "pcn": "N3", "hub": "true"},
    {"site_id": "no-hub-A", "pcn": "N4"},
    {"site_id": "no-hub-B", "pcn": "N4", "serves": "no-hub-A", "hub": "no"},
]


@pytest.fixture(scope="module")
def found(spark, on_spark):
    practitioners = [{"practitioner_id": "H", "role": "hca"}]
    frame = on_spark.areas(
        requests=made(spark, REQUESTS),
        slots=made(spark, SLOTS),
        sessions=made(spark, SESSIONS),
        clinicians=made(spark, practitioners),
        sites=made(spark, SITES),
    )
    return {row["site_id"]: row["area"] for row in frame.collect()}


@pytest.mark.parametrize(
    "kind",
    [
        "patient",
        "spaces",
        "apostrophe",
        "twice",
        "after",
        "circle",
        "visit",
        "booked",
        "no-site",
        "practitioner",
        "session",
        "slot",
        "lost",
        "practice",
        "hub",
        "pcn",
    ],
)
def test_what_ties_two_sites_makes_them_one_area(found, kind):
    assert found[f"{kind}-A"] == found[f"{kind}-B"] == f"{kind}-A"


@pytest.mark.parametrize("kind", ["alone", "free", "error", "claim", "no-hub"])
def test_what_ties_nothing_leaves_two_areas(found, kind):
    assert found[f"{kind}-A"] == f"{kind}-A"
    assert found[f"{kind}-B"] == f"{kind}-B"


def test_every_site_that_is_named_has_an_area_and_no_other(found):
    named = {row.get("site_id") for row in [*REQUESTS, *SESSIONS, *SLOTS, *SITES]} - {None}
    assert set(found) == named


def test_slots_alone_name_sites_and_whose_they_are(spark, on_spark):
    own = [
        slot("s1", "k1", practitioner_id="H", site_id="practitioner-A"),
        slot("s2", "k2", practitioner_id="H", site_id="practitioner-B"),
        slot("s3", "k3", practitioner_id="I", site_id="session-A"),
        slot("s3", "k4", practitioner_id="J", site_id="session-B"),
        slot("s4", "k5", practitioner_id="K", site_id="alone"),
    ]
    frame = on_spark.areas(
        requests=made(spark, [request("alone", "r")]),
        slots=made(spark, own),
        clinicians=made(spark, [{"practitioner_id": "H", "role": "hca"}]),
    )
    assert {row["site_id"]: row["area"] for row in frame.collect()} == {
        "practitioner-A": "practitioner-A",
        "practitioner-B": "practitioner-A",
        "session-A": "session-A",
        "session-B": "session-A",
        "alone": "alone",
    }


def test_a_table_of_sites_that_cannot_be_read_is_told_by_id(spark, on_spark):
    with pytest.raises(rebook.InputError) as raised:
        on_spark.areas(
            requests=made(spark, [request("A", "r")]),
            sessions=made(spark, [session("A", "s")]),
            clinicians=made(spark, [{"practitioner_id": "of-s", "role": "hca"}]),
            sites=made(spark, [{"site_id": "A", "hub": "perhaps"}]),
        )
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.field, problem.value) == ("sites A", None, "hub", "perhaps")
