import { ApolloProvider } from "@apollo/client/react";
import { useEffect, useState } from "react";
import { Chat } from "./Chat";
import { codeOf, explain } from "./api/refusal";
import { SessionContext } from "./session/SessionContext";
import { SignIn } from "./session/SignIn";
import { type Identity, remember, remembered } from "./session/identity";
import { type Session, NamesNobody, enter } from "./session/session";
import { Trouble } from "./ui/Trouble";

const REFUSALS = ["UNAUTHENTICATED", "ACTING_USER_UNKNOWN", "FORBIDDEN"];

/** Asks who acts, and opens a session for them. Another user is another session with a cache of its own. */
export function App() {
  const [identity, setIdentity] = useState(remembered);
  const [refusal, setRefusal] = useState<string | null>(null);

  function act(next: Identity | null, reason: string | null = null) {
    remember(next);
    setRefusal(reason);
    setIdentity(next);
  }

  if (!identity) return <SignIn refusal={refusal} onIdentity={act} />;
  return <Entered identity={identity} onIdentity={act} />;
}

interface Entering {
  identity: Identity;
  onIdentity: (identity: Identity | null, reason?: string) => void;
}

function Entered({ identity, onIdentity }: Entering) {
  const { session, failure, tryAgain } = useEntered(identity);
  const refusal = refusalOf(failure);

  useEffect(() => {
    if (refusal) onIdentity(null, refusal);
  });

  if (failure && !refusal) return <Trouble error={failure} onRetry={tryAgain} />;
  if (!session) return <p className="waiting" role="status">Opening the chat…</p>;
  return (
    <SessionContext value={session}>
      <ApolloProvider client={session.client}>
        <Chat key={session.me.id} onIdentity={onIdentity} />
      </ApolloProvider>
    </SessionContext>
  );
}

/** Why somebody is not let in, whom it does not help to try again. */
function refusalOf(failure: unknown): string | null {
  if (failure instanceof NamesNobody) return failure.message;
  return REFUSALS.includes(codeOf(failure) ?? "") ? explain(failure) : null;
}

function useEntered(identity: Identity) {
  const [session, setSession] = useState<Session | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const entering = enter(identity);
    let isOver = false;
    entering.then((entered) => isOver || setSession(entered), (error) => isOver || setFailure(error));
    return () => {
      isOver = true;
      setSession(null);
      setFailure(null);
      entering.then((entered) => entered.leave(), () => {});
    };
  }, [identity, attempt]);

  return { session, failure, tryAgain: async () => setAttempt(attempt + 1) };
}
