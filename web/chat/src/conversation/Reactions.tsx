import type { MessageFieldsFragment } from "../generated/graphql";
import { useToggleReaction } from "./changes";

/** How a message was reacted to; a press does the same, or takes it back. */
export function Reactions({ message }: { message: MessageFieldsFragment }) {
  const toggle = useToggleReaction();
  return (
    <ul className="reactions">
      {message.reactions.map(({ emoji, count, viewerHasReacted }) => (
        <li key={emoji}>
          <button type="button" aria-pressed={viewerHasReacted} aria-label={`${emoji} ${count}`} onClick={() => void toggle(message, emoji)}>
            {emoji} <span>{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
