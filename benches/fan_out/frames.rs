//! As much of WebSocket's framing as a subscriber needs.

/// A frame with a text, as a client sends it. The mask is zero, and so changes nothing.
pub fn text(payload: &str) -> Vec<u8> {
    let length = u16::try_from(payload.len()).expect("a short message");
    let mut frame = vec![0x81];
    match u8::try_from(length) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 0x7e);
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload.as_bytes());
    frame
}

/// The answer to a ping.
pub const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// What a server sends.
pub enum Frame<'a> {
    Text(&'a [u8]),
    Ping,
    Other,
}

/// Takes the first frame off the bytes, if it is there as a whole.
pub fn take<'a>(bytes: &mut &'a [u8]) -> Option<Frame<'a>> {
    let (length, head) = match *bytes.get(1)? {
        126 => (usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
        127 => panic!("such long answers were not asked for"),
        length => (usize::from(length), 2),
    };
    let payload = bytes.get(head..head + length)?;
    let frame = match bytes[0] {
        0x81 => Frame::Text(payload),
        0x89 => Frame::Ping,
        _ => Frame::Other,
    };
    *bytes = &bytes[head + length..];
    Some(frame)
}
