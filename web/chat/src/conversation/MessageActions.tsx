import { useEffect, useRef, useState } from "react";
import type { MessageFieldsFragment } from "../generated/graphql";
import { useSession } from "../session/SessionContext";
import { DeleteDialog } from "./DeleteDialog";
import { useToggleReaction } from "./changes";
import type { Intent } from "./intent";

const EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];

/** The message whose button was pressed, and the button. */
export interface Acted {
  id: string;
  source: HTMLElement;
}

interface Shown {
  messages: readonly MessageFieldsFragment[];
  acted: Acted | null;
  onIntent: (intent: Intent) => void;
  onClose: () => void;
}

/**
 * What can be done with a message: one popover for all of them. The browser closes it on Escape and on a press beside
 * it, gives the focus back, and keeps it at the button.
 */
export function MessageActions({ messages, acted, onIntent, onClose }: Shown) {
  const { me } = useSession();
  const popover = useRef<HTMLDivElement>(null);
  const [deleting, setDeleting] = useState<MessageFieldsFragment | null>(null);
  const message = messages.find(({ id }) => id === acted?.id);
  const toggle = useToggleReaction();

  useEffect(() => {
    if (!acted) return;
    popover.current?.showPopover({ source: acted.source });
    popover.current?.querySelector("button")?.focus();
  }, [acted]);

  const close = () => popover.current?.hidePopover();
  return (
    <>
      <div
        ref={popover}
        className="actions"
        popover="auto"
        role="dialog"
        aria-label="Message actions"
        onToggle={(event) => event.newState === "closed" && onClose()}
      >
        {message && (
          <>
            <div className="emoji" role="group" aria-label="React">
              {EMOJI.map((emoji) => (
                <button
                  key={emoji}
                  type="button"
                  aria-label={`React with ${emoji}`}
                  aria-pressed={message.reactions.some((group) => group.emoji === emoji && group.viewerHasReacted)}
                  onClick={() => {
                    close();
                    void toggle(message, emoji);
                  }}
                >
                  {emoji}
                </button>
              ))}
            </div>
            <Action name="Reply" onPress={() => onIntent({ kind: "reply", message })} onClose={close} />
            {message.sender.id === me.id && (
              <>
                <Action name="Edit" onPress={() => onIntent({ kind: "edit", message })} onClose={close} />
                <Action name="Delete" onPress={() => setDeleting(message)} onClose={close} />
              </>
            )}
          </>
        )}
      </div>
      {deleting && <DeleteDialog message={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function Action({ name, onPress, onClose }: { name: string; onPress: () => void; onClose: () => void }) {
  return (
    <button
      type="button"
      onClick={() => {
        onClose(); // first, because it gives the focus back, and what follows takes it
        onPress();
      }}
    >
      {name}
    </button>
  );
}
