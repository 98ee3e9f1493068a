import { useQuery } from "@apollo/client/react";
import { useEffect } from "react";
import { INBOX } from "../inbox/inboxQuery";
import { useSession } from "../session/SessionContext";
import { follow } from "./follow";

/** Reads the inbox first, and follows what happens from the very place in the log at which it was read. */
export function useLive(): void {
  const session = useSession();
  const { data } = useQuery(INBOX);
  const isRead = data !== undefined;
  useEffect(() => {
    if (data) return follow(session, data.conversations.eventCursor);
    // Not for each new `data`: from here on the subscription knows better where it is.
    // A reset of the cache takes `data` away; then this begins anew.
  }, [session, isRead]);
}
