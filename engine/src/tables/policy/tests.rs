use super::*;
use crate::model::{Target, Tier};

fn read(text: &str) -> std::result::Result<Policy, Vec<Issue>> {
    let mut log = Log::default();
    parse(text.as_bytes(), FILE, &mut log).map(|draft| draft.decided(None, None)).ok_or(log.problems)
}

fn codes(text: &str) -> Vec<(Code, Option<u64>, String)> {
    read(text).unwrap_err().into_iter().map(|i| (i.code, i.line, i.field.unwrap_or_default())).collect()
}

#[test]
fn the_built_in_policy_is_what_the_rules_say() {
    let policy = builtin_policy();
    let tiers: Vec<&str> = policy.tiers.iter().map(|tier| tier.code.as_str()).collect();
    assert_eq!(tiers, ["GP0", "GP1", "GP2", "GP3", "GP4", "GP5", "GP6"]);
    let called: Vec<&str> =
        policy.tiers.iter().filter(|tier| tier.call).map(|tier| tier.code.as_str()).collect();
    assert_eq!(called, ["GP1", "GP2", "GP3"]);
    let urgent: Vec<&str> =
        policy.tiers.iter().filter(|tier| tier.urgent).map(|tier| tier.code.as_str()).collect();
    assert_eq!(urgent, ["GP1"]);
    assert_eq!(policy.reserves[0].fraction.to_string(), "0.4");
    assert_eq!(policy.max_contacts_day["gp"], 25);
    assert!(policy.care_types.iter().all(|kind| kind.priority.is_none()));
}

#[test]
fn an_empty_policy_has_the_defaults_but_no_reserve_and_no_cap() {
    let expected = Policy { reserves: Vec::new(), max_contacts_day: [].into(), ..builtin_policy() };
    assert_eq!(read("").unwrap(), expected);
}

#[test]
fn a_policy_written_reads_back_the_same() {
    let mut policy = builtin_policy();
    assert_eq!(read(&policy_to_toml(&policy)).unwrap(), policy);
    policy.name = "a \"quoted\" \\ name\twith ünïcode".to_owned();
    policy.bank_holidays = BankHolidays::Listed(vec![policy.start]);
    policy.tiers[3].target = Target::Days(9);
    policy.tiers[4] = Tier { min_notice_hours: Some(5), shares_rank: true, ..policy.tiers[4].clone() };
    policy.care_types[0].start_after = Some(485);
    policy.care_types[0].priority = Some("GP5".to_owned());
    policy.reserves[0].fraction = "0.123456789".parse().unwrap();
    assert_eq!(read(&policy_to_toml(&policy)).unwrap(), policy);
}

#[test]
fn every_problem_is_told_with_its_line_and_key() {
    let text = "horizon_dayz = 3\nwait_per_day = 0\nslot_minutes = 15.0\n[[tier]]\ncode = \"A\"\nshares_rank = true\n\
                [care_types.x]\nroles = []\npriority = \"B\"\n[[reserve]]\nrole = \"gp\"\nfraction = 1.5\n";
    let mut found = codes(text);
    found.sort_by_key(|(_, line, _)| *line);
    assert_eq!(
        found.iter().map(|(code, line, field)| (*code, line.unwrap(), field.as_str())).collect::<Vec<_>>(),
        [
            (Code::UnknownKey, 1, "horizon_dayz"),
            (Code::PolicyValue, 2, "wait_per_day"),
            (Code::PolicyValue, 3, "slot_minutes"),
            (Code::SharesRankFirst, 4, "tier[1].shares_rank"),
            (Code::TierTarget, 4, "tier[1].target_working_days"),
            (Code::UnknownTier, 7, "care_types.x.priority"),
            (Code::PolicyValue, 7, "care_types.x.roles"),
            (Code::PolicyValue, 12, "reserve[1].fraction"),
        ]
    );
    assert_eq!(codes("a = 1\na = 2\nb =\n").len(), 2);
    assert!(read("horizon_dayz = 3").unwrap_err()[0].help.contains("horizon_days"));
}

#[test]
fn overrides_move_the_moment_only_where_none_is_given() {
    let draft = |text: &str| parse(text.as_bytes(), FILE, &mut Log::default()).unwrap();
    let start = NaiveDate::from_ymd_opt(2025, 1, 2);
    assert_eq!(draft("").decided(start, None).as_of.to_string(), "2025-01-02 00:00:00");
    let given = "start = 2024-07-22\nas_of = 2024-07-22T07:00:00";
    assert_eq!(draft(given).decided(start, None).as_of.to_string(), "2024-07-22 07:00:00");
}
