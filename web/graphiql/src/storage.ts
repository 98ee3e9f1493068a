// What GraphiQL keeps: under names of its own, because other projects' GraphiQL on the same localhost port has the same
// keys, and without headers, because the history would write tokens into localStorage, where they stay.
const PREFIX = "messenger:";

export const storage = {
  getItem: (key: string) => localStorage.getItem(PREFIX + key),
  setItem: (key: string, value: string) => localStorage.setItem(PREFIX + key, withoutHeaders(value)),
  removeItem: (key: string) => localStorage.removeItem(PREFIX + key),
  clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  get length() {
    return keys().length;
  },
};

function keys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function withoutHeaders(value: string): string {
  if (!value.includes('"headers"')) return value;
  try {
    return JSON.stringify(JSON.parse(value, (key, part) => (key === "headers" ? null : part)));
  } catch {
    // A query that has the word in it.
    return value;
  }
}
