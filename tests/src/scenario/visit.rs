//! The hands of a citizen who has come with a card.
use simulators::smartcard::VirtualCard;
use ui::{CertificateKind, Intent, Page, Service, WriteField};

use super::{Kiosk, World};

impl Kiosk {
    /// Until this service is offered.
    pub async fn until_offered(&mut self, service: Service) {
        self.until("a kiosk that offers the service", |page| match page {
            Page::Attract { services } => {
                services.iter().any(|entry| entry.service == service && entry.unavailable.is_none())
            }
            _ => false,
        })
        .await;
    }

    /// Until somebody could ask for a certificate here.
    pub async fn until_identifies(&mut self) {
        self.until_offered(Service::Padron).await;
    }

    /// Inserts a card of the drawer, and asks for the padrón.
    pub async fn come_with(&mut self, world: &World, card: &str) -> VirtualCard {
        self.come_for(Service::Padron, world, card).await
    }

    /// Inserts a card of the drawer, and asks for a service.
    pub async fn come_for(&mut self, service: Service, world: &World, card: &str) -> VirtualCard {
        self.until_offered(service).await;
        let card = world.card(card);
        world.cards.insert(card.clone());
        self.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
        self.wish(Intent::Service(service)).await;
        card
    }

    /// Writes on the page's keyboard, and confirms.
    pub async fn write(&mut self, field: WriteField, text: &str) {
        self.until(
            "the page to write on",
            |page| matches!(page, Page::Write { field: on, .. } if *on == field),
        )
        .await;
        for letter in text.chars() {
            self.wish(Intent::Letter(letter)).await;
        }
        self.wish(Intent::Confirm).await;
    }

    /// Leaves an optional field empty.
    pub async fn skip(&mut self, field: WriteField) {
        self.until("the page to skip", |page| matches!(page, Page::Write { field: on, .. } if *on == field))
            .await;
        self.wish(Intent::Skip).await;
    }

    /// Waits for the page of the PIN, types it and confirms.
    pub async fn type_pin(&mut self, pin: &str) {
        self.until("the page of the PIN", |page| matches!(page, Page::Pin { characters: 0, .. })).await;
        self.press(pin).await;
        self.wish(Intent::Confirm).await;
    }

    /// Presses keys of the PIN.
    pub async fn press(&mut self, keys: &str) {
        for key in keys.chars() {
            let digit = key.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
            self.wish(digit.map_or(Intent::Letter(key), Intent::Digit)).await;
        }
    }

    /// From the attract page to what can be had, with a card of the drawer and its PIN.
    pub async fn identify(&mut self, world: &World, card: &str) -> VirtualCard {
        let inserted = self.come_with(world, card).await;
        let pin = world.citizens.card(card).and_then(|card| card.pin).expect("a card with a PIN");
        self.type_pin(pin).await;
        self.until("the certificates", |page| matches!(page, Page::Certificates { .. })).await;
        inserted
    }

    /// Chooses a certificate, and confirms it.
    pub async fn ask_for(&mut self, wanted: impl Fn(&CertificateKind) -> bool) {
        let Page::Certificates { kinds, .. } = self.page() else { panic!("{:?}", self.page()) };
        let place = kinds.iter().position(wanted).expect("this certificate is offered");
        self.wish(Intent::Choose(u8::try_from(place).expect("a short list"))).await;
        self.until("its page", |page| matches!(page, Page::Certificate { .. })).await;
        self.wish(Intent::Confirm).await;
    }

    /// Waits for the paper in the slot, takes it, and waits until that is seen.
    pub async fn take_paper(&mut self, world: &World) {
        self.until("the paper", |page| matches!(page, Page::TakeDocument { .. })).await;
        assert!(world.page_printer.take_presented(), "it hangs out");
        self.until("the hand to be seen", |page| !matches!(page, Page::TakeDocument { .. })).await;
    }

    /// Takes the card out, and waits for the attract page.
    pub async fn leave(&mut self, world: &World) {
        world.cards.remove();
        self.until("the attract page", |page| matches!(page, Page::Attract { .. })).await;
    }
}

impl World {
    /// A card of the drawer; the same each time.
    pub fn card(&self, name: &str) -> VirtualCard {
        self.citizens.card(name).expect("a card of this name in the drawer").card.clone()
    }
}

/// An individual note or certificate that is issued at once.
pub fn individual(kind: &CertificateKind) -> bool {
    !kind.collective && matches!(kind.issue, ui::Issue::AtOnce)
}
