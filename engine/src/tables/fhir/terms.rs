//! The codes of FHIR and UK Core, and the words of this project that they mean: the one place that says so.

use super::resources::{CodeableConcept, Extension};

/// The extension of UK Core that says how an appointment is held.
pub const DELIVERY_CHANNEL: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel";

/// The names under which the job roles of the Spine Directory Service are found.
const SDS_JOB_ROLES: [&str; 6] = [
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName",
    "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1",
    "https://fhir.nhs.uk/CodeSystem/England-SDS-JobRoleCode",
    "https://fhir.nhs.uk/CodeSystem/HL7v3-SDSJobRoleName",
    "https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode",
    "https://fhir.nhs.uk/R4/CodeSystem/UKCore-SDSJobRoleName",
];

/// Job roles of the Spine Directory Service and the roles of the built-in policy. Only what is beyond doubt: an access
/// role such as R8000 says what a smartcard opens, not what its holder does.
const ROLES: [(&str, &str); 8] = [
    ("R0260", "gp"),             // General Medical Practitioner
    ("R0270", "gp"),             // Salaried General Practitioner
    ("R6200", "gp"),             // GP Registrar
    ("R6300", "gp"),             // Sessional GP
    ("R0620", "practice-nurse"), // Staff Nurse
    ("R1290", "pharmacist"),     // Pharmacist
    ("R1480", "hca"),            // Healthcare Assistant
    ("R1590", "phlebotomist"),   // Phlebotomist
];

/// Who may be booked into a slot (HL7 v2 table 0276), and the label that keeps it for them.
const APPOINTMENT_TYPES: [(&str, &str); 5] = [
    ("ROUTINE", "open"),
    ("EMERGENCY", "urgent"),
    ("WALKIN", "walk-in"),
    ("CHECKUP", "check-up"),
    ("FOLLOWUP", "follow-up"),
];

/// The role of somebody of whom it is not known.
pub const UNKNOWN: &str = "unknown";

/// A word, and whether a table here has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    pub text: String,
    pub listed: bool,
}

/// A code as a word: lower case, hyphens for spaces.
fn word(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase()
}

/// What a notion is called where no table has it: its code, unless that is a number or of the Spine's, which say nothing.
fn as_it_is(concept: &CodeableConcept) -> Option<Term> {
    let name = |code: &super::resources::Coding| {
        let shown = code.display.as_deref().filter(|text| !text.trim().is_empty());
        let dumb =
            |text: &&str| !text.bytes().all(|byte| byte.is_ascii_digit()) && !is_sds(code.system.as_deref());
        code.code.as_deref().filter(dumb).or(shown).or(code.code.as_deref()).map(word)
    };
    let text = concept.coding.iter().find_map(name).or_else(|| concept.text.as_deref().map(word));
    text.filter(|text| !text.is_empty()).map(|text| Term { text, listed: false })
}

fn is_sds(system: Option<&str>) -> bool {
    system.is_some_and(|system| SDS_JOB_ROLES.contains(&system))
}

/// The roles that codes mean: those of the table where it has any, else the codes as they are.
pub fn roles(concepts: &[CodeableConcept]) -> Vec<Term> {
    let listed = |concept: &CodeableConcept| {
        let codes = concept.coding.iter().filter(|code| is_sds(code.system.as_deref()));
        // Newer codes have the whole path of the role, such as S0030:G0100:R0620.
        let mut code = codes.filter_map(|code| code.code.as_deref()?.rsplit(':').next());
        let role = |code: &str| ROLES.iter().find(|(known, _)| *known == code).map(|(_, role)| *role);
        code.find_map(role).map(|role| Term { text: role.to_owned(), listed: true })
    };
    let mut found: Vec<Term> = concepts.iter().filter_map(listed).collect();
    if found.is_empty() {
        found = concepts.iter().filter_map(as_it_is).collect();
    }
    found.sort();
    found.dedup();
    found
}

