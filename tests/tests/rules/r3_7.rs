//! SPEC 3.7: additional sessions exist only where the run asks for them.

use super::{one_slot, plan};

#[test]
fn only_where_the_run_asks_for_them() {
    let case = || one_slot().edit_session("S", |session| session.additional = true).request("R1", |r| r);
    plan(case()).unplaced(&[("R1", "no-candidate")]);
    plan(case().use_additional()).placed(&[("R1", "S/1")]);
}
