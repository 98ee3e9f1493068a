import { memo } from "react";
import type { MessageFieldsFragment } from "../generated/graphql";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { timeOf } from "../ui/clock";
import type { Acted } from "./MessageActions";
import { Quote } from "./Quote";
import { Reactions } from "./Reactions";

interface Shown {
  message: MessageFieldsFragment;
  isOwn: boolean;
  /** Whether the sender's name is shown; it is always read aloud. */
  isNamed: boolean;
  goesOn: boolean;
  isTarget: boolean;
  onActions: (acted: Acted) => void;
}

export const Message = memo(function Message({ message, isOwn, isNamed, goesOn, isTarget, onActions }: Shown) {
  const { id, seq, sender, sentAt, editedAt, deletedAt, replyTo, reactions } = message;
  return (
    <li className="message" data-seq={seq} data-own={isOwn} data-goes-on={goesOn} data-target={isTarget} tabIndex={-1}>
      {!isOwn && !goesOn && <Avatar id={sender.id} name={sender.displayName} />}
      <div className="said">
        {!goesOn && <p className={isNamed && !isOwn ? "sender" : "visually-hidden"}>{isOwn ? "You" : sender.displayName}</p>}
        <div className="bubble" data-deleted={deletedAt !== null}>
          {replyTo && <Quote message={replyTo} />}
          <p className="text">{deletedAt ? "This message was deleted." : message.text}</p>
          <p className="when">
            {editedAt && !deletedAt && "edited "}
            <time dateTime={sentAt}>{timeOf(sentAt)}</time>
          </p>
        </div>
        {reactions.length > 0 && <Reactions message={message} />}
      </div>
      {!deletedAt && (
        <button
          type="button"
          className="icon-button more"
          aria-label={`Actions for: ${message.text.slice(0, 40)}`}
          aria-haspopup="dialog"
          onClick={(event) => onActions({ id, source: event.currentTarget })}
        >
          <Icon name="more" />
        </button>
      )}
    </li>
  );
});
