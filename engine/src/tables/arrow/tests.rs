use std::sync::Arc;

use arrow_array::builder::{LargeListBuilder, StringBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, Float64Array,
    Int64Array, LargeStringArray, NullArray, StringArray, StringViewArray, TimestampMicrosecondArray,
    TimestampNanosecondArray, TimestampSecondArray, UInt8Array,
};
use arrow_schema::{DataType, TimeUnit};

use super::super::plan::tests::sample;
use super::super::schema::{REQUESTS, SESSIONS};
use super::*;
use crate::tables::{ReadOptions, read_case, read_case_frames};

fn frame(columns: Vec<(&str, ArrayRef)>) -> Frame {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    );
    let batch = batch.unwrap();
    Frame { schema: batch.schema(), batches: vec![batch] }
}

/// The cells of the columns that a table has, row by row; or the problems.
fn cells(table: &'static Table, frame: &Frame) -> std::result::Result<Vec<Vec<String>>, Vec<Issue>> {
    let mut log = Log::default();
    let names: Vec<usize> =
        frame.schema.fields().iter().filter_map(|field| table.position(field.name())).collect();
    let read = FrameTable { table, frame }.read(Keep::Named(&[]), &mut log, &|_, _| {}, |row, _| {
        Some(names.iter().map(|&at| row.trimmed(at).into_owned()).collect())
    });
    match read {
        Ok(Some((_, _, rows))) => Ok(rows),
        Ok(None) => Err(log.problems),
        Err(fault) => Err(vec![*fault]),
    }
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// The required columns of requests, and the one in question, which the required one of its name gives way to.
fn with(name: &'static str, array: ArrayRef) -> Frame {
    let required = REQUESTS.columns.iter().filter(|column| column.required && column.name != name);
    let filler = texts(&vec!["2024-07-19T09:00"; array.len()]);
    let mut columns: Vec<(&str, ArrayRef)> =
        required.map(|column| (column.name, Arc::clone(&filler))).collect();
    columns.push((name, array));
    frame(columns)
}

/// What the column in question is read as.
fn column(name: &'static str, array: ArrayRef) -> Vec<String> {
    let rows = cells(&REQUESTS, &with(name, array)).unwrap();
    rows.into_iter().map(|mut row| row.pop().unwrap()).collect()
}

/// Why the column in question is refused.
fn refused(name: &'static str, array: ArrayRef) -> Issue {
    let mut problems = cells(&REQUESTS, &with(name, array)).unwrap_err();
    assert_eq!(problems.len(), 1);
    problems.remove(0)
}

#[test]
fn texts_are_texts_however_they_are_held() {
    let values = vec![Some("007"), None, Some(" =x ")];
    let arrays: [ArrayRef; 3] = [
        Arc::new(StringArray::from(values.clone())),
        Arc::new(LargeStringArray::from(values.clone())),
        Arc::new(StringViewArray::from(values.clone())),
    ];
    for array in arrays {
        assert_eq!(column("patient_id", array), ["007", "", "=x"]);
    }
    let mut categories = StringDictionaryBuilder::<Int8Type>::new();
    for value in values {
        categories.append_option(value);
    }
    assert_eq!(column("patient_id", Arc::new(categories.finish())), ["007", "", "=x"]);
}

#[test]
fn what_has_a_type_becomes_the_text_of_a_cell() {
    let minutes: [ArrayRef; 4] = [
        Arc::new(Int64Array::from(vec![Some(10), None])),
        Arc::new(UInt8Array::from(vec![Some(10), None])),
        Arc::new(Float64Array::from(vec![Some(10.0), None])),
        Arc::new(Decimal128Array::from(vec![Some(100), None]).with_precision_and_scale(5, 1).unwrap()),
    ];
    for array in minutes {
        assert_eq!(column("duration_minutes", array), ["10", ""]);
    }
    let half = Float64Array::from(vec![12.5, f64::NAN]);
    assert_eq!(column("duration_minutes", Arc::new(half)), ["12.5", "NaN"]);
    let flags = BooleanArray::from(vec![Some(true), Some(false), None]);
    assert_eq!(column("sms_permitted", Arc::new(flags)), ["true", "false", ""]);
    let day = 19_926;
    assert_eq!(column("due_date", Arc::new(Date32Array::from(vec![day]))), ["2024-07-22"]);
    let long = Date64Array::from(vec![i64::from(day) * 86_400_000]);
    assert_eq!(column("due_date", Arc::new(long)), ["2024-07-22"]);
    let seconds = i64::from(day) * 86_400 + 9 * 3600;
    let moments: [ArrayRef; 3] = [
        Arc::new(TimestampSecondArray::from(vec![seconds])),
        Arc::new(TimestampMicrosecondArray::from(vec![seconds * 1_000_000])),
        Arc::new(TimestampNanosecondArray::from(vec![seconds * 1_000_000_000])),
    ];
    for array in moments {
        assert_eq!(column("original_start", array), ["2024-07-22T09:00"]);
    }
    let midnight = TimestampSecondArray::from(vec![i64::from(day) * 86_400, seconds]);
    assert_eq!(column("due_date", Arc::new(midnight)), ["2024-07-22", "2024-07-22T09:00"]);
    assert_eq!(column("priority", Arc::new(NullArray::new(2))), ["", ""]);
}

#[test]
fn lists_are_joined() {
    let mut lists = LargeListBuilder::new(StringBuilder::new());
    lists.append_value([Some("bsl"), Some("step-free")]);
    lists.append_value([] as [Option<&str>; 0]);
    lists.append_null();
    lists.append_value([Some("inr")]);
    assert_eq!(column("needs", Arc::new(lists.finish())), ["bsl;step-free", "", "", "inr"]);
}

#[test]
fn what_cannot_be_taken_is_refused_with_the_remedy() {
    let zoned = TimestampMicrosecondArray::from(vec![0]).with_timezone("Europe/London");
    let issue = refused("original_start", Arc::new(zoned));
    assert_eq!((issue.code, issue.field.as_deref()), (Code::ColumnType, Some("original_start")));
    assert_eq!(issue.value.as_deref(), Some("timestamps with a zone (Europe/London)"));
    assert!(issue.help.contains("tz_localize(None)") && issue.help.contains("replace_time_zone(None)"));
    let number = refused("patient_id", Arc::new(Int64Array::from(vec![7])));
    assert!(number.help.contains("leading zeros"), "{number}");
    let bytes = refused("priority", Arc::new(BinaryArray::from(vec![b"GP1".as_slice()])));
    assert_eq!(bytes.value.as_deref(), Some("bytes that are not marked as text"));
    let words = refused("due_date", {
        let mut lists = LargeListBuilder::new(StringBuilder::new());
        lists.append_value([Some("2024-07-22")]);
        Arc::new(lists.finish())
    });
    assert_eq!(words.value.as_deref(), Some("lists of texts"));
    // What a library guessed of a column without values says nothing.
    assert_eq!(column("priority", Arc::new(Float64Array::from(vec![None, None]))), ["", ""]);
    let one = refused("priority", Arc::new(Float64Array::from(vec![None, Some(1.0)])));
    assert_eq!(one.value.as_deref(), Some("floating-point numbers"));
    // Nobody asked for a column that is not known.
    let unknown = with("weather", Arc::new(BinaryArray::from(vec![b"rain".as_slice()])));
    assert!(cells(&REQUESTS, &unknown).is_ok());
}

#[test]
fn rows_of_several_batches_have_the_lines_of_a_file() {
    let whole = with("patient_id", texts(&["a", "b", "c"]));
    let batch = &whole.batches[0];
    let parts = Frame {
        schema: batch.schema(),
        batches: vec![batch.slice(0, 1), batch.slice(1, 0), batch.slice(1, 2)],
    };
    let lines = |frame: &Frame| {
        let table = FrameTable { table: &REQUESTS, frame };
        let read = table.read(Keep::Named(&[]), &mut Log::default(), &|_, _| {}, |row, _| {
            Some((row.line(), row.trimmed(1).into_owned()))
        });
        let (file, _, rows) = read.unwrap().unwrap();
        (file.sha256, rows)
    };
    assert_eq!(lines(&parts), lines(&whole));
    let rows = lines(&whole).1;
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn a_frame_is_the_file_that_it_stands_for() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/practice");
    let read = read_case(&folder, &ReadOptions::default()).unwrap();
    let mut frames =
        Frames { policy: std::fs::read_to_string(folder.join("policy.toml")).ok(), ..Frames::default() };
    for table in CASE {
        // As a data frame library reads a file of which it knows nothing.
        let mut rows = csv::Reader::from_path(folder.join(table.file)).unwrap();
        let names: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
        let records: Vec<csv::StringRecord> = rows.records().map(|row| row.unwrap()).collect();
        let column = |at: usize| -> ArrayRef {
            Arc::new(
                records
                    .iter()
                    .map(|row| row.get(at).filter(|cell| !cell.is_empty()))
                    .collect::<StringArray>(),
            )
        };
        let columns = names.iter().enumerate().map(|(at, name)| (name.as_str(), column(at))).collect();
        frames.insert(table.name(), frame(columns)).unwrap();
    }
    // Their digests, too, where the file is written as rebook writes them.
    assert_eq!(read_case_frames(&frames, &ReadOptions::default(), &|_, _| {}).unwrap(), read);

    // What comes out goes in again: the same case, but for the names of files and digests.
    let mut typed = Frames { policy: frames.policy, ..Frames::default() };
    for table in CASE {
        let batch = case_batch(&read, table.name()).unwrap();
        typed.insert(table.name(), Frame { schema: batch.schema(), batches: vec![batch] }).unwrap();
    }
    let again = read_case_frames(&typed, &ReadOptions::default(), &|_, _| {}).unwrap();
    assert_eq!(again.requests.len(), read.requests.len());
    let plain = |case: &crate::model::Case| (case.slots.clone(), case.sessions.clone(), case.sites.clone());
    assert_eq!(plain(&again), plain(&read));
}

#[test]
fn a_table_that_is_none_is_refused_by_name() {
    let error = Frames::default().insert("request", with("patient_id", texts(&["a"]))).unwrap_err();
    assert!(error.to_string().contains("requests, slots, sessions, clinicians, sites"), "{error}");
    let missing = frame(vec![("session_id", texts(&["S"]))]);
    let problems = cells(&SESSIONS, &missing).unwrap_err();
    assert!(problems.iter().all(|issue| issue.code == Code::ColumnMissing && issue.file == "sessions.csv"));
}

#[test]
fn a_plan_as_batches_has_the_types_of_its_columns_and_no_apostrophes() {
    let plan = sample();
    let [placed, unplaced, excluded] = plan_batches(&plan, &["-note".to_owned()]).unwrap();
    let counts = [&placed, &unplaced, &excluded].map(RecordBatch::num_rows);
    assert_eq!(counts, [plan.plan.len(), plan.unplaced.len(), plan.excluded.len()]);
    let column = |name: &str| placed.column_by_name(name).unwrap();
    assert_eq!(*column("start").data_type(), DataType::Timestamp(TimeUnit::Microsecond, None));
    assert_eq!(*column("call_by").data_type(), DataType::Date32);
    assert_eq!(column("request_id").as_string::<i32>().value(0), "=R1");
    assert_eq!(column("-note").as_string::<i32>().value(0), "-note, with comma");
    assert!(column("latest_date").is_null(0));
    let slots = column("slot_ids").as_list::<i32>().value(0);
    assert_eq!(slots.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("S1/1"), Some("S1/2")]);
    assert!(excluded.column_by_name("request_id").unwrap().is_null(0));
}

