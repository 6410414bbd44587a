"""Types of Spark, what time it is, and what is checked before anything runs."""

import shutil

import pyarrow as pa
import pytest
from spark_tables import NAMES, assert_same, made

import rebook

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java, and there is no `java` here")

# --- types -----------------------------------------------------------------------------------------------------------


def signed(table):
    """Spark has no numbers without a sign."""
    fields = [
        field.with_type(pa.int64()) if pa.types.is_unsigned_integer(field.type) else field for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def typed(spark, case):
    """The tables of a case with the types that they have, times without a zone."""
    own = spark.newSession()
    own.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")

    return {name: own.createDataFrame(signed(pa.table(getattr(case, name)))) for name in NAMES}


def test_types_mean_what_they_mean_in_one_process(spark, on_spark, small):
    from pyspark.sql import functions as F  # noqa: N812

    tables = typed(spark, small)
    kinds = {name: {type(field.dataType).__name__ for field in table.schema} for name, table in tables.items()}
    assert "TimestampNTZType" in kinds["slots"]
    assert {"ArrayType", "DateType", "BooleanType", "LongType", "TimestampNTZType"} <= kinds["requests"]
    tables["slots"] = tables["slots"].withColumn("duration_minutes", F.col("duration_minutes").cast("double"))
    tables["clinicians"] = tables["clinicians"].withColumn(
        "max_contacts_day", F.col("max_contacts_day").cast("decimal(6,1)")
    )
    tables["requests"] = (
        tables["requests"].withColumn("imd_decile", F.lit(None)).withColumn("note", F.col("sms_permitted"))
    )
    plan = on_spark.plan(**tables, policy=small.policy, keep_columns=["note"])
    whole = rebook.plan(small)
    assert_same(plan, whole)
    assert {row["note"] for row in plan.placed.select("note").collect()} == {"true", "false"}


def test_moments_are_local_time_in_london_and_nowhere_else(spark, on_spark, small):
    from pyspark.sql import functions as F  # noqa: N812

    tables = typed(spark, small)
    london = tables["slots"].sparkSession
    london.conf.set("spark.sql.session.timeZone", "Europe/London")
    moments = {
        name: tables[name].withColumns({column: F.col(column).cast("timestamp_ltz") for column in columns})
        for name, columns in (("requests", ["original_start"]), ("slots", ["start"]), ("sessions", ["start", "end"]))
    }
    # Nine in the morning in London is eight in the universal time of summer.
    whole = rebook.plan(small)
    assert_same(on_spark.plan(**tables | moments, policy=small.policy), whole)

    london.conf.set("spark.sql.session.timeZone", "UTC")
    with pytest.raises(rebook.InputError) as raised:
        on_spark.plan(**tables | moments, policy=small.policy)
    problems = raised.value.problems
    assert {(one.file, one.field) for one in problems} == {
        ("requests.csv", "original_start"),
        ("slots.csv", "start"),
        ("sessions.csv", "start"),
        ("sessions.csv", "end"),
    }
    assert 'F.col("start").cast("timestamp_ntz")' in str(problems[-1])
    assert "shows it in UTC" in str(problems[-1])


def test_columns_and_policy_are_checked_before_anything_runs(spark, on_spark, small):
    from pyspark.sql import functions as F  # noqa: N812

    tables = typed(spark, small)
    tables["requests"] = tables["requests"].withColumn("patient_id", F.lit(7)).drop("care_type")
    with pytest.raises(rebook.InputError) as raised:
        on_spark.plan(**tables, policy=small.policy)
    told = {(one.code, one.field) for one in raised.value.problems}
    assert told == {("E109", "care_type")}
    tables["requests"] = tables["requests"].withColumn("care_type", F.lit("blood-test"))
    with pytest.raises(rebook.InputError, match="leading zeros"):
        on_spark.plan(**tables, policy=small.policy)
    with pytest.raises(rebook.InputError, match="horizon_days"):
        on_spark.plan(**tables, policy={"horizon_days": "x"})
    with pytest.raises(rebook.ArgumentError, match="keep_columns: found 'area'"):
        on_spark.plan(**tables, keep_columns=["area"])
    with pytest.raises(rebook.ArgumentError, match="slots: found Table; expected a data frame of Spark"):
        on_spark.plan(**tables | {"slots": small.slots})
    unknown = on_spark.plan(**typed(spark, small) | {"sites": made(spark, [{"site_id": "P0001", "Practice ": "x"}])})
    assert [(one.code, one.line) for one in unknown.warnings if one.file == "sites.csv"] == [("W102", None)]
    assert "W401" in {one.code for one in unknown.warnings}
