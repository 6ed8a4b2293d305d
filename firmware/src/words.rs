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

/// From the sede's words.
pub fn words(of: &Translated) -> Words {
    LANGUAGES.map(|language| of.in_language(code(language)).to_owned())
}
