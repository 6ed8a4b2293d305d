//! The files that provisioning puts on the kiosk: component parameters and card profiles.
use hal_smartcard::atr::LifeCycle;
use hal_smartcard::parameters::{ComponentParameters, ParametersError};
use hal_smartcard::profile::{ProfileError, ProfileTable, Recognition, SHIPPED};
use proptest::prelude::*;

const DNIE: &str = "3B7F380000006A444E496520024C340113039000";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn shipped() -> ProfileTable {
    ProfileTable::parse(SHIPPED).unwrap()
}

fn name(atr: &[u8]) -> String {
    match shipped().recognise(Some(atr)) {
        Recognition::Known(profile) => profile.name.clone(),
        Recognition::Dead(profile, cycle) => format!("dead {} {cycle:?}", profile.name),
        Recognition::Unknown => "unknown".to_owned(),
        Recognition::Mute => "mute".to_owned(),
    }
}

#[test]
fn the_generation_of_a_dnie_is_in_its_answer_to_reset() {
    assert_eq!(name(&hex(DNIE)), "dnie");
    for (major, wanted) in [(3, "dnie"), (4, "dnie-3"), (5, "dnie-3")] {
        let mut atr = hex(DNIE);
        atr[15] = major;
        assert_eq!(name(&atr), wanted, "{major}");
    }
}

#[test]
fn a_dead_dnie_is_no_unknown_card() {
    for (cycle, wanted) in [
        (0x0F, LifeCycle::Final),
        (0x00, LifeCycle::PrePersonalised),
        (0x01, LifeCycle::Personalisation),
        (0x07, LifeCycle::Unknown(7)),
    ] {
        let mut atr = hex(DNIE);
        atr[17] = cycle;
        (atr[18], atr[19]) = (0x65, 0x81);
        assert_eq!(name(&atr), format!("dead dnie {wanted:?}"));
    }
}

#[test]
fn sister_cards_and_strangers_are_told_apart() {
    assert_eq!(name(&hex("3B7F380000006A54494631200200000101039000")), "tif");
    assert_eq!(name(&hex("3B7F380000006A464E4D5410024C340430039000")), "fnmt-4.30");
    assert_eq!(name(&hex("3B7F380000006A464E4D5410024C340429039000")), "fnmt-tc");
    assert_eq!(name(&hex("3B7F380000006A4345524553022C340000039000")), "ceres-st");
    assert_eq!(name(&hex("3BEF00004014802543455245535705600102039000")), "ceres-sle");
    assert_eq!(name(&hex("3BEF00004014802543455245535701160101039000")), "ceres-sle");
    assert_eq!(name(&[0x3B, 0x80, 0x80, 0x01, 0x01]), "unknown");
    assert_eq!(name(&[0x00; 5]), "unknown");
    assert_eq!(shipped().recognise(None), Recognition::Mute);
    assert_eq!(shipped().recognise(Some(&[])), Recognition::Mute);
}

#[test]
fn a_town_s_own_rows_come_first() {
    let own = r#"
        [[profile]]
        name = "town-card"
        atr = "3B80800101"
        select = { aid = "F0000000010001" }
        source = { record = { file = 1, record = 1, length = 10 } }
        number = "luhn"
        level = "pseudonym"
    "#;
    let table = ProfileTable::parse(own).unwrap().followed_by(shipped());
    let Recognition::Known(profile) = table.recognise(Some(&[0x3B, 0x80, 0x80, 0x01, 0x01])) else {
        panic!()
    };
    assert_eq!(profile.name, "town-card");
    assert!(matches!(table.recognise(Some(&hex(DNIE))), Recognition::Known(_)));
}

#[test]
fn a_profile_that_would_take_a_readable_number_for_an_identity_is_refused() {
    let row = |level: &str, number: &str, mask: &str| {
        format!(
            r#"[[profile]]
            name = "town"
            atr = "3B80800101"
            mask = "{mask}"
            select = {{ aid = "F000000001" }}
            source = {{ record = {{ file = 1, record = 1, length = 10 }} }}
            number = "{number}"
            level = "{level}""#
        )
    };
    let key = |text: String| match ProfileTable::parse(&text) {
        Err(ProfileError::Value { key, .. }) => key,
        other => panic!("{other:?}"),
    };
    assert!(ProfileTable::parse(&row("pseudonym", "digits", "FFFFFFFFFF")).is_ok());
    assert_eq!(key(row("identifies", "digits", "FFFFFFFFFF")), "level");
    assert_eq!(key(row("pseudonym", "serial-number", "FFFFFFFFFF")), "number");
    assert_eq!(key(row("pseudonym", "digits", "FFFF")), "mask");
    assert!(matches!(ProfileTable::parse("[[profile]]\nnam = 1"), Err(ProfileError::Toml(_))));
}

