import { useReactiveVar } from "@apollo/client/react";
import { useSession } from "./SessionContext";

/** Says politely when what happens is not told live. */
export function Connection() {
  const connection = useReactiveVar(useSession().connection);
  return (
    <p className="connection" role="status">
      {connection === "cut off" && "Reconnecting…"}
    </p>
  );
}
