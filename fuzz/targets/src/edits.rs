//! Edits of bytes, read from an input. A corpus of edits outlives the format that they edit: after a change of the opcode
//! table its inputs mean other edits, not garbage.

/// Bytes of an edit: what to do, where (24 bits, little-endian), and a byte.
const EDIT: usize = 5;

/// `original` after the edits that `input` names.
pub fn apply(original: &[u8], input: &[u8]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for edit in input.chunks_exact(EDIT) {
        let at = u32::from_le_bytes([edit[1], edit[2], edit[3], 0]) as usize % (bytes.len() + 1);
        let byte = edit[4];
        match edit[0] % 8 {
            0 => bytes.insert(at, byte),
            1 => drop(bytes.drain(at..bytes.len().min(at + 1 + usize::from(byte % 16)))),
            2 => bytes.truncate(at),
            // Most edits keep the length: they reach further.
            _ if at < bytes.len() => bytes[at] = byte,
            _ => bytes.push(byte),
        }
    }
    bytes
}
