//! The rooms of the engine never look up: an edge that does is named with its file and line.

use rebook_tests::house::layers::{LAYERS, edges, offenders};
use rebook_tests::house::{Source, scan, sources};

#[test]
fn no_room_looks_up() {
    let files = sources("engine/src");
    let edges: Vec<_> = files.iter().flat_map(edges).collect();
    assert!(edges.len() > 100, "the edges are not being read: {}", edges.len());
    let offenders = offenders(&edges);
    assert!(offenders.is_empty(), "\n{}", offenders.join("\n"));
}

#[test]
fn every_room_has_its_place() {
    let files = sources("engine/src");
    for room in files.iter().filter_map(|file| file.module.first()) {
        assert!(LAYERS.iter().any(|(name, _)| name == room), "`{room}` has no place in LAYERS yet");
    }
}

/// The program itself is one line that calls the command line.
#[test]
fn main_knows_the_command_line_alone() {
    let files = sources("engine/src");
    let main: Vec<&Source> = files.iter().filter(|file| file.path.ends_with("/main.rs")).collect();
    assert_eq!(main.len(), 1);
    let tokens = scan::tokens(main[0]);
    let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let after = |at: usize| words.get(at + 2).copied().unwrap_or_default();
    let rooms: Vec<&str> = (0..words.len()).filter(|&at| words[at] == "rebook").map(after).collect();
    assert!(rooms.iter().all(|room| *room == "cli"), "main.rs uses {rooms:?}");
}
