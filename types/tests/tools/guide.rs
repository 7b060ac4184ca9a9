//! Runs the JavaScript of `docs/devices.md` and reads the packet that it prints.

use ergon_types::{Packet, PublicKey};
use libtest_mimic::Failed;
use std::path::Path;
use std::process::Command;

const GUIDE: &str = include_str!("../../../docs/devices.md");

/// The guide's program makes a packet that we accept.
pub(crate) fn javascript(tools: &Path) -> Result<(), Failed> {
    let block = GUIDE.split("```js\n").nth(1).and_then(|rest| rest.split("```").next());
    let program = block.ok_or("docs/devices.md has no JavaScript")?;
    // Run in the tools folder, where the packages are.
    let output = Command::new("node").args(["-e", program]).current_dir(tools).output()?;
    let text = String::from_utf8(output.stdout)?;
    let [key, packet] = text.lines().collect::<Vec<_>>()[..] else {
        return Err(
            format!("no key and packet: {}", String::from_utf8_lossy(&output.stderr)).into()
        );
    };
    let packet = Packet::from_bytes(&hex::decode(packet)?)?;
    let signed = packet.is_signed_by(&PublicKey::from_hex(key)?);
    let slots: Vec<u32> = packet.record.slots().iter().collect();
    if signed && slots == [9] { Ok(()) } else { Err(format!("signed: {signed}, {slots:?}").into()) }
}
