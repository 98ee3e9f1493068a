// What the story looks up and prepares beside the page.
import assert from "node:assert/strict";

/** Calls the API as somebody, or as nobody. */
export class Api {
  constructor(url, headers = {}) {
    this.url = `${url}/graphql`;
    this.headers = headers;
  }

  as(user) {
    return new Api(this.url.replace(/\/graphql$/, ""), { "messenger-user": user.id });
  }

  async ask(query, variables = {}) {
    const headers = { ...this.headers, "content-type": "application/json" };
    const response = await fetch(this.url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }

  async change(field, type, input, selection) {
    const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} errors { code message } } }`;
    const data = await this.ask(query, { input });
    assert.deepEqual(data[field].errors, []);
    return data[field];
  }

  async createUser(displayName) {
    const input = { username: displayName.toLowerCase(), displayName };
    return (await this.change("createUser", "CreateUserInput", input, "user { id displayName }")).user;
  }

  /** What a conversation holds by the server's account: `[seq, text]`, oldest first. */
  async messages(conversationId) {
    const query = "query ($id: ID!) { conversation(id: $id) { messages(first: 1000) { nodes { seq text deletedAt } } } }";
    const { conversation } = await this.ask(query, { id: conversationId });
    return conversation.messages.nodes.toReversed().map(({ seq, text, deletedAt }) => [seq, deletedAt ? DELETED : text]);
  }
}

/** What a page shows of a deleted message. */
export const DELETED = "This message was deleted.";

const TALK = [
  "Good morning!",
  "There was a heron at the pond today.",
  "Again? It must like it there.",
  "It looked at me as if I had no business at the pond.",
  "Did you take a picture?",
  "I did. It is mostly reeds.",
  "How was the rehearsal?",
  "Long, and we still have no second violin.",
  "Ask Dora, she has just moved here.",
];

/** A long talk, in batches as an import would send it. */
export async function talk(api, [one, other], count) {
  const messages = Array.from({ length: count }, (_, index) => {
    const [sender, recipient] = index % 3 === 2 ? [other, one] : [one, other];
    const text = index === 6 ? "Remember the xylophone." : TALK[index % TALK.length];
    return { senderId: sender.id, recipientId: recipient.id, text };
  });
  for (let from = 0; from < count; from += 100) {
    await api.change("sendMessages", "SendMessagesInput", { messages: messages.slice(from, from + 100) }, "results { message { id } }");
  }
}
