//! Reads the catalogues of texts and refuses what would leave a citizen without words.
//!
//! One `.po` file a language (GNU gettext, "The Format of PO Files"), with a symbolic id as `msgid`. Every id must
//! be in every language, translated, not fuzzy, and with the same placeholders. Used by the build script, and by
//! the test that gives it bad catalogues.
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The languages, in the order of the generated table: folder names under `lang`.
pub const LANGUAGES: [&str; 3] = ["es", "ca-valencia", "en"];

/// One text in all languages.
pub struct Entry {
    /// The id, such as `menu.heading`.
    pub id: String,
    /// The words, in the order of [`LANGUAGES`].
    pub words: [String; 3],
}

type Words = BTreeMap<String, String>;

/// Reads `lang/<language>/LC_MESSAGES/ui.po` of all languages.
///
/// # Errors
/// Every fault of every catalogue, one line each.
pub fn read(folder: &Path) -> Result<Vec<Entry>, Vec<String>> {
    let mut faults = Vec::new();
    let catalogues = LANGUAGES.map(|language| {
        let file = folder.join(language).join("LC_MESSAGES/ui.po");
        read_one(language, &file, &mut faults)
    });
    let entries = join(catalogues, &mut faults);
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

fn read_one(language: &str, file: &Path, faults: &mut Vec<String>) -> Words {
    let mut words = Words::new();
    let catalogue = match polib::po_file::parse(file) {
        Ok(catalogue) => catalogue,
        Err(error) => {
            faults.push(format!("{}: cannot be read: {error}", file.display()));
            return words;
        }
    };
    for message in catalogue.messages() {
        let id = message.msgid();
        match message.msgstr() {
            Ok(text) if text.trim().is_empty() => faults.push(format!("{language}: {id}: is empty")),
            Ok(_) if message.is_fuzzy() => faults.push(format!("{language}: {id}: is marked fuzzy")),
            Ok(text) => {
                words.insert(id.to_owned(), text.to_owned());
            }
            Err(_) => faults.push(format!("{language}: {id}: has plural forms, which are not used here")),
        }
    }
    words
}

fn join(catalogues: [Words; 3], faults: &mut Vec<String>) -> Vec<Entry> {
    let ids: BTreeSet<&String> = catalogues.iter().flat_map(Words::keys).collect();
    let mut entries = Vec::new();
    for id in ids {
        let missing: Vec<&str> = LANGUAGES
            .iter()
            .zip(&catalogues)
            .filter(|(_, words)| !words.contains_key(id))
            .map(|(language, _)| *language)
            .collect();
        if !missing.is_empty() {
            faults.push(format!("{id}: missing in {}", missing.join(", ")));
            continue;
        }
        let words = [0, 1, 2].map(|language| catalogues[language][id].clone());
        let expected = placeholders(&words[0]);
        for (language, text) in LANGUAGES.iter().zip(&words).skip(1) {
            let found = placeholders(text);
            if found != expected {
                faults.push(format!(
                    "{language}: {id}: has the placeholders {found:?}, but {} has {expected:?}",
                    LANGUAGES[0]
                ));
            }
        }
        entries.push(Entry { id: id.clone(), words });
    }
    entries
}

/// The names between braces, such as `amount` in `{amount}`.
pub fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The name of the variant for an id: `menu.heading` becomes `MenuHeading`.
pub fn variant(id: &str) -> String {
    id.split(['.', '_', '-'])
        .flat_map(|part| {
            let mut letters = part.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .collect()
}
