import assert from "node:assert/strict";
import { readFragment } from "../generated/gql";
import { MeDocument, PersonFragmentDoc } from "../generated/gql/graphql";
import { type People, tell } from "./example";

/** A server that runs only what the client preset has written down. */
export async function askByIdOnly({ betty }: People) {
  const { viewer } = await betty.askById(MeDocument, {});
  assert.equal(readFragment(PersonFragmentDoc, viewer)?.username, "betty");
  const { errors } = await betty.post({ query: "{ viewer { id } }" });
  assert.deepEqual(
    errors?.map(({ extensions }) => extensions.code),
    ["DOCUMENT_NOT_TRUSTED"],
  );
  tell("a server that trusts only persisted-documents.json runs them by id, and nothing else");
}
