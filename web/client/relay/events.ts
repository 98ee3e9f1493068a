import { useMemo } from "react";
import { graphql, useSubscription } from "react-relay";
import type { GraphQLSubscriptionConfig } from "relay-runtime";
import type { EventsSubscription } from "../generated/relay/EventsSubscription.graphql";

/** Follows what happens from a cursor on; what is in the store is brought up to date by its ids. */
export function useEvents(after: string | null) {
  const config = useMemo<GraphQLSubscriptionConfig<EventsSubscription>>(
    () => ({
      variables: { after },
      subscription: graphql`
        subscription EventsSubscription($after: String) {
          events(after: $after) {
            cursor
            event {
              __typename
              ... on MessageSent {
                message {
                  id
                  seq
                  text
                  conversation {
                    id
                    latestSeq
                  }
                }
              }
              ... on MessageEdited {
                message {
                  id
                  text
                  editedAt
                }
              }
              ... on ConversationRead {
                conversation {
                  id
                  unreadCount
                }
              }
              ... on PresenceChanged {
                user {
                  id
                  presence {
                    status
                    text
                  }
                }
              }
            }
          }
        }
      `,
    }),
    [after],
  );
  useSubscription(config);
}