/// The label of a slot that is kept for appointments of a type.
pub fn label(concept: &CodeableConcept) -> Option<Term> {
    let mut codes = concept.coding.iter().filter_map(|code| code.code.as_deref());
    let label =
        |code: &str| APPOINTMENT_TYPES.iter().find(|(known, _)| *known == code).map(|(_, label)| *label);
    let listed = codes.find_map(label).map(|text| Term { text: text.to_owned(), listed: true });
    listed.or_else(|| as_it_is(concept))
}

/// The ways in which appointments can be held, as a list of the tables has them; empty where nothing is said.
///
/// UK Core has no code for a home visit: it is `In-person` with the text `Home visit`.
pub fn channels(extensions: &[Extension]) -> String {
    let concepts = extensions.iter().filter(|extension| extension.url == DELIVERY_CHANNEL);
    let mut found: Vec<String> = Vec::new();
    for concept in concepts.filter_map(|extension| extension.concept.as_ref()) {
        let text = concept.text.as_deref().map(word).filter(|text| text == "home-visit");
        let code = || concept.coding.iter().find_map(|code| code.code.as_deref()).map(word);
        if let Some(channel) = text.or_else(code)
            && !found.contains(&channel)
        {
            found.push(channel);
        }
    }
    found.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(json: &str) -> CodeableConcept {
        serde_json::from_str(json).expect("a concept")
    }

    fn term(text: &str, listed: bool) -> Term {
        Term { text: text.to_owned(), listed }
    }

    #[test]
    fn job_roles_of_the_spine_are_roles_of_the_policy() {
        let gp = concept(
            r#"{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName","code":"R0260"}]}"#,
        );
        let nurse = concept(
            r#"{"coding":[{"system":"https://fhir.nhs.uk/CodeSystem/NHSDigital-SDS-JobRoleCode","code":"S0030:G0100:R0620"}]}"#,
        );
        let partner = concept(r#"{"text":"Partner"}"#);
        assert_eq!(roles(&[partner.clone(), gp.clone()]), [term("gp", true)]);
        assert_eq!(roles(std::slice::from_ref(&nurse)), [term("practice-nurse", true)]);
        assert_eq!(roles(&[nurse, gp]), [term("gp", true), term("practice-nurse", true)]);
        assert_eq!(roles(&[partner]), [term("partner", false)]);
        assert_eq!(roles(&[]), []);
    }

    #[test]
    fn codes_of_no_table_stay_as_they_are() {
        for (json, text) in [
            (r#"{"coding":[{"system":"x","code":"R0260"}]}"#, "r0260"),
            (r#"{"coding":[{"code":"gp","display":"Doctor"}]}"#, "gp"),
            (
                r#"{"coding":[{"system":"http://snomed.info/sct","code":"62247001","display":"Family  medicine"}]}"#,
                "family-medicine",
            ),
            (
                r#"{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName","code":"R0600","display":"Specialist Nurse Practitioner"}]}"#,
                "specialist-nurse-practitioner",
            ),
        ] {
            assert_eq!(roles(&[concept(json)]), [term(text, false)], "{json}");
        }
    }

    #[test]
    fn slots_are_kept_for_appointments_of_their_type() {
        assert_eq!(label(&concept(r#"{"coding":[{"code":"EMERGENCY"}]}"#)), Some(term("urgent", true)));
        assert_eq!(label(&concept(r#"{"coding":[{"code":"ROUTINE"}]}"#)), Some(term("open", true)));
        assert_eq!(label(&concept(r#"{"text":"Flu clinic"}"#)), Some(term("flu-clinic", false)));
        assert_eq!(label(&concept("{}")), None);
    }

    #[test]
    fn channels_are_those_of_uk_core() {
        let extension =
            |value: &str| Extension { url: DELIVERY_CHANNEL.to_owned(), concept: Some(concept(value)) };
        let video = extension(r#"{"coding":[{"code":"Video"}]}"#);
        let home = extension(r#"{"coding":[{"code":"In-person"}],"text":"Home visit"}"#);
        let other = Extension { url: "x".to_owned(), concept: video.concept.clone() };
        assert_eq!(channels(&[video.clone(), home, video]), "video;home-visit");
        assert_eq!(channels(&[other]), "");
    }
}
