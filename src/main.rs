//! The command `ergon`.
fn main() {}
