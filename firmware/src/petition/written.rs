//! The texts of a petition: which is opened, what was written in it before, and where it leads.
use ui::Intent;

use super::*;

impl Petition {
    pub(super) fn open(&mut self, facts: &Facts<'_>, field: Field) {
        let editor = Editor::new(field.rules(&facts.limits), self.written(field));
        self.state = State::Writing(field, editor, None);
    }

    fn written(&self, field: Field) -> &str {
        let represented = self.form.represented.as_ref();
        let contact = &self.form.contact;
        let text = match field {
            Field::RepresentedNumber => represented.map(|of| &of.number),
            Field::RepresentedName => represented.map(|of| &of.name),
            Field::RepresentedSurnames => represented.map(|of| &of.surnames),
            Field::Facts => Some(&self.form.facts),
            Field::Request => Some(&self.form.request),
            Field::PostalAddress => Some(&contact.address),
            Field::Telephone => Some(&contact.telephone),
            Field::Email => Some(&contact.email),
            Field::AttachmentName => Some(&self.scans.name),
        };
        text.map_or("", PrivateText::as_str)
    }

    pub(super) fn write(&mut self, facts: &Facts<'_>, intent: Intent) {
        let State::Writing(field, ..) = &self.state else { return };
        let (field, may_skip) = (*field, self.may_skip(*field));
        let State::Writing(_, editor, problem) = &mut self.state else { return };
        match intent {
            Intent::Confirm => match field.checked(&editor.text()) {
                Ok(text) => self.wrote(facts, field, text),
                Err(why) => *problem = Some(why),
            },
            Intent::Skip if may_skip => self.wrote(facts, field, PrivateText::default()),
            Intent::Back => self.back_from(facts, field),
            Intent::Cancel => self.give_up(),
            intent => {
                if editor.touch(intent) {
                    *problem = None;
                }
            }
        }
    }

    /// Puts what was written in its place, and goes on.
    fn wrote(&mut self, facts: &Facts<'_>, field: Field, text: PrivateText) {
        let next = match field {
            Field::RepresentedNumber => {
                self.form.represented.get_or_insert_default().number = text;
                return self.open(facts, Field::RepresentedName);
            }
            Field::RepresentedName => {
                let represented = self.form.represented.get_or_insert_default();
                represented.name = text;
                if represented.is_person() {
                    return self.open(facts, Field::RepresentedSurnames);
                }
                represented.surnames = PrivateText::default();
                Field::Facts
            }
            Field::RepresentedSurnames => {
                self.form.represented.get_or_insert_default().surnames = text;
                Field::Facts
            }
            Field::Facts => {
                self.form.facts = text;
                Field::Request
            }
            Field::Request => {
                self.form.request = text;
                if self.changing {
                    self.check()
                } else {
                    self.state = State::Documents
                }
                return;
            }
            Field::PostalAddress => {
                self.form.contact.address = text;
                Field::Telephone
            }
            Field::Telephone => {
                self.form.contact.telephone = text;
                return self.open(facts, Field::Email);
            }
            Field::Email => {
                self.form.contact.email = text;
                return self.check();
            }
            Field::AttachmentName => {
                self.scans.name = self.unused(text.as_str().to_owned());
                let renamed = self.scans.document.filter(|_| self.scans.pages.is_empty());
                self.state = match renamed.and_then(|at| self.documents.get_mut(at)) {
                    Some(document) => {
                        document.name = self.scans.name.clone();
                        State::Documents
                    }
                    None => State::From(None),
                };
                return;
            }
        };
        if self.changing { self.check() } else { self.open(facts, next) }
    }

    fn back_from(&mut self, facts: &Facts<'_>, field: Field) {
        // What is written is kept where it is long; what is short is checked first.
        if let (State::Writing(_, editor, _), false) = (&self.state, self.changing) {
            let text = || PrivateText::from(editor.text());
            match field {
                Field::Facts => self.form.facts = text(),
                Field::Request => self.form.request = text(),
                _ => {}
            }
        }
        match field {
            Field::AttachmentName if self.scans.document.is_some() => self.state = State::Documents,
            Field::AttachmentName => self.state = State::Naming,
            _ if self.changing => self.check(),
            Field::RepresentedNumber => self.state = State::OnBehalf,
            Field::RepresentedName => self.open(facts, Field::RepresentedNumber),
            Field::RepresentedSurnames => self.open(facts, Field::RepresentedName),
            Field::Facts => self.state = State::OnBehalf,
            Field::Request => self.open(facts, Field::Facts),
            Field::PostalAddress => self.state = State::Notification,
            Field::Telephone => self.state = State::Notification,
            Field::Email => self.open(facts, Field::Telephone),
        }
    }

    /// It may be left empty: the sede knows it, or nobody needs it.
    pub(super) fn may_skip(&self, field: Field) -> bool {
        let known = self.options.as_ref().is_some_and(|options| options.known.address.is_some());
        field.is_optional() || (field == Field::PostalAddress && known)
    }
}