#[test]
fn what_could_not_be_read_is_there_as_text() {
    let mut files = std::collections::BTreeMap::new();
    let required = "request_id,patient_id,site_id,care_type,original_start,due_date";
    let rows =
        "R1,P1,A,blood-test,2024-07-19T09:00,2024-07-30\nR2,P2,A,blood-test,2024-07-19T09:00,30/07/2024\n";
    files.insert("requests.csv".to_owned(), format!("{required}\n{rows}").into_bytes());
    let sessions = "session_id,practitioner_id,site_id,start,end,slot_minutes\nS,D,A,2024-07-22T09:00,2024-07-22T10:00,10\n";
    files.insert("sessions.csv".to_owned(), sessions.into());
    files.insert("clinicians.csv".to_owned(), "practitioner_id,role\nD,gp\n".into());
    let case = crate::tables::read_case_files(&files, &ReadOptions::default()).unwrap();
    let batch = case_batch(&case, "requests").unwrap();
    let dates = batch.column_by_name("due_date").unwrap().as_string::<i32>();
    assert_eq!(dates.iter().collect::<Vec<_>>(), [Some("2024-07-30"), Some("30/07/2024")]);
    let starts = batch.column_by_name("original_start").unwrap();
    assert_eq!(*starts.data_type(), DataType::Timestamp(TimeUnit::Microsecond, None));
}
