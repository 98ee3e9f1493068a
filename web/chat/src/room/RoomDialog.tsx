import { useQuery } from "@apollo/client/react";
import { graphql } from "../generated";
import { People } from "../people/People";
import { useSession } from "../session/SessionContext";
import { Dialog } from "../ui/Dialog";
import { More } from "../ui/More";
import { Trouble } from "../ui/Trouble";
import { goTo, toInbox } from "../ui/place";
import { Members } from "./Members";
import { RenameRoom } from "./RenameRoom";
import { useInvite, useLeave } from "./changes";

const MEMBERS = graphql(`
  query Members($id: ID!, $after: String) {
    chatroom(id: $id) {
      id
      memberCount
      members(first: 100, after: $after) {
        edges { role node { ...UserFields presence { status text } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

interface Room {
  chatroomId: string;
  name: string;
  onClose: () => void;
}

/** Who is in a room, and what a member may do there; the owner renames it and removes people as well. */
export function RoomDialog({ chatroomId, name, onClose }: Room) {
  const { me } = useSession();
  const { data, error, refetch, fetchMore } = useQuery(MEMBERS, { variables: { id: chatroomId } });
  const invite = useInvite(chatroomId);
  const leave = useLeave(chatroomId);
  const members = data?.chatroom?.members.edges ?? [];
  const { hasNextPage, endCursor } = data?.chatroom?.members.pageInfo ?? {};
  const isOwner = members.some(({ role, node }) => role === "OWNER" && node.id === me.id);

  async function leaveAndGo() {
    if (!(await leave())) return;
    onClose();
    goTo(toInbox);
  }

  return (
    <Dialog title={name} onClose={onClose}>
      {error && <Trouble error={error} onRetry={() => refetch()} />}
      {isOwner && <RenameRoom chatroomId={chatroomId} name={name} />}
      <section aria-label="Members">
        <h3>Members</h3>
        <Members chatroomId={chatroomId} members={members} isOwner={isOwner} />
        {hasNextPage && <More of="members" onMore={() => fetchMore({ variables: { after: endCursor ?? null } })} />}
      </section>
      <section aria-label="Invite">
        <h3>Invite</h3>
        <People without={new Set(members.map(({ node }) => node.id))} onPick={(user) => void invite(user.id)} />
      </section>
      <button type="button" className="button danger" onClick={() => void leaveAndGo()}>Leave the room</button>
    </Dialog>
  );
}
