import { graphql, useMutation } from "react-relay";
import type { SendingMutation } from "../generated/relay/SendingMutation.graphql";

/** Sends, and puts the message at the head of the histories that are shown. */
export function useSending(connections: string[]) {
  const [commit, isInFlight] = useMutation<SendingMutation>(graphql`
    mutation SendingMutation($input: SendMessageInput!, $connections: [ID!]!) {
      sendMessage(input: $input) {
        message @prependNode(connections: $connections, edgeTypeName: "MessageEdge") {
          id
          seq
          text
          sentAt
          sender {
            displayName
          }
          recipient {
            ... on User {
              username
            }
            ... on Chatroom {
              name
            }
          }
        }
        deduplicated
        errors {
          __typename
          code
          message
          ... on MessageTooLong {
            max
          }
        }
      }
    }
  `);
  const send = (recipientId: string, text: string) => {
    // Made when somebody presses "send", and kept for every retry.
    const clientMessageId = crypto.randomUUID();
    return commit({ variables: { input: { recipientId, text, clientMessageId }, connections } });
  };
  return { send, isInFlight };
}
