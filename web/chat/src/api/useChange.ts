import type { TypedDocumentNode } from "@apollo/client";
import type { RefusalFieldsFragment } from "../generated/graphql";
import { useSession } from "../session/SessionContext";
import { accepted, explain } from "./refusal";

type Payload = { errors: readonly RefusalFieldsFragment[] };

/** Runs a mutation. Gives whether it was accepted; when it was not, the user is told why. */
export function useChange() {
  const { client, notice } = useSession();
  return async function change<Data extends Record<string, unknown>, Input>(
    mutation: TypedDocumentNode<Data, { input: Input }>,
    input: Input,
  ): Promise<Data | null> {
    try {
      const { data } = await client.mutate({ mutation, variables: { input } });
      for (const payload of Object.values(data ?? {})) accepted(payload as Payload);
      return data ?? null;
    } catch (error) {
      notice(explain(error));
      return null;
    }
  };
}
