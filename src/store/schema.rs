// @generated automatically by Diesel CLI.

diesel::table! {
    chatrooms (id) {
        id -> Binary,
        name -> Text,
        created_by_id -> Binary,
        created_at -> BigInt,
        owner_id -> Nullable<Binary>,
        member_count -> BigInt,
    }
}

diesel::table! {
    conversations (id) {
        id -> Binary,
        latest_seq -> BigInt,
        activity -> Binary,
        lower_user_id -> Nullable<Binary>,
        higher_user_id -> Nullable<Binary>,
    }
}

diesel::table! {
    departures (chatroom_id, user_id) {
        chatroom_id -> Binary,
        user_id -> Binary,
        moment -> Binary,
    }
}

diesel::table! {
    events (position) {
        position -> BigInt,
        conversation_id -> Binary,
        kind -> Text,
        happened_at -> BigInt,
        actor_id -> Binary,
        member_id -> Nullable<Binary>,
        message_id -> Nullable<Binary>,
        seq -> Nullable<BigInt>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    log (id) {
        id -> BigInt,
    }
}

diesel::table! {
    memberships (user_id, chatroom_id) {
        user_id -> Binary,
        chatroom_id -> Binary,
        joined_at -> BigInt,
        joined_position -> BigInt,
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
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        reply_to_id -> Nullable<Binary>,
        sent_digest -> Nullable<Binary>,
    }
}

diesel::table! {
    reaction_groups (message_id, emoji) {
        message_id -> Binary,
        emoji -> Text,
        count -> BigInt,
    }
}

diesel::table! {
    reactions (message_id, emoji, position) {
        message_id -> Binary,
        emoji -> Text,
        position -> BigInt,
        user_id -> Binary,
    }
}

diesel::table! {
    read_positions (user_id, conversation_id) {
        user_id -> Binary,
        conversation_id -> Binary,
        read_up_to -> BigInt,
        own_read -> BigInt,
        own_sent -> BigInt,
    }
}

diesel::table! {
    retired_usernames (username) {
        username -> Text,
        user_id -> Binary,
        retired_at -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        username -> Text,
        display_name -> Text,
        created_at -> BigInt,
        external_id -> Nullable<Text>,
        invitations_from -> Text,
    }
}

diesel::joinable!(chatrooms -> conversations (id));
diesel::joinable!(departures -> chatrooms (chatroom_id));
diesel::joinable!(departures -> users (user_id));
diesel::joinable!(memberships -> chatrooms (chatroom_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(messages -> conversations (conversation_id));
diesel::joinable!(messages -> users (sender_id));
diesel::joinable!(reactions -> users (user_id));
diesel::joinable!(read_positions -> conversations (conversation_id));
diesel::joinable!(read_positions -> users (user_id));
diesel::joinable!(retired_usernames -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    chatrooms,
    conversations,
    departures,
    events,
    log,
    memberships,
    messages,
    reaction_groups,
    reactions,
    read_positions,
    retired_usernames,
    users,
);
