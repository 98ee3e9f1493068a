// Who asks: a token, and for whom it acts. One place for all tabs; each tab's header editor goes before it.
import { Button, type GraphiQLPlugin, useGraphiQLActions } from "@graphiql/react";
import type { SubmitEvent } from "react";
import { useCell } from "./cell";
import { lookWhoIsThere, people, type People } from "./people";
import { session, signIn } from "./session";

export const SIGN_IN: GraphiQLPlugin = { title: "Sign-in", icon: KeyIcon, content: SignIn };

function SignIn() {
  const { introspect } = useGraphiQLActions();
  const { token, actingUser } = useCell(session);

  async function use(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const written = (name: string) => String(form.get(name)).trim();
    // Pasted as it stands in a header, perhaps.
    signIn({ token: written("token").replace(/^bearer\s+/i, ""), actingUser: written("actingUser") });
    await Promise.all([lookWhoIsThere(), introspect()]);
  }

  return (
    <form className="sign-in" onSubmit={use}>
      <h2>Sign-in</h2>
      <Status people={useCell(people)} />
      <label>
        Token
        <input name="token" type="password" autoComplete="off" spellCheck={false} defaultValue={token} key={token} />
      </label>
      <p>
        Your application signs it; while you develop, <code>messenger token betty</code> prints one. An open server looks at
        none.
      </p>
      <label>
        Messenger-User
        <input name="actingUser" autoComplete="off" spellCheck={false} defaultValue={actingUser} key={actingUser} />
      </label>
      <p>Who acts, by id or username: on an open server, and with the token of a service.</p>
      <Button type="submit">Use in all tabs</Button>
      <p>
        Kept for this window only, until it is closed. What a tab has under <em>Headers</em> goes before it, and is not kept.
      </p>
    </form>
  );
}

function Status({ people: { problem, isOpen, viewer } }: { people: People }) {
  if (problem) return <p role="status" className="problem">{problem}</p>;
  const who = viewer ? `You are ${viewer.displayName} (${viewer.username}).` : "Nobody is named.";
  return <p role="status">{isOpen ? `${who} This server is open: it asks for no token.` : who}</p>;
}

function KeyIcon(props: object) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" {...props}>
      <circle cx="8" cy="15" r="4.5" />
      <path d="M11.5 11.5 20 3m-4 4 3 3m-6 0 2 2" />
    </svg>
  );
}
