//! Words in each language of the kiosk, as the sede sends them.
use ui::{LANGUAGES, Language};

use crate::sede::{LanguageCode, Translated};

/// The same words in each language of the kiosk, in the order of [`ui::LANGUAGES`].
pub type Words = [String; 3];

/// The one in a language.
pub fn in_language<T>(of: &[T; 3], language: Language) -> &T {
    let [spanish, valencian, english] = of;
    match language {
        Language::Spanish => spanish,
        Language::Valencian => valencian,
        Language::English => english,
    }
}

/// A language in the sede's words.
pub fn code(language: Language) -> LanguageCode {
    match language {
        Language::Spanish => LanguageCode::Es,
        Language::Valencian => LanguageCode::Ca,
        Language::English => LanguageCode::En,
    }
}

/// The sede's word for a language.
pub fn language(code: LanguageCode) -> Language {
    match code {
        LanguageCode::Es => Language::Spanish,
        LanguageCode::Ca => Language::Valencian,
        LanguageCode::En => Language::English,
    }
}

/// The language as documents name it (BCP 47).
pub fn tag(language: Language) -> &'static str {
    match language {
        Language::Spanish => "es-ES",
        Language::Valencian => "ca-ES-valencia",
        Language::English => "en",
    }
}

/// Names one of several files of a document, after its title: of its number and how many there are.
pub fn part(language: Language) -> fn(usize, usize) -> String {
    match language {
        Language::Spanish => |part, parts| format!("(parte {part} de {parts})"),
        Language::Valencian => |part, parts| format!("(part {part} de {parts})"),
        Language::English => |part, parts| format!("(part {part} of {parts})"),
    }
}

/// From the sede's words.
pub fn words(of: &Translated) -> Words {
    LANGUAGES.map(|language| of.in_language(code(language)).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_in_each_language() {
        let named = LANGUAGES.map(|language| part(language)(2, 3));
        assert_eq!(named, ["(parte 2 de 3)", "(part 2 de 3)", "(part 2 of 3)"]);
    }
}
