import { useState } from "react";
import { Search } from "../search/Search";
import { useSession } from "../session/SessionContext";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import type { Place } from "../ui/place";
import { Inbox } from "./Inbox";
import { NewMessage } from "./NewMessage";
import { NewRoom } from "./NewRoom";

/** The acting user, what they look for, and all their conversations. */
export function Sidebar({ place, onLeave }: { place: Place; onLeave: () => void }) {
  const { me } = useSession();
  const [open, setOpen] = useState<"message" | "room" | null>(null);
  const [words, setWords] = useState("");
  return (
    <nav className="sidebar" aria-label="Conversations">
      <header>
        <Avatar id={me.id} name={me.displayName} />
        <p className="me">{me.displayName}</p>
        <button type="button" className="icon-button" aria-label="New message" onClick={() => setOpen("message")}>
          <Icon name="person" />
        </button>
        <button type="button" className="icon-button" aria-label="New room" onClick={() => setOpen("room")}>
          <Icon name="room" />
        </button>
        <button type="button" className="icon-button" aria-label="Switch user" onClick={onLeave}>
          <Icon name="switch" />
        </button>
      </header>
      <Search words={words} onWords={setWords} />
      {!words.trim() && <Inbox place={place} />}
      {open === "message" && <NewMessage onClose={() => setOpen(null)} />}
      {open === "room" && <NewRoom onClose={() => setOpen(null)} />}
    </nav>
  );
}
