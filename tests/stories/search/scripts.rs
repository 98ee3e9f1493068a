//! Every script is searched as Latin is: in any case, with or without accents, in any form.

use super::{does, found};
use crate::support::Server;

/// Texts that are the same to a search.
const ALIKE: [&[&str]; 17] = [
    &["κόσμος", "ΚΟΣΜΟΣ", "κοσμος", "Κο\u{301}σμος", "ΚΌΣΜΟΣ"],
    &["Ёжик", "ежик", "ЁЖИК", "Е\u{308}жик"],
    &["йод", "и\u{306}од", "ЙОД"],
    &["한국어", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}"],
    &["ガイド", "カ\u{3099}イト\u{3099}", "ｶﾞｲﾄﾞ"],
    &["שָׁלוֹם", "שלום", "\u{fb2a}ל\u{fb4b}ם"],
    &["مُحَمَّد", "محمد", "محـــمد"],
    &["أحمد", "احمد", "ا\u{654}حمد"],
    &["Straße", "STRASSE", "strasse", "STRAẞE"],
    &["soft\u{ad}ware", "software"],
    &["zero\u{200b}width", "zero\u{200d}width", "zero\u{feff}width", "zerowidth"],
    &["ｆｕｌｌ", "full", "ＦＵＬＬ"],
    &["ﬁle", "file", "FILE"],
    &["ısparta", "ISPARTA", "isparta", "İsparta"],
    &["łódź", "lodz", "ŁÓDŹ", "LODZ", "ło\u{301}dz\u{301}"],
    &["đường", "duong", "ĐƯỜNG"],
    &["م\u{200c}ی", "مي", "می"],
];

#[tokio::test]
async fn a_word_is_found_by_every_way_to_write_it() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for texts in ALIKE {
        for text in texts {
            aaron.sends(&betty, text).await;
        }
        let all: Vec<&str> = texts.iter().rev().copied().collect();
        for text in texts {
            assert_eq!(found(&betty, text).await, all, "{text}");
        }
    }
}

#[tokio::test]
async fn what_is_within_a_sentence_without_spaces_is_found() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let (shanghai, tokyo, bangkok) = ("我家在上海东边。", "明日は東京タワーへ行く", "พรุ่งนี้ไปกรุงเทพกัน");
    for text in [shanghai, tokyo, bangkok, "上 海", "海边"] {
        aaron.sends(&betty, text).await;
    }
    let table: [(&str, &[&str]); 12] = [
        ("上海", &[shanghai]),
        ("海东 我家", &[shanghai]),
        ("上", &["上 海", shanghai]),
        ("边", &["海边", shanghai]),
        ("海", &["海边", "上 海", shanghai]),
        ("我家在上海东边", &[shanghai]),
        ("上东", &[]),
        ("タワー", &[tokyo]),
        ("東京タワー", &[tokyo]),
        ("く", &[tokyo]),
        ("กรุงเทพ", &[bangkok]),
        ("เทพ กรุง", &[bangkok]),
    ];
    for (text, expected) in table {
        assert_eq!(found(&betty, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn a_changed_message_is_found_by_what_it_says_now_in_every_script() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let id = aaron.sends(&betty, "Ёжик в тумане").await["id"].clone();
    assert_eq!(found(&betty, "ТУМАН ежик").await, ["Ёжик в тумане"]);

    does(&aaron, "editMessage", serde_json::json!({ "messageId": id, "text": "霧の中のハリネズミ" })).await;
    assert_eq!(found(&betty, "ежик").await, [""; 0]);
    assert_eq!(found(&betty, "ハリネズミ").await, ["霧の中のハリネズミ"]);

    does(&aaron, "deleteMessage", serde_json::json!({ "messageId": id })).await;
    assert_eq!(found(&betty, "霧").await, [""; 0]);
}
