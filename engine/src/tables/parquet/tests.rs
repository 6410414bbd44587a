use std::sync::Arc;

use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::super::schema::{REQUESTS, SESSIONS, SITES, SLOTS};
use super::*;

/// Values of a column.
enum Values {
    Text(Vec<&'static str>),
    Bytes(Vec<&'static [u8]>),
    Fixed(Vec<&'static [u8]>),
    Int(Vec<i32>),
    Long(Vec<i64>),
    Float(&'static [&'static str]),
    Double(&'static [&'static str]),
    Flag(Vec<bool>),
}

/// A column: its values and the levels that say where they stand.
type Levelled = (Values, &'static [i16], &'static [i16]);

/// A file with a row group for each set of columns.
fn file(schema: &str, groups: Vec<Vec<Levelled>>, compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message table {{ {schema} }}")).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    for columns in groups {
        let mut group = writer.next_row_group().unwrap();
        for (values, levels, repeats) in columns {
            let mut column = group.next_column().unwrap().unwrap();
            let levels = (!levels.is_empty()).then_some(levels);
            let repeats = (!repeats.is_empty()).then_some(repeats);
            write(values, levels, repeats, column.untyped());
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn write(values: Values, levels: Option<&[i16]>, repeats: Option<&[i16]>, column: &mut ColumnWriter<'_>) {
    let array =
        |values: &[&'static [u8]]| -> Vec<ByteArray> { values.iter().map(|&value| value.into()).collect() };
    match (values, column) {
        (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
            let values: Vec<ByteArray> = values.into_iter().map(ByteArray::from).collect();
            writer.write_batch(&values, levels, repeats)
        }
        (Values::Bytes(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
            writer.write_batch(&array(&values), levels, repeats)
        }
        (Values::Fixed(values), ColumnWriter::FixedLenByteArrayColumnWriter(writer)) => {
            let values: Vec<FixedLenByteArray> = array(&values).into_iter().map(Into::into).collect();
            writer.write_batch(&values, levels, repeats)
        }
        (Values::Int(values), ColumnWriter::Int32ColumnWriter(writer)) => {
            writer.write_batch(&values, levels, repeats)
        }
        (Values::Long(values), ColumnWriter::Int64ColumnWriter(writer)) => {
            writer.write_batch(&values, levels, repeats)
        }
        (Values::Float(texts), ColumnWriter::FloatColumnWriter(writer)) => {
            let values: Vec<_> = texts.iter().map(|text| text.parse().unwrap()).collect();
            writer.write_batch(&values, levels, repeats)
        }
        (Values::Double(texts), ColumnWriter::DoubleColumnWriter(writer)) => {
            let values: Vec<_> = texts.iter().map(|text| text.parse().unwrap()).collect();
            writer.write_batch(&values, levels, repeats)
        }
        (Values::Flag(values), ColumnWriter::BoolColumnWriter(writer)) => {
            writer.write_batch(&values, levels, repeats)
        }
        _ => panic!("the schema of the test has another type"),
    }
    .unwrap();
}

/// A column of texts as a schema takes it.
fn text(name: &str) -> String {
    format!("required binary {name} (UTF8);")
}

/// A column as a schema takes it: a group ends by itself.
fn ended(declared: &str) -> String {
    if declared.ends_with('}') { declared.to_owned() } else { format!("{declared};") }
}

/// What comes of a file: for each row its line and the cells of these columns; or the problems.
fn read(
    table: &'static Table,
    bytes: &[u8],
    columns: &[&str],
) -> Result<Vec<(u64, Vec<String>)>, Vec<Issue>> {
    let mut log = Log::default();
    let file = ParquetFile { table, name: "table.parquet", input: Box::new(bytes) };
    let read = file.read(Keep::Named(&[]), &mut log, &|_, _| {}, |row, _| {
        let cell = |name: &&str| row.trimmed(table.position(name).unwrap()).into_owned();
        Some((row.line(), columns.iter().map(cell).collect()))
    });
    match log.read(read) {
        Some((file, _, rows)) if log.problems.is_empty() => {
            assert_eq!((file.rows, file.sha256.len()), (rows.len(), 64));
            Ok(rows)
        }
        _ => Err(log.problems),
    }
}

/// The cells of one column in a file that has the required columns of slots beside it.
fn cells(table: &'static Table, name: &str, declared: &str, column: Levelled, rows: usize) -> Vec<String> {
    let mut schema = ended(declared);
    let mut columns = vec![column];
    for required in table.columns.iter().filter(|column| column.required && column.name != name) {
        schema += &text(required.name);
        columns.push((Values::Text(vec!["x"; rows]), &[], &[]));
    }
    let read = read(table, &file(&schema, vec![columns], Compression::UNCOMPRESSED), &[name]);
    read.unwrap().into_iter().map(|(_, mut cells)| cells.remove(0)).collect()
}

#[test]
fn every_type_becomes_the_text_of_a_cell() {
    let start = |declared: &str, values: Vec<i64>, rows| {
        cells(
            &SLOTS,
            "start",
            &format!("required int64 start ({declared})"),
            (Values::Long(values), &[], &[]),
            rows,
        )
    };
    let nine = 1_721_638_800;
    assert_eq!(
        start("TIMESTAMP(MILLIS,false)", vec![nine * 1_000, nine * 1_000 + 30_000], 2),
        ["2024-07-22T09:00", "2024-07-22T09:00:30"]
    );
    assert_eq!(start("TIMESTAMP(MICROS,false)", vec![-60_000_000], 1), ["1969-12-31T23:59"]);
    assert_eq!(start("TIMESTAMP(NANOS,false)", vec![nine * 1_000_000_000 + 5], 1), ["2024-07-22T09:00:00.5"]);

    let whole = |declared: &str, values| cells(&SLOTS, "places", declared, values, 2);
    assert_eq!(whole("optional int32 places", (Values::Int(vec![4]), &[1, 0], &[])), ["4", ""]);
    assert_eq!(
        whole("required int64 places (INTEGER(64,true))", (Values::Long(vec![-1, 7]), &[], &[])),
        ["-1", "7"]
    );
    assert_eq!(
        whole("required int32 places (INTEGER(32,false))", (Values::Int(vec![-1, 7]), &[], &[])),
        ["4294967295", "7"]
    );
    assert_eq!(whole("required double places", (Values::Double(&["15", "15.5"]), &[], &[])), ["15", "15.5"]);
    assert_eq!(whole("required float places", (Values::Float(&["0.1", "NaN"]), &[], &[])), ["0.1", "NaN"]);
    assert_eq!(
        whole("required int32 places (DECIMAL(9,2))", (Values::Int(vec![1500, -5]), &[], &[])),
        ["15", "-0.05"]
    );
    assert_eq!(
        whole("required int64 places (DECIMAL(18,3))", (Values::Long(vec![1, 12_000]), &[], &[])),
        ["0.001", "12"]
    );
    let big: Vec<&[u8]> = vec![b"\xff\xff", b"\x01\x00"];
    assert_eq!(
        whole(
            "required fixed_len_byte_array(2) places (DECIMAL(4,1))",
            (Values::Fixed(big.clone()), &[], &[])
        ),
        ["-0.1", "25.6"]
    );
    assert_eq!(
        whole("required binary places (DECIMAL(4,1))", (Values::Bytes(big), &[], &[])),
        ["-0.1", "25.6"]
    );

    let flag = |declared: &str, values| cells(&SESSIONS, "additional", declared, values, 2);
    assert_eq!(
        flag("required boolean additional", (Values::Flag(vec![true, false]), &[], &[])),
        ["true", "false"]
    );
    assert_eq!(flag("required int32 additional", (Values::Int(vec![1, 0]), &[], &[])), ["1", "0"]);

    let due = |declared: &str, values| cells(&REQUESTS, "due_date", declared, values, 2);
    assert_eq!(
        due("required int32 due_date (DATE)", (Values::Int(vec![19_926, i32::MAX]), &[], &[])),
        ["2024-07-22", "2147483647"]
    );
    let midnight = 19_926 * 86_400_000;
    assert_eq!(
        due(
            "required int64 due_date (TIMESTAMP(MILLIS,false))",
            (Values::Long(vec![midnight, midnight + 60_000]), &[], &[])
        ),
        ["2024-07-22", "2024-07-22T00:01"]
    );
}

#[test]
fn lists_and_texts_are_cells_as_csv_has_them() {
    let list = "optional group features (LIST) { repeated group list { optional binary element (UTF8); } }";
    // A list of two, none, an empty list, a list with an item that is not there, and one of one.
    let column: Levelled =
        (Values::Text(vec!["step-free", "bsl", "inr"]), &[3, 3, 0, 1, 2, 3], &[0, 1, 0, 0, 0, 0]);
    assert_eq!(cells(&SITES, "features", list, column, 5), ["step-free;bsl", "", "", "", "inr"]);
    let old = "required group features (LIST) { repeated binary array (UTF8); }";
    assert_eq!(cells(&SITES, "features", old, (Values::Text(vec!["a", "b"]), &[1, 1], &[0, 1]), 1), ["a;b"]);
    // The apostrophe and the spaces mean what they mean in CSV.
    let name = (Values::Text(vec!["'=1", " Elm, \"Street\" "]), &[1_i16, 1][..], &[][..]);
    assert_eq!(cells(&SITES, "name", "optional binary name (UTF8)", name, 2), ["=1", "Elm, \"Street\""]);
}

#[test]
fn rows_stand_in_the_order_of_the_file_whatever_its_groups() {
    let schema = "required binary site_id (UTF8); optional binary name (UTF8); required int32 other;";
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        Compression::LZ4_RAW,
    ] {
        let groups = [&names[0..3], &names[3..4], &names[4..7]].map(|ids| {
            let empty: &[i16] = &[0; 3][..ids.len()];
            vec![
                (Values::Text(ids.to_vec()), &[][..], &[][..]),
                (Values::Text(vec![]), empty, &[][..]),
                (Values::Int(vec![0; ids.len()]), &[][..], &[][..]),
            ]
        });
        let rows = read(&SITES, &file(schema, groups.into(), compression), &["site_id", "name"]).unwrap();
        let expected = names.iter().zip(2..).map(|(id, line)| (line, vec![(*id).to_owned(), String::new()]));
        assert_eq!(rows, expected.collect::<Vec<_>>(), "{compression:?}");
    }
}

#[test]
fn what_cannot_be_taken_is_named_with_its_remedy() {
    let problem = |table: &'static Table, declared: &str| -> (Code, String, String, String) {
        let required =
            table.columns.iter().filter(|column| column.required && !declared.contains(column.name));
        let others: String = required.map(|column| text(column.name)).collect();
        let bytes = file(&(ended(declared) + &others), vec![], Compression::UNCOMPRESSED);
        let problems = read(table, &bytes, &[]).unwrap_err();
        let [one] = problems.as_slice() else { panic!("{declared}: {problems:?}") };
        assert_eq!(one.file, "table.parquet");
        (one.code, one.field.clone().unwrap(), one.value.clone().unwrap(), one.help.clone())
    };
    for (table, declared, field, seen, help) in [
        (&SLOTS, "required int64 slot_id", "slot_id", "whole numbers", "leading zeros"),
        (&SLOTS, "required double session_id", "session_id", "floating-point numbers", "leading zeros"),
        (&SLOTS, "required binary slot_id", "slot_id", "not marked as text", "as text"),
        (
            &SLOTS,
            "required int64 start (TIMESTAMP(MICROS,true))",
            "start",
            "with a zone (UTC)",
            "drop the zone",
        ),
        (&SLOTS, "required int64 start (TIMESTAMP_MILLIS)", "start", "timestamp", "drop the zone"),
        (&SLOTS, "required int96 start", "start", "96 bits", "drop the zone"),
        (&SLOTS, "required int32 start (DATE)", "start", "dates", "as text"),
        (&SLOTS, "required int64 status", "status", "whole numbers", "as text"),
        (&SLOTS, "required boolean places", "places", "booleans", "as text"),
        (&SLOTS, "required group places { required int32 a; }", "places", "a group", "one value"),
        (&SITES, "repeated binary features (UTF8)", "features", "repeated", "one value"),
        (
            &SITES,
            "optional group features (LIST) { repeated group list { optional int32 element; } }",
            "features",
            "a list of something else",
            "one value",
        ),
    ] {
        let (code, column, value, remedy) = problem(table, declared);
        assert_eq!((code, column.as_str()), (Code::ColumnType, field));
        assert!(value.contains(seen) && remedy.contains(help), "{declared}: {value:?} {remedy:?}");
    }
    // Nobody reads a column that is not of the schema, whatever it is.
    let bytes =
        file("required binary site_id (UTF8); required int96 other;", vec![], Compression::UNCOMPRESSED);
    assert_eq!(read(&SITES, &bytes, &[]), Ok(vec![]));
}

/// What a library guessed of a column without values says nothing.
#[test]
fn a_column_without_values_is_taken_whatever_its_type() {
    let required = "required binary site_id (UTF8); optional double name;";
    let column = |values: &'static [&'static str], levels: &'static [i16]| {
        vec![vec![(Values::Text(vec!["a", "b"]), &[][..], &[][..]), (Values::Double(values), levels, &[])]]
    };
    let empty = file(required, column(&[], &[0, 0]), Compression::UNCOMPRESSED);
    let rows = read(&SITES, &empty, &["name"]).unwrap();
    assert_eq!(rows.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), [[""], [""]]);
    let one = file(required, column(&["1.5"], &[0, 1]), Compression::UNCOMPRESSED);
    assert_eq!(read(&SITES, &one, &[]).unwrap_err()[0].code, Code::ColumnType);
}

