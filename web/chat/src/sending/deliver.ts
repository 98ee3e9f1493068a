import type { ApolloClient } from "@apollo/client";
import { accepted } from "../api/refusal";
import { graphql } from "../generated";
import { keepMessage } from "../live/keep";
import type { Draft } from "./outbox";

const SEND = graphql(`
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message { ...SentMessage }
      errors { ...RefusalFields }
    }
  }
`);

/** Sends a message. With the same key it may be done again and again, and the message is there once. */
export async function deliver(client: ApolloClient, draft: Draft): Promise<void> {
  const { clientMessageId, recipientId, replyToId, text } = draft;
  const { data } = await client.mutate({
    mutation: SEND,
    variables: { input: { clientMessageId, recipientId, replyToId, text } },
  });
  const { message } = accepted(data?.sendMessage);
  if (message) keepMessage(client.cache, message);
}
