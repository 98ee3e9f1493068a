import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useSession } from "../session/SessionContext";
import { Icon } from "../ui/Icon";
import type { Intent } from "./intent";
import { useEditMessage } from "./changes";
import { useTypingSignal } from "./useTypingSignal";

/** From how few characters left on they are counted. */
const NEAR = 200;
/** Where one types with a keyboard of keys, the field is ready at once; elsewhere it would push the messages away. */
const HAS_KEYS = matchMedia("(hover: hover) and (pointer: fine)");

interface Written {
  recipientId: string;
  /** `null` before the first message. */
  conversationId: string | null;
  intent: Intent;
  onDone: () => void;
}

/** Where one writes: a message, an answer to one, or another text for one. */
export function Composer({ recipientId, conversationId, intent, onDone }: Written) {
  const { outbox, drafts, limits } = useSession();
  const [text, setText] = useState(intent.kind === "edit" ? intent.message.text : (drafts.get(recipientId) ?? ""));
  const field = useRef<HTMLTextAreaElement>(null);
  const hintId = useId();
  const typing = useTypingSignal(conversationId);
  const edit = useEditMessage();
  // Characters as the server counts them, which are not the units that `text.length` counts.
  const left = limits.messageTextLength - [...text].length;
  const canSend = text.trim() !== "" && left >= 0;

  useEffect(() => {
    if (HAS_KEYS.matches || intent.kind !== "new") field.current?.focus();
  }, [intent.kind]);

  function write(next: string) {
    setText(next);
    if (intent.kind === "edit") return;
    drafts.set(recipientId, next);
    typing.signal(next.trim() !== "");
  }

  async function submit() {
    if (!canSend) return;
    if (intent.kind !== "edit") send();
    else if (!(await edit(intent.message.id, text))) return; // what was refused can be mended
    onDone();
  }

  function send() {
    const replyToId = intent.kind === "reply" ? intent.message.id : null;
    outbox.send({ clientMessageId: crypto.randomUUID(), recipientId, text, replyToId });
    drafts.delete(recipientId);
    typing.end();
    setText("");
  }

  function press(event: KeyboardEvent) {
    // Enter also ends a word in some input methods; then it does not send.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void submit();
    }
    if (event.key === "Escape" && intent.kind !== "new") onDone();
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {intent.kind !== "new" && <Reason intent={intent} onCancel={onDone} />}
      <textarea
        ref={field}
        className="field"
        rows={1}
        aria-label={intent.kind === "edit" ? "New text" : "Message"}
        aria-describedby={hintId}
        aria-invalid={left < 0}
        placeholder="Message"
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={press}
      />
      <button className="icon-button primary" aria-label={intent.kind === "edit" ? "Save" : "Send"} disabled={!canSend}>
        <Icon name="send" />
      </button>
      <p id={hintId} className="hint" data-over={left < 0}>
        {left < NEAR && (left < 0 ? `${-left} characters too many` : `${left} characters left`)}
      </p>
    </form>
  );
}

function Reason({ intent, onCancel }: { intent: Exclude<Intent, { kind: "new" }>; onCancel: () => void }) {
  return (
    <div className="reason">
      <p>
        <strong>{intent.kind === "edit" ? "Edit message" : `Answer to ${intent.message.sender.displayName}`}</strong>
        <span>{intent.message.text}</span>
      </p>
      <button type="button" className="icon-button" aria-label="Cancel" onClick={onCancel}>
        <Icon name="close" />
      </button>
    </div>
  );
}
