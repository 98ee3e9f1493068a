import { useReactiveVar } from "@apollo/client/react";
import { useSession } from "./SessionContext";

/** Says politely when what happens is not told live. */
export function Connection() {
  const isLive = useReactiveVar(useSession().isLive);
  return (
    <p className="connection" role="status">
      {!isLive && "Reconnecting…"}
    </p>
  );
}
