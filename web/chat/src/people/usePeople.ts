import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../generated";
import type { UserFieldsFragment } from "../generated/graphql";
import { useSettled } from "../ui/useSettled";

const USERS = graphql(`
  query Users($after: String) {
    users(first: 100, after: $after) {
      nodes { ...UserFields }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const BY_NAME = graphql(`
  query UserByName($username: String!) {
    user(username: $username) { ...UserFields }
  }
`);

const USERNAME = /^[a-z0-9_.-]{1,32}$/i;

/** People by a part of their name among those that were read, and by their whole username among all. */
export function usePeople() {
  const [filter, setFilter] = useState("");
  const username = useSettled(filter.trim());
  const { data, error, refetch, fetchMore } = useQuery(USERS, { fetchPolicy: "cache-and-network" });
  const exact = useQuery(BY_NAME, { variables: { username }, skip: !USERNAME.test(username) });
  const listed = data?.users.nodes.filter((user) => isNamed(user, filter)) ?? [];
  const named = filter.trim() ? exact.data?.user : null;
  const isListed = listed.some(({ id }) => id === named?.id);
  const { hasNextPage, endCursor } = data?.users.pageInfo ?? {};
  return {
    filter,
    setFilter,
    error,
    refetch,
    people: named && !isListed ? [named, ...listed] : listed,
    isRead: data !== undefined,
    readMore: hasNextPage ? () => fetchMore({ variables: { after: endCursor ?? null } }) : null,
  };
}

function isNamed({ displayName, username }: UserFieldsFragment, part: string): boolean {
  return `${displayName} ${username}`.toLowerCase().includes(part.trim().toLowerCase());
}
