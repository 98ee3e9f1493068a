import type { FormEvent } from "react";
import { useSession } from "../session/SessionContext";
import { useRename } from "./changes";

export function RenameRoom({ chatroomId, name }: { chatroomId: string; name: string }) {
  const { limits } = useSession();
  const rename = useRename(chatroomId);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void rename(String(new FormData(event.currentTarget).get("name")));
  }

  return (
    <form className="form in-line" onSubmit={submit}>
      <label>
        Name of the room
        <input name="name" className="field" required defaultValue={name} maxLength={limits.chatroomNameLength} autoComplete="off" />
      </label>
      <button className="button">Rename</button>
    </form>
  );
}
