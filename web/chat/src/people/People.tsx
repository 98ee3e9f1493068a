import type { UserFieldsFragment } from "../generated/graphql";
import { Avatar } from "../ui/Avatar";
import { More } from "../ui/More";
import { Trouble } from "../ui/Trouble";
import { usePeople } from "./usePeople";

interface Offered {
  onPick: (user: UserFieldsFragment) => void;
  /** The ids of those who are picked, where one may pick several. */
  picked?: ReadonlySet<string>;
  /** The ids of those who are not offered. */
  without?: ReadonlySet<string>;
}

/** A list to pick people from. */
export function People({ onPick, picked, without }: Offered) {
  const { filter, setFilter, people, isRead, readMore, error, refetch } = usePeople();
  const offered = people.filter(({ id }) => !without?.has(id));
  if (error && !isRead) return <Trouble error={error} onRetry={() => refetch()} />;
  return (
    <div className="people">
      <input
        type="search"
        className="field"
        aria-label="Find people"
        placeholder="Find people by name"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      <ul>
        {offered.map((user) => (
          <li key={user.id}>
            <button type="button" aria-pressed={picked?.has(user.id)} onClick={() => onPick(user)}>
              <Avatar id={user.id} name={user.displayName} />
              <span className="name">{user.displayName}</span>
              <span className="username">@{user.username}</span>
            </button>
          </li>
        ))}
      </ul>
      {isRead && offered.length === 0 && <p className="empty">Nobody here{filter && " of this name"}.</p>}
      {readMore && <More of="people" onMore={readMore} />}
    </div>
  );
}