fn parameters(change: impl Fn(&str, String) -> String) -> String {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("vectors/secure_messaging.json")).unwrap();
    let text = |key: &str| vectors["keys"][key].as_str().unwrap().to_owned();
    let terminal = |name: &str| {
        let line =
            |key: &str, value: String| format!("{key} = \"{}\"\n", change(&format!("{name}.{key}"), value));
        format!("[set.{name}]\n")
            + &line("certificate", "7F".repeat(209))
            + &line("serial", "D002E00000000002".to_owned())
            + &line("modulus", text("ifd_modulus"))
            + &line("private_exponent", text("ifd_private_exponent"))
    };
    let line = |key: &str, value: String| format!("{key} = \"{}\"\n", change(key, value));
    "[[set]]\n".to_owned()
        + &line("root_unit", "AC RAIZ COMPONENTES 2".to_owned())
        + &line("root_modulus", text("icc_modulus"))
        + &line("root_exponent", "010001".to_owned())
        + &line("ca_certificate", "7F".repeat(210))
        + &line("ca_reference", "6573534449620018".to_owned())
        + &terminal("user")
        + &terminal("pin")
}

#[test]
fn parameters_are_chosen_by_the_issuer_s_unit() {
    let parameters = ComponentParameters::parse(&parameters(|_, value| value)).unwrap();
    let units = |unit: &str| vec!["DNIE".to_owned(), unit.to_owned()];
    assert!(parameters.for_units(&units("AC RAIZ COMPONENTES 2")).is_some());
    assert!(parameters.for_units(&units("AC RAIZ COMPONENTES")).is_none());
    assert!(parameters.for_units(&[]).is_none());
}

#[test]
fn each_value_is_checked_and_named() {
    for key in [
        "root_modulus",
        "root_exponent",
        "ca_certificate",
        "ca_reference",
        "user.certificate",
        "user.serial",
        "user.modulus",
        "user.private_exponent",
        "pin.certificate",
        "pin.serial",
        "pin.modulus",
        "pin.private_exponent",
    ] {
        let wrong = |change: fn(String) -> String| {
            let text = parameters(|found, value| if found == key { change(value) } else { value });
            ComponentParameters::parse(&text).err().expect(key)
        };
        let short = wrong(|value| value[2..].to_owned());
        assert!(
            matches!(short, ParametersError::Length { set: 1, key: named, .. } if named == key),
            "{short}"
        );
        let text = wrong(|value| format!("zz{}", &value[2..]));
        assert_eq!(text, ParametersError::NotHexadecimal { set: 1, key });
    }
    let even = ComponentParameters::parse(&parameters(|key, value| {
        if key == "root_modulus" { format!("{}00", &value[..254]) } else { value }
    }));
    assert_eq!(even.err(), Some(ParametersError::Key { set: 1, key: "root_modulus" }));
}

#[test]
fn a_file_that_is_none_shows_nothing_of_its_keys() {
    let missing = parameters(|_, value| value).replace("ca_reference", "ca_reverence");
    let error = ComponentParameters::parse(&missing).err().unwrap().to_string();
    assert!(error.contains("ca_re"), "{error}");
    assert!(!error.contains("6573534449620018"), "{error}");
    // A line whose beginning is lost makes a name of what is left.
    let broken = parameters(|_, value| value).replace("ca_reference = \"", "ca_reference = \"\"\n");
    let broken = broken.replace("6573534449620018\"", "6573534449620018 = \"\"");
    let error = ComponentParameters::parse(&broken).err().unwrap().to_string();
    assert!(error.contains("unknown field") && !error.contains("65735344"), "{error}");
    assert_eq!(ComponentParameters::parse("").err(), Some(ParametersError::Sets(0)));
    let twice = parameters(|_, value| value).repeat(2);
    assert_eq!(ComponentParameters::parse(&twice).err(), Some(ParametersError::SameUnit));
    let many = parameters(|_, value| value).repeat(3);
    assert_eq!(ComponentParameters::parse(&many).err(), Some(ParametersError::Sets(3)));
}

#[test]
fn what_is_wrong_with_a_table_is_told_in_one_line_of_a_log() {
    for text in [
        "[[profile]]\nname = \"x\"\natr = \"3B\"\nlevel = \"id\\ntifies\"",
        "[[profile]]\nname = \"x\\u001B\\nall is well\"\natr = \"\"\nlevel = \"identifies\"",
        &format!("[[profile]]\nname = \"x\"\n{} = 1", "n".repeat(5000)),
    ] {
        let error = ProfileTable::parse(text).unwrap_err().to_string();
        assert!(error.len() < 600 && !error.chars().any(char::is_control), "{error:?}");
    }
}

proptest! {
    #[test]
    fn no_answer_to_reset_is_a_panic(atr in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = shipped().recognise(Some(&atr));
    }
}
