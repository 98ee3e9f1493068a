import type { FormEvent } from "react";

/** In your application this is not a form: your backend signs a token for whoever is signed in there. */
export function TokenForm({ onToken }: { onToken: (token: string) => void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onToken(String(new FormData(event.currentTarget).get("token")).trim());
  }

  return (
    <form className="form" onSubmit={submit}>
      <label>
        Token
        <textarea name="token" className="field token" required rows={5} autoComplete="off" spellCheck={false} />
      </label>
      <p>
        This server asks for a token. While you develop, <code>messenger token USERNAME --ttl 8h</code> makes one. It is
        kept in this tab only.
      </p>
      <button className="button primary">Enter</button>
    </form>
  );
}
