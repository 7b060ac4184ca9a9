//! Files as text: gzip by its magic bytes, UTF-8 and UTF-16, with or without a byte order mark.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::error::FleetError;

/// No recorded file is longer; a small gzip file can claim to be.
const LIMIT: u64 = 1 << 31;

/// Reads a file of the folder; a missing file may be there with `.gz` added.
pub(crate) fn read(folder: &Path, name: &str) -> Result<String, FleetError> {
    let path = folder.join(name);
    let packed = folder.join(format!("{name}.gz"));
    let path = if !path.exists() && packed.exists() { packed } else { path };
    let shown = || path.display().to_string();
    let raw = bytes(&path).map_err(|cause| FleetError::Unreadable { path: shown(), cause })?;
    let bytes = unpacked(raw).map_err(|cause| FleetError::Damaged { path: shown(), cause })?;
    Ok(decode(&bytes))
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    File::open(path)?.take(LIMIT).read_to_end(&mut raw)?;
    Ok(raw)
}

fn unpacked(raw: Vec<u8>) -> io::Result<Vec<u8>> {
    if !raw.starts_with(&[0x1f, 0x8b]) {
        return Ok(raw);
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(&raw[..]).take(LIMIT).read_to_end(&mut unpacked)?;
    if unpacked.len() as u64 == LIMIT {
        return Err(io::Error::other("more than 2 GiB after decompression"));
    }
    Ok(unpacked)
}

fn decode(bytes: &[u8]) -> String {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_understood() {
        assert_eq!(decode(b"\xef\xbb\xbfa,b"), "a,b");
        assert_eq!(decode(b"\xff\xfea\0,\0"), "a,");
        assert_eq!(decode(b"\xfe\xff\0a\0,"), "a,");
        assert_eq!(decode(b"\xff"), "\u{fffd}");
    }
}
