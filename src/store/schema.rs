// @generated automatically by Diesel CLI.

diesel::table! {
    conversations (id) {
        id -> Binary,
        latest_seq -> BigInt,
    }
}

diesel::table! {
    direct_conversations (conversation_id) {
        conversation_id -> Binary,
        lower_user_id -> Binary,
        higher_user_id -> Binary,
    }
}

diesel::table! {
    messages (recipient_id, id) {
        recipient_id -> Binary,
        id -> Binary,
        conversation_id -> Binary,
        seq -> BigInt,
        sender_id -> Binary,
        sent_at -> BigInt,
        client_message_id -> Nullable<Text>,
        text -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        username -> Text,
        display_name -> Text,
        created_at -> BigInt,
    }
}

diesel::joinable!(direct_conversations -> conversations (conversation_id));
diesel::joinable!(messages -> conversations (conversation_id));
diesel::joinable!(messages -> users (sender_id));

diesel::allow_tables_to_appear_in_same_query!(conversations, direct_conversations, messages, users,);
