//! The steps in rooms.

use serde_json::json;

use super::{
    model::Person,
    play::{Casting, Checked, Stage, compare},
    refusal::Named,
    step::{Target, Who},
};

/// More of them are not created.
const MAX_ROOMS: usize = 4;
/// A room, and where who asks stands in it.
const ROOM: &str = "chatroom { ...S ...R }";

impl Stage {
    pub async fn create(&mut self, by: Casting, name: &'static str, members: &[Target]) -> Checked {
        if self.model.rooms.len() == MAX_ROOMS {
            return Ok(());
        }
        let actor = self.cast(by, &[]);
        let members = self.aim_all(members);
        let input = json!({ "name": name, "memberIds": ids(&members) });
        let answer = self.mutate("createChatroom", ROOM, &actor, input).await;
        let told = &answer["data"]["createChatroom"]["chatroom"];
        let outcome = self.model.create(&actor.named, name, &members, told, self.now());
        compare("createChatroom", "chatroom", &answer, outcome)
    }

    pub async fn invite(&mut self, by: Casting, room: Target, members: &[Target]) -> Checked {
        let (room, inside) = self.room(room);
        let actor = self.cast(by, &inside);
        let members = self.aim_all(members);
        let input = json!({ "chatroomId": room.id, "memberIds": ids(&members) });
        let answer = self.mutate("inviteToChatroom", ROOM, &actor, input).await;
        let outcome = self.model.invite(&actor.named, &room, &members, self.now());
        compare("inviteToChatroom", "chatroom", &answer, outcome)
    }

    pub async fn leave(&mut self, by: Casting, room: Target) -> Checked {
        let (room, inside) = self.room(room);
        let actor = self.cast(by, &inside);
        let answer =
            self.mutate("leaveChatroom", "chatroomId", &actor, json!({ "chatroomId": room.id })).await;
        let outcome = self.model.leave(&actor.named, &room, self.now());
        compare("leaveChatroom", "chatroomId", &answer, outcome)
    }

    pub async fn remove(&mut self, by: Casting, room: Target, member: Who) -> Checked {
        let (room, inside) = self.room(room);
        let actor = self.cast(by, &self.owner(&room));
        let member = self.model.pick(member, &inside);
        let input = json!({ "chatroomId": room.id, "memberId": member.id });
        let answer = self.mutate("removeFromChatroom", ROOM, &actor, input).await;
        let outcome = self.model.remove(&actor.named, &room, &member, self.now());
        compare("removeFromChatroom", "chatroom", &answer, outcome)
    }

    pub async fn rename(&mut self, by: Casting, room: Target, name: &'static str) -> Checked {
        let (room, _) = self.room(room);
        let actor = self.cast(by, &self.owner(&room));
        let input = json!({ "chatroomId": room.id, "name": name });
        let answer = self.mutate("renameChatroom", ROOM, &actor, input).await;
        let outcome = self.model.rename(&actor.named, &room, name, self.now());
        compare("renameChatroom", "chatroom", &answer, outcome)
    }

    /// A room or another conversation, and who is in it.
    pub fn room(&self, target: Target) -> (Named, Vec<Person>) {
        let named = self.model.aim(target);
        let readers = named.place().map_or_else(Vec::new, |place| self.model.readers(place));
        (named, readers)
    }

    fn owner(&self, room: &Named) -> Vec<Person> {
        room.room().and_then(|room| self.model.rooms[room].owner).into_iter().collect()
    }
}

fn ids(people: &[Named]) -> Vec<&str> {
    people.iter().map(|named| named.id.as_str()).collect()
}
