import { concatWith, defer, from, map, retry, throwError } from "rxjs";
import { graphql } from "../generated";
import type { Session } from "../session/session";
import { apply } from "./apply";
import { pause } from "./pause";

// `PresenceChanged` and `TypingChanged` come to those who ask for one of their fields.
const EVENTS = graphql(`
  subscription Events($after: String) {
    events(after: $after) {
      cursor
      event {
        __typename
        ... on MessageSent { message { ...SentMessage } }
        ... on MessageEdited { message { ...MessageFields } }
        ... on MessageDeleted { message { ...MessageFields } }
        ... on ReactionAdded { message { ...MessageFields } }
        ... on ReactionRemoved { message { ...MessageFields } }
        ... on ConversationRead { conversation { id readUpTo unreadCount } }
        ... on ChatroomRenamed { chatroom { id name } }
        ... on MemberJoined { chatroom { ...ConversationFields } member { id } }
        ... on MemberLeft { chatroomId visibleChatroom { id memberCount } member { id } }
        ... on OwnerChanged { chatroom { id } }
        ... on PresenceChanged { user { id presence { status text } } }
        ... on TypingChanged { conversation { id } user { ...UserFields } isTyping }
      }
    }
  }
`);

/**
 * Follows everything that happens after a cursor, for as long as the session lasts: the server restarts, the network
 * goes, a token expires, and it goes on after the last event that was handled. So there is no gap and nothing twice.
 */
export function follow(session: Session, after: string): () => void {
  let cursor = after;
  const subscription = defer(() => session.client.subscribe({ query: EVENTS, variables: { after: cursor } }))
    .pipe(
      concatWith(throwError(() => new Error("the subscription ended"))),
      map(({ data, error }) => {
        if (!data) throw error;
        return data.events;
      }),
      retry({ delay: (_, attempt) => from(untilWorthTrying(session, attempt)), resetOnSuccess: true }),
    )
    .subscribe((edge) => {
      apply(session, edge.event);
      // Kept only after the event was handled: what fails halfway is told again.
      cursor = edge.cursor ?? cursor;
    });
  return () => subscription.unsubscribe();
}

async function untilWorthTrying(session: Session, attempt: number): Promise<void> {
  session.connection("cut off");
  session.typing({});
  await session.credentials.usable();
  await pause(attempt);
}
