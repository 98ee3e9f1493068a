import type { MembersQuery } from "../generated/graphql";
import { PresenceDot } from "../people/PresenceDot";
import { useSession } from "../session/SessionContext";
import { Avatar } from "../ui/Avatar";
import { useRemove } from "./changes";

type Member = NonNullable<MembersQuery["chatroom"]>["members"]["edges"][number];

export function Members({ chatroomId, members, isOwner }: { chatroomId: string; members: readonly Member[]; isOwner: boolean }) {
  const { me } = useSession();
  const remove = useRemove(chatroomId);
  return (
    <ul className="members">
      {members.map(({ role, node }) => (
        <li key={node.id}>
          <Avatar id={node.id} name={node.displayName} />
          <PresenceDot presence={node.presence} />
          <span className="name">{node.displayName}</span>
          {role === "OWNER" && <span className="username">owner</span>}
          {isOwner && node.id !== me.id && (
            <button type="button" className="button quiet" aria-label={`Remove ${node.displayName}`} onClick={() => void remove(node.id)}>
              Remove
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
