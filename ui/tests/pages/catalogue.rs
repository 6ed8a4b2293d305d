//! The catalogues are whole, and a catalogue that is not does not build (39).
#[allow(dead_code, reason = "the build script uses the rest")]
#[path = "../../build/catalogue.rs"]
mod build;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ui::{LANGUAGES, Language, Text, WAIVER, WAIVER_VERSION, fill, text, texts};

/// Ids whose Spanish and Valencian are the same words.
const SAME: [Text; 17] = [
    Text::LanguagesCurrent,
    Text::TypeConfirm,
    Text::CashMissing,
    Text::CashToPay,
    Text::WorkingOf,
    Text::SpeechUnavailable,
    Text::SpeechPosition,
    Text::CertificatesHello,
    Text::KindQueued,
    Text::WorkingAttachment,
    Text::AttachmentKindIdentity,
    Text::PageBack,
    Text::WriteNumberName,
    Text::ConsentTo,
    Text::AppointedHeading,
    Text::PaperBody,
    Text::PaperOffice,
];

#[test]
fn every_text_is_in_three_languages_with_the_same_placeholders() {
    assert!(texts::ALL.len() > 150);
    for id in texts::ALL {
        let [spanish, valencian, english] = LANGUAGES.map(|language| text(language, *id));
        for words in [spanish, valencian, english] {
            assert!(!words.trim().is_empty(), "{}", id.id());
            assert_eq!(build::placeholders(words), build::placeholders(spanish), "{}", id.id());
        }
        assert!(spanish != english, "{}: untranslated", id.id());
        assert!(spanish != valencian || SAME.contains(id), "{}: untranslated", id.id());
    }
}

#[test]
fn sentences_are_short() {
    for id in texts::ALL {
        for language in LANGUAGES {
            for sentence in text(language, *id).split(['.', '?', '!', ':']) {
                let words = sentence.split_whitespace().count();
                assert!(words <= 15, "{} in {language:?}: {words} words: {sentence}", id.id());
            }
        }
    }
}

#[test]
fn placeholders_are_filled_once() {
    let values = [("step", "{steps}"), ("steps", "4")];
    assert_eq!(fill(Language::Spanish, Text::Step, &values), "Paso {steps} de 4");
    assert_eq!(fill(Language::English, Text::Step, &[("step", "1")]), "Step 1 of ");
}

/// FNV-1a, 64 bits.
fn fingerprint(words: impl Iterator<Item = &'static str>) -> u64 {
    words
        .flat_map(str::bytes)
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn other_words_of_what_is_given_up_are_another_version() {
    let words = LANGUAGES.into_iter().flat_map(|language| WAIVER.map(|id| text(language, id)));
    // The ledger keeps the version with each payment. Whoever changes these words adds one to it.
    assert_eq!((WAIVER_VERSION, fingerprint(words)), (1, 0x7cc2_9b46_2fe4_ec9b));
}

fn faults(edit: impl Fn(&str, String) -> String) -> Vec<String> {
    let lang = Path::new(env!("CARGO_MANIFEST_DIR")).join("lang");
    let copy =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("lang-{:?}", std::thread::current().id()));
    for language in build::LANGUAGES {
        let words = fs::read_to_string(lang.join(language).join("LC_MESSAGES/ui.po")).expect("a catalogue");
        let folder = copy.join(language).join("LC_MESSAGES");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("ui.po"), edit(language, words)).expect("a file");
    }
    let faults = build::read(&copy).err().unwrap_or_default();
    fs::remove_dir_all(copy).expect("the copy goes");
    faults
}

fn only(language: &str, wanted: &str, words: String, from: &str, to: &str) -> String {
    if language != wanted {
        return words;
    }
    assert!(words.contains(from), "the catalogue has no {from}");
    words.replacen(from, to, 1)
}

#[test]
fn the_catalogues_as_they_are_have_no_fault() {
    assert_eq!(faults(|_, words| words), Vec::<String>::new());
}

#[test]
fn a_missing_text_does_not_build() {
    let found = faults(|language, words| {
        only(language, "ca-valencia", words, "msgid \"menu.heading\"", "msgid \"menu.other\"")
    });
    let expected = BTreeSet::from(["menu.heading: missing in ca-valencia", "menu.other: missing in es, en"]);
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
}

#[test]
fn an_empty_text_does_not_build() {
    let found = faults(|language, words| only(language, "en", words, "msgstr \"Help\"", "msgstr \"\""));
    assert!(found.contains(&"en: bar.help: is empty".to_owned()), "{found:?}");
}

#[test]
fn a_fuzzy_text_does_not_build() {
    let found = faults(|language, words| {
        only(language, "en", words, "msgid \"bar.help\"", "#, fuzzy\nmsgid \"bar.help\"")
    });
    assert!(found.contains(&"en: bar.help: is marked fuzzy".to_owned()), "{found:?}");
}

#[test]
fn a_lost_placeholder_does_not_build() {
    let found = faults(|language, words| only(language, "es", words, "{steps}", "{etapas}"));
    assert_eq!(found.len(), 2, "both other languages differ: {found:?}");
    assert!(found.iter().all(|fault| fault.contains("step: has the placeholders")), "{found:?}");
}
