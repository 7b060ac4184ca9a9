//! Fixed-size items in bytes, without reading past their end.

/// What is left to read.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    /// A count of 8 bytes, little-endian.
    pub(crate) fn count(&mut self) -> Option<usize> {
        let [bytes] = self.items::<8>(1)? else { return None };
        usize::try_from(u64::from_le_bytes(*bytes)).ok()
    }

    /// The next `count` items of `N` bytes.
    pub(crate) fn items<const N: usize>(&mut self, count: usize) -> Option<&'a [[u8; N]]> {
        let (items, rest) = self.0.split_at_checked(count.checked_mul(N)?)?;
        self.0 = rest;
        Some(items.as_chunks::<N>().0)
    }
}

/// Appends a count as [`Bytes::count`] reads it.
pub(crate) fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend((count as u64).to_le_bytes());
}
