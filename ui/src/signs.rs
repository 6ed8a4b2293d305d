//! What signs are called: a synthesizer is silent about most of them, and says an accented letter like a plain one.
use crate::texts::{Text, fill};
use crate::view::Language;

/// Signs and their names, in Spanish, Valencian and English.
const NAMES: [(char, [&str; 3]); 51] = [
    ('.', ["punto", "punt", "full stop"]),
    (',', ["coma", "coma", "comma"]),
    (';', ["punto y coma", "punt i coma", "semicolon"]),
    (':', ["dos puntos", "dos punts", "colon"]),
    ('?', ["cierra interrogación", "tanca interrogació", "question mark"]),
    ('¿', ["abre interrogación", "obri interrogació", "inverted question mark"]),
    ('!', ["cierra exclamación", "tanca exclamació", "exclamation mark"]),
    ('¡', ["abre exclamación", "obri exclamació", "inverted exclamation mark"]),
    ('(', ["abre paréntesis", "obri parèntesi", "open bracket"]),
    (')', ["cierra paréntesis", "tanca parèntesi", "close bracket"]),
    ('[', ["abre corchete", "obri claudàtor", "open square bracket"]),
    (']', ["cierra corchete", "tanca claudàtor", "close square bracket"]),
    ('/', ["barra", "barra", "slash"]),
    ('-', ["guion", "guionet", "hyphen"]),
    ('_', ["guion bajo", "guió baix", "underscore"]),
    ('+', ["más", "més", "plus"]),
    ('=', ["igual", "igual", "equals"]),
    ('*', ["asterisco", "asterisc", "asterisk"]),
    ('@', ["arroba", "arrova", "at sign"]),
    ('#', ["almohadilla", "coixinet", "hash"]),
    ('&', ["y comercial", "i comercial", "ampersand"]),
    ('%', ["por ciento", "per cent", "per cent"]),
    ('€', ["euro", "euro", "euro"]),
    ('$', ["dólar", "dòlar", "dollar"]),
    ('º', ["o volada", "o volada", "masculine ordinal"]),
    ('ª', ["a volada", "a volada", "feminine ordinal"]),
    ('\'', ["apóstrofo", "apòstrof", "apostrophe"]),
    ('"', ["comillas", "cometes", "quotation mark"]),
    ('«', ["abre comillas", "obri cometes", "open angle quotes"]),
    ('»', ["cierra comillas", "tanca cometes", "close angle quotes"]),
    ('·', ["punto volado", "punt volat", "middle dot"]),
    ('§', ["párrafo", "paràgraf", "section sign"]),
    ('<', ["menor que", "menor que", "less than"]),
    ('>', ["mayor que", "major que", "greater than"]),
    (' ', ["espacio", "espai", "space"]),
    ('\n', ["línea nueva", "línia nova", "new line"]),
    ('ñ', ["eñe", "enye", "n with tilde"]),
    ('ç', ["ce cedilla", "ce trencada", "c with cedilla"]),
    ('á', ["a con tilde", "a amb accent tancat", "a with acute accent"]),
    ('à', ["a con acento grave", "a amb accent obert", "a with grave accent"]),
    ('é', ["e con tilde", "e amb accent tancat", "e with acute accent"]),
    ('è', ["e con acento grave", "e amb accent obert", "e with grave accent"]),
    ('í', ["i con tilde", "i amb accent", "i with acute accent"]),
    ('ì', ["i con acento grave", "i amb accent obert", "i with grave accent"]),
    ('ï', ["i con diéresis", "i amb dièresi", "i with diaeresis"]),
    ('ó', ["o con tilde", "o amb accent tancat", "o with acute accent"]),
    ('ò', ["o con acento grave", "o amb accent obert", "o with grave accent"]),
    ('ú', ["u con tilde", "u amb accent", "u with acute accent"]),
    ('ù', ["u con acento grave", "u amb accent obert", "u with grave accent"]),
    ('ü', ["u con diéresis", "u amb dièresi", "u with diaeresis"]),
    ('y', ["i griega", "i grega", "y"]),
];

/// A sign by its name; a capital letter says that it is one. A letter or digit without another name is its own.
pub(crate) fn spoken_sign(language: Language, sign: char) -> String {
    let small = sign.to_lowercase().next().unwrap_or(sign);
    let place = match language {
        Language::Spanish => 0,
        Language::Valencian => 1,
        Language::English => 2,
    };
    let named = NAMES.iter().find(|(known, _)| *known == small).and_then(|(_, names)| names.get(place));
    if small == sign {
        return named.map_or_else(|| sign.to_string(), |name| (*name).to_owned());
    }
    let letter = named.map_or_else(|| sign.to_string(), |name| (*name).to_owned());
    fill(language, Text::PinCapital, &[("letter", &letter)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::LANGUAGES;

    #[test]
    fn letters_signs_and_capitals_have_names() {
        for (sign, spanish, valencian, english) in [
            ('a', "a", "a", "a"),
            ('A', "A mayúscula", "A majúscula", "capital A"),
            ('ç', "ce cedilla", "ce trencada", "c with cedilla"),
            ('Ñ', "eñe mayúscula", "enye majúscula", "capital n with tilde"),
            (
                'À',
                "a con acento grave mayúscula",
                "a amb accent obert majúscula",
                "capital a with grave accent",
            ),
            ('·', "punto volado", "punt volat", "middle dot"),
            ('7', "7", "7", "7"),
        ] {
            let said = LANGUAGES.map(|language| spoken_sign(language, sign));
            assert_eq!(said, [spanish, valencian, english], "{sign}");
        }
    }

    #[test]
    fn no_name_is_a_sign_itself() {
        for (sign, names) in NAMES {
            for name in names {
                assert!(name.chars().all(|letter| letter.is_alphabetic() || letter == ' '), "{sign}: {name}");
            }
        }
    }
}
