//! The rules of chatrooms.

use std::collections::BTreeMap;

use messenger::types::Timestamp;
use serde_json::{Value, json};

use super::{
    model::{Model, Person, Place, Room},
    refusal::{Named, Outcome, ROOM, USER, Wrong},
};

/// Whether one of the names in the steps keeps the rules.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.contains('\t')
}

impl Model {
    /// `told` is what the server gave.
    pub fn create(
        &mut self,
        actor: &Named,
        name: &'static str,
        members: &[Named],
        told: &Value,
        now: Timestamp,
    ) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.invalid_unless(is_name(name), "CHATROOM_NAME_INVALID", "name");
        wrong.people(members, 0);
        wrong.check()?;
        let creator = actor.existing(&wrong)?;
        let members = known(&wrong, members)?;
        let place = Place::Room(self.rooms.len());
        let id = told["id"].clone();
        let owner = Some(creator);
        let (members_at_first, left) = (Vec::new(), BTreeMap::new());
        self.rooms.push(Room { id, name, creator, created_at: now, members: members_at_first, owner, left });
        self.touch(place);
        self.join(self.rooms.len() - 1, creator, &[&[creator], members.as_slice()].concat(), now);
        Ok(self.show_room(self.rooms.len() - 1, creator))
    }

    pub fn invite(&mut self, actor: &Named, room: &Named, members: &[Named], now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("chatroomId", room, ROOM);
        wrong.people(members, 1);
        wrong.check()?;
        let (actor, room) = self.member(&wrong, actor, room)?;
        let members = known(&wrong, members)?;
        if let Some(number) = members.iter().position(|member| self.has_left(room, *member, actor)) {
            let mut error =
                wrong.error("InvitationRefused", "INVITATION_REFUSED", &format!("memberIds.{number}"));
            error["userId"] = self.people[members[number]].clone();
            return Err(vec![error]);
        }
        self.join(room, actor, &members, now);
        Ok(self.show_room(room, actor))
    }

    pub fn leave(&mut self, actor: &Named, room: &Named, now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("chatroomId", room, ROOM);
        wrong.check()?;
        let (actor, room) = self.member(&wrong, actor, room)?;
        self.depart(room, actor, actor, now);
        Ok(self.rooms[room].id.clone())
    }

    pub fn remove(&mut self, actor: &Named, room: &Named, member: &Named, now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("chatroomId", room, ROOM);
        wrong.id("memberId", member, USER);
        wrong.check()?;
        let (actor, room) = self.owner(&wrong, actor, room)?;
        let Some(member) = member.person() else {
            return Err(vec![wrong.not_found("memberId", member)]);
        };
        if !self.rooms[room].has(member) {
            return Err(vec![wrong.error("Refused", "NOT_MEMBER", "memberId")]);
        }
        self.depart(room, actor, member, now);
        Ok(if actor == member { Value::Null } else { self.show_room(room, actor) })
    }

    pub fn rename(&mut self, actor: &Named, room: &Named, name: &'static str, now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("chatroomId", room, ROOM);
        wrong.invalid_unless(is_name(name), "CHATROOM_NAME_INVALID", "name");
        wrong.check()?;
        let (actor, room) = self.owner(&wrong, actor, room)?;
        if self.rooms[room].name != name {
            self.rooms[room].name = name;
            self.log("chatroom_renamed", Place::Room(room), actor, now, &json!({ "detail": name }));
        }
        Ok(self.show_room(room, actor))
    }

    fn member(&self, wrong: &Wrong, actor: &Named, room: &Named) -> Outcome<(Person, usize)> {
        let actor = actor.existing(wrong)?;
        let found = room.room().filter(|room| self.rooms[*room].has(actor));
        Ok((actor, found.ok_or_else(|| vec![wrong.not_found("chatroomId", room)])?))
    }

    fn owner(&self, wrong: &Wrong, actor: &Named, room: &Named) -> Outcome<(Person, usize)> {
        let (actor, room) = self.member(wrong, actor, room)?;
        if self.rooms[room].owner == Some(actor) {
            return Ok((actor, room));
        }
        Err(vec![wrong.error("Refused", "NOT_OWNER", "chatroomId")])
    }

    /// Whether somebody has left, and has not written to the actor since.
    fn has_left(&self, room: usize, member: Person, actor: Person) -> bool {
        let Some(then) = self.rooms[room].left.get(&member) else { return false };
        let place = Place::between(member, actor);
        let since = self.messages.iter().skip(*then);
        !since.into_iter().any(|message| message.place == place && message.from == member)
    }

    /// Who is in already stays. What was said before counts as read.
    fn join(&mut self, number: usize, actor: Person, people: &[Person], now: Timestamp) {
        let place = Place::Room(number);
        for &person in people {
            if self.rooms[number].has(person) {
                continue;
            }
            self.rooms[number].members.push((person, now));
            self.rooms[number].left.remove(&person);
            self.read.insert((place, person), self.latest_seq(place));
            self.log("member_joined", place, actor, now, &json!({ "member": self.people[person] }));
        }
    }

    /// An owner hands the room to the longest-standing member. The position is forgotten.
    fn depart(&mut self, number: usize, actor: Person, member: Person, now: Timestamp) {
        let place = Place::Room(number);
        self.read.remove(&(place, member));
        let messages = self.messages.len();
        let room = &mut self.rooms[number];
        if actor == member {
            room.left.insert(member, messages);
        }
        room.members.retain(|(person, _)| *person != member);
        let heir = room.members.first().map(|(heir, _)| *heir);
        let is_handed_on = room.owner == Some(member);
        if is_handed_on {
            room.owner = heir;
        }
        self.log("member_left", place, actor, now, &json!({ "member": self.people[member] }));
        if let Some(heir) = heir.filter(|_| is_handed_on) {
            self.log("owner_changed", place, actor, now, &json!({ "member": self.people[heir] }));
        }
    }
}

/// All of the people, or the first who is unknown.
fn known(wrong: &Wrong, people: &[Named]) -> Outcome<Vec<Person>> {
    let numbered = people.iter().enumerate();
    let known = numbered.map(|(number, named)| {
        named.person().ok_or_else(|| vec![wrong.not_found(&format!("memberIds.{number}"), named)])
    });
    known.collect()
}
