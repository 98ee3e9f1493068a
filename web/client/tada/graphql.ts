import { initGraphQLTada } from "gql.tada";
import type { introspection } from "../generated/tada";

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string };
}>();

export { type FragmentOf, type ResultOf, type VariablesOf, readFragment } from "gql.tada";
