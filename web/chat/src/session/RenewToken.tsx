import { useReactiveVar } from "@apollo/client/react";
import { useState } from "react";
import { explain } from "../api/refusal";
import { Dialog } from "../ui/Dialog";
import { useSession } from "./SessionContext";
import { TokenForm } from "./TokenForm";
import { type Identity, remember } from "./identity";
import { whoIs } from "./session";

/**
 * Asks for another token when the server takes the old one no more. The chat stays as it is behind it, and what waits
 * for the token goes on.
 */
export function RenewToken({ onIdentity }: { onIdentity: (identity: Identity | null, reason?: string) => void }) {
  const { me, credentials } = useSession();
  const refusal = useReactiveVar(credentials.refusal);
  const [failure, setFailure] = useState<string | null>(null);
  if (refusal === null) return null;

  async function renew(token: string) {
    try {
      const { me: named } = await whoIs({ token });
      if (named.id !== me.id) return onIdentity({ token });
      remember({ token });
      credentials.renew({ token });
      setFailure(null);
    } catch (error) {
      setFailure(explain(error));
    }
  }

  return (
    <Dialog title="Please sign in again" onClose={() => onIdentity(null, refusal)}>
      <p className="refusal" role="alert">{failure ?? refusal}</p>
      {"token" in credentials.identity && <TokenForm onToken={(token) => void renew(token)} />}
    </Dialog>
  );
}
