import { useMutation } from "@apollo/client/react";
import { type FormEvent, useState } from "react";
import { accepted, explain } from "../api/refusal";
import { graphql } from "../generated";
import type { UserFieldsFragment } from "../generated/graphql";

const CREATE_USER = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      user { ...UserFields }
      errors { ...RefusalFields }
    }
  }
`);

interface Created {
  limits: { usernameLength: number; displayNameLength: number };
  onCreated: (user: UserFieldsFragment) => void;
}

export function CreateUser({ limits, onCreated }: Created) {
  const [createUser, { loading }] = useMutation(CREATE_USER);
  const [failure, setFailure] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const displayName = String(form.get("displayName")).trim() || null;
    try {
      const { data } = await createUser({ variables: { input: { username: String(form.get("username")), displayName } } });
      const { user } = accepted(data?.createUser);
      if (user) onCreated(user);
    } catch (error) {
      setFailure(explain(error));
    }
  }

  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <label>
        Username
        <input name="username" className="field" required maxLength={limits.usernameLength} autoComplete="off" autoCapitalize="none" />
      </label>
      <label>
        Name to show
        <input name="displayName" className="field" maxLength={limits.displayNameLength} autoComplete="off" />
      </label>
      {failure && <p className="refusal" role="alert">{failure}</p>}
      <button className="button primary" disabled={loading}>Create and enter</button>
    </form>
  );
}
