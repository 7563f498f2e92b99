//! Gzip as it comes: in several members, cut short, with something behind it.

use super::formats::OWN;
use super::{given, outcome, said, whole, zipped};

fn rows() -> String {
    let rows = (0..150).map(|n| format!("{n},{},{}\n", n * 7 % 1_000, n % 90));
    format!("timestamp,input_tokens,output_tokens\n{}", rows.collect::<String>())
}

#[test]
fn members_one_behind_the_other_are_one_file() {
    let text = rows();
    let plain = whole(&text, &given());
    // Cut within a row, with an empty member between.
    let (a, b) = text.as_bytes().split_at(text.len() / 2 + 3);
    let members = [zipped(a), zipped(b""), zipped(b)].concat();
    assert_eq!(whole(&members, &given()), plain);
    // Zeros, as tapes leave them, are no fault.
    assert_eq!(whole([members, vec![0; 100_000]].concat(), &given()), plain);
}

#[test]
fn data_cut_short_are_refused_wherever_they_end() {
    let bytes = zipped(rows().as_bytes());
    for end in (2..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
        assert_eq!(
            said(&bytes[..end], &given()),
            ["t: error[unreadable-file]: the gzip data end before they are complete"],
            "{end} of {}",
            bytes.len()
        );
    }
}

#[test]
fn damaged_data_and_what_follows_them_are_refused() {
    let bytes = zipped(rows().as_bytes());
    let behind_zeros = [&[0; 4][..], &zipped(b"9,1,1\n")].concat();
    for tail in [&b"garbage"[..], b"\0\0garbage", b"timestamp,", &[0x1f, 0x00, 0x00], &behind_zeros] {
        let said = said([&bytes, tail].concat(), &given());
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("t: error[unreadable-file]: the gzip data"), "{said:?}");
    }
    let mut wrong_checksum = bytes.clone();
    let at = bytes.len() - 6;
    wrong_checksum[at] ^= 1;
    assert!(said(&wrong_checksum, &given())[0].contains("are damaged"));
    // Anything but a panic, and never another trace.
    let plain = whole(rows(), &given());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        if let Some(trace) = outcome(&changed, &given()).trace {
            // The header holds a time, a name and a system, which nobody reads.
            assert_eq!(trace, plain, "byte {at}");
        }
    }
}

#[test]
fn an_empty_file_is_empty_in_gzip_too() {
    assert_eq!(said(zipped(b""), &given()), ["t: error[empty-file]: the file has no header"]);
    // Two layers are none of ours.
    let said = said(zipped(&zipped(OWN.as_bytes())), &given());
    assert!(said.iter().any(|line| line.contains("missing-column")), "{said:?}");
}
