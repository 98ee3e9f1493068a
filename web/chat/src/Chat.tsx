import { useReactiveVar } from "@apollo/client/react";
import { Conversation } from "./conversation/Conversation";
import { WithPerson } from "./conversation/WithPerson";
import { Sidebar } from "./inbox/Sidebar";
import { useLive } from "./live/useLive";
import { Connection } from "./session/Connection";
import { RenewToken } from "./session/RenewToken";
import { useSession } from "./session/SessionContext";
import type { Identity } from "./session/identity";
import { Icon } from "./ui/Icon";
import { type Place, usePlace } from "./ui/place";

/** The chat of one acting user: the inbox, and beside it, or on a phone instead of it, a conversation. */
export function Chat({ onIdentity }: { onIdentity: (identity: Identity | null, reason?: string) => void }) {
  const place = usePlace();
  useLive();
  const connection = useReactiveVar(useSession().connection);
  return (
    <main className="chat" data-place={place.kind} data-live={connection === "live"}>
      <h1 className="visually-hidden">Messenger</h1>
      <Connection />
      <Notice />
      <Sidebar place={place} onLeave={() => onIdentity(null)} />
      <Shown place={place} />
      <RenewToken onIdentity={onIdentity} />
    </main>
  );
}

function Shown({ place }: { place: Place }) {
  switch (place.kind) {
    case "conversation":
      return <Conversation key={place.id} id={place.id} target={place.seq} />;
    case "person":
      return <WithPerson key={place.id} userId={place.id} />;
    case "inbox":
      return (
        <section className="conversation nothing">
          <p>Pick a conversation, or begin one.</p>
        </section>
      );
  }
}

function Notice() {
  const { notice } = useSession();
  const text = useReactiveVar(notice);
  return (
    <div className="notice" role="alert">
      {text && (
        <>
          <p>{text}</p>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => notice(null)}>
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  );
}
