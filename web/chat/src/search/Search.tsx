import { useId } from "react";
import { useSession } from "../session/SessionContext";
import { useSettled } from "../ui/useSettled";
import { Results } from "./Results";

interface Sought {
  words: string;
  onWords: (words: string) => void;
}

/** Looks for words in all conversations. What it finds stands where the inbox stood. */
export function Search({ words, onWords }: Sought) {
  const { limits } = useSession();
  const id = useId();
  const sought = useSettled(words.trim());
  return (
    <search className="search">
      <label htmlFor={id} className="visually-hidden">Search messages</label>
      <input
        id={id}
        type="search"
        className="field"
        placeholder="Search messages"
        maxLength={limits.searchTextLength}
        value={words}
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onWords("")}
      />
      {sought && words.trim() && <Results words={sought} />}
    </search>
  );
}
