//! Nothing that is data is ever taken for markup.

use super::{sheets, told, with_desk};
use crate::model::{Case, PlanFiles};

const ATTACKS: [&str; 14] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' autofocus '",
    "javascript:alert(1)",
    "</style><img src=x onerror=alert(1)>",
    "]]><svg onload=alert(1)>",
    "<!-- -->--!><iframe srcdoc=x>",
    "</title></textarea><base href=//x>",
    "<a href=\"data:text/html,x\">&lt;b&gt;</a>",
    "&#60;script&#62;&quot;&amp;",
    "\\3c/style\\3e }*{background:u\\72l(//x)}",
    "=HYPERLINK(\"http://x\")",
    "{{constructor}} ${alert(1)} `x`",
];

/// The text wherever a case, a plan or a sheet has one that the page shows.
fn everywhere(text: &str) -> String {
    let change = |case: &mut Case, plan: &mut PlanFiles| {
        rename(case, text);
        for row in &mut plan.plan {
            for own in [&mut row.reason, &mut row.patient_id, &mut row.tier, &mut row.contact_route] {
                text.clone_into(own);
            }
            row.flags = vec![text.to_owned()];
        }
        let summary = &mut plan.summary;
        let record = &mut summary.policy;
        for own in [&mut record.name, &mut record.version, &mut record.approved_by] {
            text.clone_into(own);
        }
        text.clone_into(&mut summary.software_version);
        "feasible".clone_into(&mut summary.status);
        summary.objective.late[0].value += 1;
        text.clone_into(&mut summary.objective.late[0].tier);
        summary.input_sha256.insert(text.to_owned(), text.to_owned());
        summary.warnings = vec![text.to_owned()];
    };
    with_desk(change, |desk| told(desk, &sheets(text)))
}

/// Names of a case that others refer to are changed everywhere.
fn rename(case: &mut Case, text: &str) {
    for site in &mut case.sites {
        site.name = Some(text.to_owned());
    }
    let policy = &mut case.policy;
    for tier in policy.tiers.iter_mut().filter(|tier| tier.code == "GP3") {
        text.clone_into(&mut tier.code);
    }
    for priority in case.requests.iter_mut().filter_map(|request| request.priority.as_mut()) {
        if priority == "GP3" {
            text.clone_into(priority);
        }
    }
    let roles = policy.care_types.iter_mut().flat_map(|care_type| &mut care_type.roles);
    for role in roles.chain(case.clinicians.iter_mut().map(|clinician| &mut clinician.role)) {
        if role == "gp" {
            text.clone_into(role);
        }
    }
}

/// Every tag of a page with its attributes, in order: what a browser makes elements of.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|piece| piece.split_once('>').map_or(piece, |(tag, _)| tag)).collect()
}

#[test]
fn a_page_has_the_same_elements_whatever_the_data_say() {
    for attack in ATTACKS {
        // As long, with its spaces where they are: nothing else decides how a cell wraps.
        let harmless: String = attack.chars().map(|sign| if sign == ' ' { ' ' } else { 'a' }).collect();
        let (attacked, calm) = (everywhere(attack), everywhere(&harmless));
        assert_eq!(tags(&attacked), tags(&calm), "{attack}");
        assert!(calm.matches(&harmless).count() > 20, "the text is on the page");
    }
}

#[test]
fn what_a_text_means_is_shown_as_it_was_written() {
    let page = everywhere("<b>\"&");
    assert!(page.contains("<td class=\"k\">&lt;b&gt;&quot;&amp;</td>"));
    assert!(!page.contains("<b>\"&"));
}
