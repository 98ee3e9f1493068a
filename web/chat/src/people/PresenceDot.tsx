import type { PresenceStatus } from "../generated/graphql";

const WORDS: Record<PresenceStatus, string> = { ONLINE: "online", AWAY: "away", BUSY: "busy", OFFLINE: "offline" };

interface Shown {
  presence: { status: PresenceStatus; text: string | null } | null;
}

export const wordsOf = ({ presence }: Shown) => presence && [WORDS[presence.status], presence.text].filter(Boolean).join(" · ");

/** A dot for the eye, and a word for everybody else. */
export function PresenceDot({ presence }: Shown) {
  if (!presence) return null;
  return (
    <span className="presence" data-status={presence.status}>
      <span className="visually-hidden">{WORDS[presence.status]}</span>
    </span>
  );
}
