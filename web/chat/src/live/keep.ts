import type { ApolloCache } from "@apollo/client";
import { graphql } from "../generated";
import type { ConversationFieldsFragment, SentMessageFragment } from "../generated/graphql";

// What is new is written as a page that has nothing but it; `cache/typePolicies.ts` puts it in its place.

const NEW_MESSAGE = graphql(`
  fragment NewMessage on Conversation {
    messages { nodes { ...MessageFields } }
  }
`);

const NEW_CONVERSATION = graphql(`
  query NewConversation {
    conversations { nodes { ...ConversationFields } }
  }
`);

/** A message that was sent, as an event or the answer to `sendMessage` tells it. */
export function keepMessage(cache: ApolloCache, message: SentMessageFragment): void {
  const { conversation, ...node } = message;
  cache.writeFragment({
    from: { __typename: conversation.__typename, id: conversation.id },
    fragment: NEW_MESSAGE,
    fragmentName: "NewMessage",
    data: { __typename: conversation.__typename, messages: { __typename: "MessageConnection", nodes: [node] } },
  });
  keepConversation(cache, conversation);
}

/** A conversation that belongs in the inbox. */
export function keepConversation(cache: ApolloCache, conversation: ConversationFieldsFragment): void {
  const conversations = { __typename: "ConversationConnection" as const, nodes: [conversation] };
  cache.writeQuery({ query: NEW_CONVERSATION, data: { conversations } });
}

/** A chatroom that the acting user is out of: it leaves every list by itself. */
export function forgetChatroom(cache: ApolloCache, id: string): void {
  cache.evict({ id: cache.identify({ __typename: "Chatroom", id })! });
}

/** The list is read anew where it is shown: an event says who came, and not in which role. */
export function forgetMembers(cache: ApolloCache, chatroomId: string): void {
  cache.evict({ id: cache.identify({ __typename: "Chatroom", id: chatroomId })!, fieldName: "members" });
}
