//! Writing against a plain model: whatever is touched, the text is what a string would be, and every step leads back.
use proptest::prelude::*;

use super::*;

const RULES: Rules = Rules { longest: 40, lines: true };

fn written(text: &str) -> Editor {
    let mut editor = Editor::new(RULES, "");
    assert!(text.chars().all(|character| editor.write(character)));
    editor
}

#[test]
fn a_word_is_a_step_back_and_so_is_what_was_erased() {
    let mut editor = written("hola señora");
    for _ in 0..3 {
        assert!(editor.erase());
    }
    assert_eq!(editor.text(), "hola señ");
    assert!(editor.undo());
    assert_eq!(editor.text(), "hola señora");
    assert!(editor.undo());
    assert_eq!(editor.text(), "hola ");
    assert!(editor.undo() && editor.undo() && !editor.undo());
    assert_eq!(editor.text(), "");
}

#[test]
fn it_begins_with_a_capital_and_goes_on_small_unless_locked() {
    let mut editor = Editor::new(RULES, "");
    assert_eq!(editor.keys(), WriteKeys::Capital);
    let _ = editor.write('A');
    assert_eq!(editor.keys(), WriteKeys::Small);
    editor.show_keys(WriteKeys::CapitalLock);
    let _ = (editor.write('B'), editor.write('C'));
    assert_eq!(editor.keys(), WriteKeys::CapitalLock);
    editor.show_keys(WriteKeys::Small);
    assert_eq!((editor.keys(), editor.text().as_str()), (WriteKeys::Small, "ABC"));
}

#[test]
fn a_single_line_takes_no_line_end_and_nobody_writes_control_characters() {
    let mut editor = Editor::new(Rules { longest: 3, lines: false }, "a\nb\u{7}cd");
    assert_eq!(editor.text(), "abc");
    assert!(!editor.write('e'), "it is full");
    let _ = editor.erase();
    assert!(!editor.write('\n') && !editor.write('\u{202e}') && !editor.write('\0'));
    assert!(editor.write('ç'));
}

#[test]
fn what_is_written_is_not_in_the_debug_output() {
    assert_eq!(format!("{:?}", written("secreto")), "Editor { characters: 7, .. }");
}

#[derive(Clone, Copy, Debug)]
enum Touch {
    Write(char),
    Erase,
    Back,
    Forward,
    Undo,
}

fn touch() -> impl Strategy<Value = Touch> {
    prop_oneof![
        8 => prop_oneof![Just('a'), Just('ñ'), Just(' '), Just('\n'), Just('.'), Just('\u{7f}')]
            .prop_map(Touch::Write),
        2 => Just(Touch::Erase),
        2 => Just(Touch::Back),
        1 => Just(Touch::Forward),
        2 => Just(Touch::Undo),
    ]
}

proptest! {
    #[test]
    fn the_text_is_what_a_string_would_be(touches in proptest::collection::vec(touch(), 0..200)) {
        let mut editor = Editor::new(RULES, "");
        let (mut model, mut cursor) = (Vec::<char>::new(), 0usize);
        for touch in touches {
            match touch {
                Touch::Write(character) => {
                    if editor.write(character) {
                        model.insert(cursor, character);
                        cursor += 1;
                    } else {
                        let refused = model.len() == 40 || character == '\u{7f}';
                        prop_assert!(refused);
                    }
                }
                Touch::Erase => {
                    prop_assert_eq!(editor.erase(), cursor > 0);
                    if cursor > 0 {
                        cursor -= 1;
                        model.remove(cursor);
                    }
                }
                Touch::Back => {
                    editor.back();
                    cursor = cursor.saturating_sub(1);
                }
                Touch::Forward => {
                    editor.forward();
                    cursor = (cursor + 1).min(model.len());
                }
                Touch::Undo => {
                    let could = editor.can_undo();
                    prop_assert_eq!(editor.undo(), could);
                    // Where it leads to is another test's matter.
                    (model, cursor) = (editor.text().chars().collect(), usize::from(editor.cursor()));
                }
            }
            prop_assert_eq!(editor.text(), model.iter().collect::<String>());
            prop_assert_eq!(usize::from(editor.cursor()), cursor);
            prop_assert!(model.len() <= 40);
        }
    }
}
