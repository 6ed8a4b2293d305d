//! The words of a document in its language. Terms of law that have no English equal stay Spanish.
use jiff::ZonedDateTime;

use crate::citizen_wire::Language;

/// The words of one language.
pub(super) struct Words {
    pub town: &'static str,
    pub individual: &'static str,
    pub collective: &'static str,
    pub issued: &'static str,
    pub at_time: &'static str,
    pub according: &'static str,
    pub address: &'static str,
    pub number: &'static str,
    pub since: &'static str,
    pub authoritative: &'static str,
    pub informative: &'static str,
    pub consenting: [&'static str; 2],
    pub foreigners: &'static str,
    pub automated: &'static str,
    pub seal: &'static str,
    pub verify: &'static str,
    pub page: [&'static str; 2],
    months: [&'static str; 12],
}

const SPANISH: Words = Words {
    town: "Ayuntamiento de Prueba",
    individual: "Individual",
    collective: "Colectivo: personas inscritas en la misma vivienda",
    issued: "Expedido el",
    at_time: "a las",
    according: "Según el padrón municipal de habitantes a",
    address: "Domicilio",
    number: "Documento",
    since: "Fecha de alta",
    authoritative: "Este certificado es documento público y fehaciente, para todos los efectos administrativos, de la \
        residencia en este municipio y del domicilio habitual en la fecha de su expedición (artículo 16.1 de la Ley \
        7/1985, de 2 de abril, y artículo 53.1 del Reglamento de Población).",
    informative: "Este volante tiene carácter meramente informativo (artículo 61 del Reglamento de Población).",
    consenting: ["Constan solo quienes han dado su consentimiento:", "de"],
    foreigners: "La inscripción en el padrón no es prueba de residencia legal en España.",
    automated: "Actuación administrativa automatizada (artículo 41 de la Ley 40/2015, de 1 de octubre). Órgano \
        responsable: Secretaría General del Ayuntamiento de Prueba.",
    seal: "Sello electrónico: SELLO DE ÓRGANO, AYUNTAMIENTO DE PRUEBA, P3014900X, emitido por la Autoridad de Prueba.",
    verify: "Esta copia impresa es auténtica si el documento que se obtiene con el código seguro de verificación (CSV) \
        en la dirección indicada es el mismo (artículo 27.3.c de la Ley 39/2015).",
    page: ["Página", "de"],
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
};

const VALENCIAN: Words = Words {
    town: "Ajuntament de Prova",
    individual: "Individual",
    collective: "Col·lectiu: persones inscrites en la mateixa vivenda",
    issued: "Expedit el",
    at_time: "a les",
    according: "Segons el padró municipal d'habitants a",
    address: "Domicili",
    number: "Document",
    since: "Data d'alta",
    authoritative: "Este certificat és document públic i fefaent, a tots els efectes administratius, de la residència \
        en este municipi i del domicili habitual en la data de la seua expedició (article 16.1 de la Llei 7/1985, de \
        2 d'abril, i article 53.1 del Reglament de Població).",
    informative: "Este volant té caràcter merament informatiu (article 61 del Reglament de Població).",
    consenting: ["Consten només els qui han donat el seu consentiment:", "de"],
    foreigners: "La inscripció en el padró no és prova de residència legal a Espanya.",
    automated: "Actuació administrativa automatitzada (article 41 de la Llei 40/2015, d'1 d'octubre). Òrgan \
        responsable: Secretaria General de l'Ajuntament de Prova.",
    seal: "Segell electrònic: SELLO DE ÓRGANO, AYUNTAMIENTO DE PRUEBA, P3014900X, emés per l'Autoritat de Prova.",
    verify: "Esta còpia impresa és autèntica si el document que s'obté amb el codi segur de verificació (CSV) en \
        l'adreça indicada és el mateix (article 27.3.c de la Llei 39/2015).",
    page: ["Pàgina", "de"],
    months: [
        "de gener",
        "de febrer",
        "de març",
        "d'abril",
        "de maig",
        "de juny",
        "de juliol",
        "d'agost",
        "de setembre",
        "d'octubre",
        "de novembre",
        "de desembre",
    ],
};

const ENGLISH: Words = Words {
    town: "Ayuntamiento de Prueba",
    individual: "Individual",
    collective: "Household: people registered at the same dwelling",
    issued: "Issued on",
    at_time: "at",
    according: "According to the municipal register (padrón) at",
    address: "Address",
    number: "Document",
    since: "Registered since",
    authoritative: "This certificate is a public document that proves, for all administrative purposes, residence in \
        this municipality and the habitual domicile on its date of issue (article 16.1 of Ley 7/1985 and article 53.1 \
        of the Reglamento de Población).",
    informative: "This note is for information only (article 61 of the Reglamento de Población).",
    consenting: ["Only those who have given their consent are named:", "of"],
    foreigners: "Registration in the padrón does not prove legal residence in Spain.",
    automated: "Automated administrative act (article 41 of Ley 40/2015). Responsible body: Secretaría General, \
        Ayuntamiento de Prueba.",
    seal: "Electronic seal: SELLO DE ÓRGANO, AYUNTAMIENTO DE PRUEBA, P3014900X, issued by Autoridad de Prueba.",
    verify: "This printed copy is authentic if the document obtained with the secure verification code (CSV) at the \
        given address is the same (article 27.3.c of Ley 39/2015).",
    page: ["Page", "of"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

impl Words {
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::Es => &SPANISH,
            Language::Ca => &VALENCIAN,
            Language::En => &ENGLISH,
        }
    }

    /// `25 de noviembre de 2026`.
    pub fn day(&self, language: Language, at: &ZonedDateTime) -> String {
        let month = usize::try_from(at.month()).ok().and_then(|it| self.months.get(it.saturating_sub(1)));
        let month = month.copied().unwrap_or_default();
        match language {
            Language::Es => format!("{} de {month} de {}", at.day(), at.year()),
            Language::Ca => format!("{} {month} de {}", at.day(), at.year()),
            Language::En => format!("{} {month} {}", at.day(), at.year()),
        }
    }
}
