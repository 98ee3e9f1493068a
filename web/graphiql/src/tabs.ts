// The tabs that the page opens with. GraphiQL names a tab after its operation.
import createTwoUsers from "./operations/CreateTwoUsers.graphql";
import inbox from "./operations/Inbox.graphql";
import last100FromOne from "./operations/Last100FromOne.graphql";
import last30DaysFromAll from "./operations/Last30DaysFromAll.graphql";
import live from "./operations/Live.graphql";
import makeChatroom from "./operations/MakeChatroom.graphql";
import send from "./operations/Send.graphql";
import whoAmI from "./operations/WhoAmI.graphql";
import { UNFILLED } from "./variables";

const OPERATIONS = [whoAmI, createTwoUsers, send, last100FromOne, last30DaysFromAll, inbox, live, makeChatroom];

/** For a token of one tab alone. */
export const defaultHeaders = `{
  // "Authorization": "Bearer …",
  // "Messenger-User": "betty"
}`;

export const defaultTabs = OPERATIONS.map((query) => ({ query: query.trimEnd(), variables: variablesOf(query) }));

/** Every variable that an operation declares: those that must be there are somebody's id. */
function variablesOf(query: string): string | null {
  const declared = [...query.matchAll(/\$(\w+): \w+(!?)/g)];
  const values = declared.map(([, name, isNeeded]) => [name, isNeeded ? UNFILLED : null]);
  return values.length > 0 ? JSON.stringify(Object.fromEntries(values), null, 2) : null;
}
