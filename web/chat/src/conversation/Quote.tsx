import type { MessageFieldsFragment } from "../generated/graphql";

/** What a message answers. */
export function Quote({ message }: { message: NonNullable<MessageFieldsFragment["replyTo"]> }) {
  return (
    <blockquote className="quote">
      <p className="sender">{message.sender.displayName}</p>
      <p>{message.deletedAt ? "This message was deleted." : message.text}</p>
    </blockquote>
  );
}
