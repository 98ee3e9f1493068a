import { useReactiveVar } from "@apollo/client/react";
import { useSession } from "../session/SessionContext";

const NAMES = new Intl.ListFormat("en");

export function TypingLine({ conversationId }: { conversationId: string }) {
  const people = useReactiveVar(useSession().typing)[conversationId] ?? [];
  const names = NAMES.format(people.map(({ displayName }) => displayName));
  return (
    <p className="typing-line" aria-live="polite">
      {people.length > 0 && `${names} ${people.length === 1 ? "is" : "are"} typing…`}
    </p>
  );
}
