//! One file that is whole, reaches for nothing, and has its headings, tables and links in order.

use std::collections::BTreeSet;

use super::{sheets, told, unchanged, with_desk};
use crate::desk::page::head;

fn whole() -> String {
    with_desk(unchanged, |desk| told(desk, &sheets("text")))
}

/// The values of an attribute, in order.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap().0
}

#[test]
fn nothing_is_fetched() {
    let page = whole();
    for word in ["http:", "https:", "//", " src=", "@import", "url("] {
        let markup = page.replace(between(&page, "<script>", "</script>"), "").replace("url(#stripes)", "");
        assert!(!markup.contains(word), "{word}");
    }
    assert_eq!(page.matches("<link").count(), 1);
    assert!(page.contains("<link rel=\"icon\" href=\"data:,\">"));
    assert!(!page.contains(" style=\""), "the policy would refuse it");
}

#[test]
fn only_this_style_and_this_script_may_run() {
    let page = whole();
    let policy = values(&page, "content")[0];
    let (style, script) = (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
    assert_eq!(
        policy.replace("&#39;", "'"),
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            head::digest(style),
            head::digest(script)
        )
    );
    assert_eq!((page.matches("<style").count(), page.matches("<script").count()), (1, 1));
    assert!(page.find("Content-Security-Policy") < page.find("<style>"));
}

#[test]
fn headings_are_in_order() {
    let page = whole();
    let levels = page.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10));
    let levels: Vec<u32> = levels.collect();
    assert_eq!(levels[0], 1);
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
}

#[test]
fn tables_have_captions_scopes_and_names() {
    let page = whole();
    for table in page.split("<table").skip(1) {
        let table = table.split("</table>").next().unwrap();
        let caption = between(table, "<caption", "</caption>");
        assert!(caption.len() > 5, "{caption}");
        let heads = table.matches("<th ").count();
        assert_eq!(heads, table.matches(" scope=\"").count());
        assert_eq!(table.matches("<th>").count(), 0);
    }
    for region in page.split("role=\"region\"").skip(1) {
        let tag = region.split('>').next().unwrap();
        assert!(tag.contains(" aria-label") && tag.contains(" tabindex=\"0\""), "{tag}");
    }
    assert_eq!(page.matches("role=\"region\"").count(), page.matches("class=\"scroll").count());
}

#[test]
fn no_element_has_an_attribute_twice_or_an_empty_class() {
    let page = whole();
    let body = page.split_once("<body>").unwrap().1.split("<script>").next().unwrap();
    for tag in body.split('<').filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag) {
        let names: Vec<&str> = tag.split("=\"").filter_map(|piece| piece.rsplit([' ', '"']).next()).collect();
        let names = &names[..names.len() - 1];
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{tag}");
        assert!(!tag.contains(" class=\"\""), "{tag}");
    }
}

#[test]
fn every_link_and_every_name_has_its_target() {
    let page = whole();
    let ids = values(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    for link in values(&page, "href").into_iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(unique.contains(link), "#{link}");
    }
    for id in values(&page, "aria-labelledby").into_iter().flat_map(str::split_whitespace) {
        assert!(unique.contains(id), "{id}");
    }
}

#[test]
fn charts_have_a_name_a_description_and_their_numbers() {
    let page = whole();
    let drawings: Vec<&str> = page.split("<svg role=\"img\"").skip(1).collect();
    assert!(drawings.len() > 3);
    for drawing in drawings {
        let drawing = drawing.split("</svg>").next().unwrap();
        assert!(between(drawing, "<title", "</title>").len() > 5);
        assert!(between(drawing, "<desc", "</desc>").len() > 5);
        assert!(!drawing.contains('.') || !drawing.contains("=\"0."), "positions are whole numbers");
    }
    for figure in page.split("<figure").skip(1) {
        let figure = figure.split("</figure>").next().unwrap();
        let (drawing, numbers) = (figure.find("<svg"), figure.find("<details"));
        assert!(drawing.is_some() && drawing < numbers);
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    assert_eq!(whole(), whole());
}
