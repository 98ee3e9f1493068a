import { ApolloProvider, useQuery } from "@apollo/client/react";
import { useMemo } from "react";
import { codeOf } from "../api/refusal";
import { graphql } from "../generated";
import { People } from "../people/People";
import { Trouble } from "../ui/Trouble";
import { CreateUser } from "./CreateUser";
import { TokenForm } from "./TokenForm";
import { createLobby } from "./client";
import type { Identity } from "./identity";

const MODE = graphql(`
  query Mode {
    serverInfo { openMode limits { usernameLength displayNameLength } }
  }
`);

interface Asked {
  /** Why the last identity was not taken. */
  refusal: string | null;
  onIdentity: (identity: Identity) => void;
}

/** The first screen. An open server lets one be anybody; another one wants a token. */
export function SignIn({ refusal, onIdentity }: Asked) {
  const lobby = useMemo(() => createLobby(null), []);
  return (
    <main className="sign-in">
      <h1>Messenger</h1>
      {refusal && <p className="refusal" role="alert">{refusal}</p>}
      <ApolloProvider client={lobby}>
        <Ways onIdentity={onIdentity} />
      </ApolloProvider>
    </main>
  );
}

function Ways({ onIdentity }: Pick<Asked, "onIdentity">) {
  const { data, error, refetch } = useQuery(MODE);
  // A server with a key says nothing without a token, not even that it has a key.
  if (error && codeOf(error) === "UNAUTHENTICATED") return <TokenForm onToken={(token) => onIdentity({ token })} />;
  if (error) return <Trouble error={error} onRetry={() => refetch()} />;
  if (!data) return <p role="status">Asking the server…</p>;
  const act = (user: { id: string }) => onIdentity({ userId: user.id });
  return (
    <>
      <section aria-labelledby="pick">
        <h2 id="pick">Who are you?</h2>
        <p>This server is open: it asks for no password, and everybody may act as anybody.</p>
        <People onPick={act} />
      </section>
      <section aria-labelledby="create">
        <h2 id="create">Somebody new</h2>
        <CreateUser limits={data.serverInfo.limits} onCreated={act} />
      </section>
    </>
  );
}
