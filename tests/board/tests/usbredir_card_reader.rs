//! The smart card reader at the far side of the wire, asked by a guest's controller in miniature.

mod usb_guest;

use emulated_board::usbredir::card_reader::CardReaderDevice;
use simulators::smartcard::{CitizenPki, VirtualCard, VirtualReader, from_drawer};
use usb_guest::{BULK, Guest, bulk};

const START_INTERRUPTS: u32 = 15;
const INTERRUPT: u32 = 103;

async fn plugged(reader: &VirtualReader) -> Guest {
    Guest::plug_in(CardReaderDevice::identiv("CARDS01", reader.clone())).await
}

/// Sends a message in one transfer and fetches what comes in transfers of 512 bytes, until one is short.
async fn ask(guest: &mut Guest, id: u64, kind: u8, data: &[u8]) -> Vec<u8> {
    let [a, b, c, d] = (data.len() as u32).to_le_bytes();
    let message = [&[kind, a, b, c, d, 0, 7, 0, 0, 0], data].concat();
    guest.send(BULK, id, &bulk(0x02, message.len() as u16, &message)).await;
    assert_eq!(guest.receive().await.1, id);
    let mut out = Vec::new();
    loop {
        guest.send(BULK, id, &bulk(0x81, 512, &[])).await;
        let (_, _, body) = guest.receive().await;
        out.extend(&body[10..]);
        if body.len() < 10 + 512 {
            return out;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_reader_says_what_it_is() {
    let mut guest = plugged(&VirtualReader::new()).await;
    let (_, device) = guest.control(0x80, 6, 0x0100, 18).await;
    assert_eq!(device[8..12], [0xE6, 0x04, 0x90, 0x57]);
    let (_, whole) = guest.control(0x80, 6, 0x0200, 255).await;
    assert_eq!((whole.len(), &whole[14..17]), (9 + 9 + 54 + 3 * 7, &[0x0B, 0, 0][..]));
    assert_eq!(whole[18..20], [54, 0x21], "the class descriptor follows its interface");
}

#[tokio::test(start_paused = true)]
async fn cards_come_and_go_while_the_guest_listens() {
    let reader = VirtualReader::new();
    let mut guest = plugged(&reader).await;
    guest.send(START_INTERRUPTS, 1, &[0x83]).await;
    assert_eq!(guest.receive().await.0, 17);
    let card = VirtualCard::municipal("7");
    reader.insert(card.clone());
    let (kind, _, notice) = guest.receive().await;
    assert_eq!((kind, &notice[4..]), (INTERRUPT, &[0x50, 3][..]));
    assert_eq!(ask(&mut guest, 2, 0x62, &[]).await[10..12], [0x3B, 0x88]);
    reader.remove();
    assert_eq!(guest.receive().await.2[4..], [0x50, 2]);
    assert_eq!(ask(&mut guest, 3, 0x65, &[]).await[7], 2);
    reader.insert(card);
    assert_eq!(guest.receive().await.2[4..], [0x50, 3]);
    assert_eq!(ask(&mut guest, 4, 0x65, &[]).await[7], 1, "without power until it is asked for");
}

#[tokio::test(start_paused = true)]
async fn a_citizen_card_is_read_through_the_reader() {
    let reader = VirtualReader::new();
    let drawn = from_drawer(&CitizenPki::at(1_774_000_000), "pkcs15").unwrap();
    reader.insert(drawn.card.clone());
    let mut guest = plugged(&reader).await;
    ask(&mut guest, 1, 0x62, &[]).await;
    let select = [0, 0xA4, 8, 0x0C, 4, 0x50, 0x15, 0x43, 1];
    assert_eq!(ask(&mut guest, 2, 0x6F, &select).await[10..], [0x90, 0]);
    // Extended: the whole certificate in one answer.
    let answer = ask(&mut guest, 3, 0x6F, &[0, 0xB0, 0, 0, 0, 4, 0]).await;
    assert_eq!((answer[10], answer.len()), (0x30, 10 + 1024 + 2));
}