#[test]
fn a_damaged_file_is_a_problem_and_nothing_worse() {
    use rand::{RngExt, SeedableRng};
    let schema = "required binary site_id (UTF8); optional int64 calls_per_day; optional boolean hub;";
    let columns: Vec<Levelled> = vec![
        (Values::Text(vec!["a", "b", "c"]), &[], &[]),
        (Values::Long(vec![7]), &[0, 1, 0], &[]),
        (Values::Flag(vec![true, false]), &[1, 1, 0], &[]),
    ];
    let sound = file(schema, vec![columns], Compression::SNAPPY);
    assert!(read(&SITES, &sound, &["site_id"]).is_ok());
    let code = |bytes: &[u8]| read(&SITES, bytes, &[]).map_err(|problems| problems[0].code);
    assert_eq!(code(b""), Err(Code::ParquetUnreadable));
    assert_eq!(code(b"site_id\na\n"), Err(Code::ParquetUnreadable));
    let mut random = rand_pcg::Pcg64::seed_from_u64(4);
    let mut refused = 0;
    for _ in 0..2000 {
        let mut bytes = sound.clone();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(4..bytes.len());
            if random.random_range(0..4) == 0 {
                bytes.truncate(at.max(8));
            } else {
                bytes[at] = random.random_range(0..=255);
            }
        }
        refused += usize::from(read(&SITES, &bytes, &["site_id"]).is_err());
    }
    assert!(refused > 500, "{refused}");
}
