//! Requests that belong together: bloods before the review, mother and baby, siblings, couples.

use super::care::AFTER_BLOODS;
use super::rows::RequestRow;
use super::sample::Stream;
use super::staff::Practice;

/// Share of reviews whose bloods were lost with them: an assumption.
const BLOODS_FIRST: u32 = 6_000;
/// Share of pairs booked as one visit, where two requests could be: an assumption.
const TOGETHER: u32 = 6_000;

/// Links requests of one practice. The rows keep their order.
pub fn link(seed: u64, practice: &Practice, rows: &mut [RequestRow]) {
    let mut stream = Stream::new(seed, "links", practice.index as u64);
    let mut bloods: Vec<usize> = positions(rows, "blood-test");
    for care in AFTER_BLOODS {
        for review in positions(rows, care) {
            if !stream.chance(BLOODS_FIRST) {
                continue;
            }
            // The first lost blood test that nobody else's review waits for.
            let Some(blood) = bloods.pop() else { break };
            let (patient, site) = (rows[review].patient_id.clone(), rows[review].site_id.clone());
            let id = rows[blood].request_id.clone();
            rows[blood].patient_id = patient;
            rows[blood].site_id = site;
            rows[review].after_request_id = id;
            if stream.chance(2_000) {
                "7".clone_into(&mut rows[review].after_min_days);
                "28".clone_into(&mut rows[review].after_max_days);
            }
        }
    }
    let mothers = positions(rows, "postnatal-check");
    let babies = positions(rows, "baby-check");
    let mut pairs: Vec<(usize, usize)> = mothers.into_iter().zip(babies).collect();
    for care in ["childhood-immunisation", "adult-vaccination"] {
        pairs.extend(positions(rows, care).chunks_exact(2).map(|pair| (pair[0], pair[1])));
    }
    let mut visits = 0;
    for (first, second) in pairs {
        // Mother and baby mostly come together; siblings and couples now and then.
        let family = rows[first].care_type == "postnatal-check";
        if !stream.chance(if family { 8_000 } else { TOGETHER }) {
            continue;
        }
        visits += 1;
        let id = practice.ids.of(&format!("V{visits:02}"));
        let shared = rows[first].clone();
        for position in [first, second] {
            let row = &mut rows[position];
            row.together_id.clone_from(&id);
            row.site_id.clone_from(&shared.site_id);
            row.available.clone_from(&shared.available);
            row.unavailable_dates.clone_from(&shared.unavailable_dates);
            row.imd_decile.clone_from(&shared.imd_decile);
            "phone".clone_into(&mut row.contact_route);
        }
    }
}

fn positions(rows: &[RequestRow], care: &str) -> Vec<usize> {
    (0..rows.len()).filter(|&n| rows[n].care_type == care).collect()
}
