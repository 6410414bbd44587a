//! A policy as TOML, every value written out.

use std::fmt::Write;

use crate::calendar::format_moment;
use crate::model::{BankHolidays, CareType, ContactRoute, Policy, Target, TargetFrom, Tier};

/// The policy as TOML that [`read_policy`](super::read_policy) reads back as the same policy.
pub fn policy_to_toml(policy: &Policy) -> String {
    let mut out = String::new();
    top(&mut out, policy);
    out.push_str("\n[min_notice_hours]\n");
    let notice = &policy.min_notice_hours;
    for route in ContactRoute::ALL {
        // Left out, the others would have the built-in hours and not the default's.
        if *route != ContactRoute::Clinician || notice.by_route.contains_key(route) {
            line(&mut out, route.as_str(), notice.of(*route));
        }
    }
    line(&mut out, "default", policy.min_notice_hours.default);
    for tier in &policy.tiers {
        self::tier(&mut out, tier);
    }
    for kind in &policy.care_types {
        care_type(&mut out, kind);
    }
    if !policy.max_contacts_day.is_empty() {
        out.push_str("\n[max_contacts_day]\n");
        for (role, most) in &policy.max_contacts_day {
            line(&mut out, &quoted(role), most);
        }
    }
    for reserve in &policy.reserves {
        out.push_str("\n[[reserve]]\n");
        line(&mut out, "role", quoted(&reserve.role));
        line(&mut out, "fraction", reserve.fraction);
    }
    let points = &policy.inconvenience;
    out.push_str("\n[inconvenience]\n");
    line(&mut out, "other_practitioner", points.other_practitioner);
    line(&mut out, "other_site", points.other_site);
    line(&mut out, "role_step", points.role_step);
    line(&mut out, "wasted_minute", points.wasted_minute);
    line(&mut out, "moved", points.moved);
    for weight in &policy.weights {
        out.push_str("\n[[weight]]\n");
        line(&mut out, "flag", quoted(&weight.flag));
        line(&mut out, "percent", weight.percent);
    }
    out
}

fn top(out: &mut String, policy: &Policy) {
    line(out, "name", quoted(&policy.name));
    line(out, "version", quoted(&policy.version));
    line(out, "approved_by", quoted(&policy.approved_by));
    line(out, "start", quoted(&policy.start.to_string()));
    line(out, "as_of", quoted(&format_moment(policy.as_of)));
    line(out, "horizon_days", policy.horizon_days);
    line(out, "unplaced_days", policy.unplaced_days);
    line(out, "wait_per_day", policy.wait_per_day);
    line(out, "travel_minutes", policy.travel_minutes);
    line(out, "together_gap_minutes", policy.together_gap_minutes);
    line(out, "slot_minutes", policy.slot_minutes);
    line(out, "window_rank", policy.window_rank);
    line(out, "place_after_window", policy.place_after_window);
    line(out, "place_needs", list(policy.place_needs.iter()));
    let holidays = match &policy.bank_holidays {
        BankHolidays::England => quoted("england"),
        BankHolidays::Listed(dates) => list(dates.iter().map(ToString::to_string)),
    };
    line(out, "bank_holidays", holidays);
    line(out, "max_weight", policy.max_weight);
}

fn tier(out: &mut String, tier: &Tier) {
    out.push_str("\n[[tier]]\n");
    line(out, "code", quoted(&tier.code));
    match tier.target {
        Target::Days(days) => line(out, "target_days", days),
        Target::WorkingDays(days) => line(out, "target_working_days", days),
    }
    let from = match tier.target_from {
        TargetFrom::Start => "start",
        TargetFrom::WaitingSince => "waiting_since",
    };
    line(out, "target_from", quoted(from));
    line(out, "may_use", list(tier.may_use.iter()));
    line(out, "schedule", tier.schedule);
    line(out, "call", tier.call);
    line(out, "urgent", tier.urgent);
    line(out, "shares_rank", tier.shares_rank);
    line(out, "weight", tier.weight);
    line(out, "escalate_after_days", tier.escalate_after_days);
    if let Some(hours) = tier.min_notice_hours {
        line(out, "min_notice_hours", hours);
    }
}

fn care_type(out: &mut String, kind: &CareType) {
    let _ = writeln!(out, "\n[care_types.{}]", quoted(&kind.code));
    line(out, "roles", list(kind.roles.iter()));
    line(out, "duration_minutes", kind.duration_minutes);
    line(out, "delivery_channels", list(kind.delivery_channels.iter().map(|channel| channel.as_str())));
    if let Some(priority) = &kind.priority {
        line(out, "priority", quoted(priority));
    }
    if !kind.needs.is_empty() {
        line(out, "needs", list(kind.needs.iter()));
    }
    for (key, minutes) in [("start_after", kind.start_after), ("finish_by", kind.finish_by)] {
        if let Some(minutes) = minutes {
            line(out, key, quoted(&format!("{:02}:{:02}", minutes / 60, minutes % 60)));
        }
    }
}

fn line(out: &mut String, key: &str, value: impl std::fmt::Display) {
    // invariant: writing to a String cannot fail.
    let _ = writeln!(out, "{key} = {value}");
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(items: impl Iterator<Item = impl AsRef<str>>) -> String {
    let items: Vec<String> = items.map(|item| quoted(item.as_ref())).collect();
    format!("[{}]", items.join(", "))
}
