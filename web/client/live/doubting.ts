import assert from "node:assert/strict";
import { InboxDocument } from "../generated/gql/graphql";
import { faultsOf } from "./answer";
import { schema } from "./caller";
import { type People, tell } from "./example";

/** A true answer, made wrong in one place: were it believed, this whole story would prove nothing. */
export async function doubt({ betty }: People) {
  const answer = JSON.stringify(await betty.ask(InboxDocument, { first: 1 }));
  const faultsWith = (truth: RegExp, lie: string) => {
    assert.match(answer, truth);
    return faultsOf(schema, InboxDocument, JSON.parse(answer.replace(truth, lie)));
  };
  const inbox = "Inbox.conversations";
  const node = `${inbox}.edges.0.node`;
  assert.deepEqual(faultsWith(/"latestSeq":\d+/, '"latestSeq":null'), [`${node}.latestSeq: null for Int!`]);
  assert.deepEqual(faultsWith(/"latestSeq":\d+/, '"latestSeq":1.5'), [`${node}.latestSeq: no Int: 1.5`]);
  assert.deepEqual(faultsWith(/"latestSeq":\d+,/, ""), [`${node}.latestSeq: is missing`]);
  assert.deepEqual(faultsWith(/"latestSeq":/, '"extra":1,"latestSeq":'), [`${node}.extra: was not asked for`]);
  assert.deepEqual(faultsWith(/"sentAt":"[^"]+"/, '"sentAt":"today"'), [
    `${node}.lastMessage.sentAt: no DateTime: "today"`,
  ]);
  assert.deepEqual(faultsWith(/"__typename":"Chatroom"/, '"__typename":"User"'), [
    `${node}: "User" is no Conversation`,
  ]);
  assert.deepEqual(faultsWith(/"edges":\[/, '"edges":{},"pages":['), [
    `${inbox}.pages: was not asked for`,
    `${inbox}.edges: no list`,
  ]);
  tell("an answer that is wrong in one place is not believed");
}
