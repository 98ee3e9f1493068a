import { graphql, useFragment } from "react-relay";
import type { Row_conversation$key } from "../generated/relay/Row_conversation.graphql";

/** A line of the inbox: what it is called, and what is new. */
export function useRow(key: Row_conversation$key): string {
  const row = useFragment(
    graphql`
      fragment Row_conversation on Conversation {
        unreadCount
        lastMessage {
          text
          sentAt
        }
        ... on Chatroom {
          name
        }
        ... on DirectConversation {
          participants {
            displayName
          }
        }
      }
    `,
    key,
  );
  const title = row.name ?? row.participants?.map(({ displayName }) => displayName).join(" and ");
  return `${title}: ${row.unreadCount} new, ${row.lastMessage?.text ?? "nothing yet"}`;
}
