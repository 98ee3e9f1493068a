import { CriticalityLevel, type Change, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

/** A breaking change that is meant, in the words of graphql-inspector. */
export interface Declared {
  change: string;
  reason?: string;
}

export interface Verdict {
  /** Why the schema is refused; empty when it is not. */
  refusals: string[];
  /** What breaks clients, and is declared. */
  declared: Declared[];
  /** What may surprise a client that does not expect it, such as a new value of an enum. */
  dangerous: string[];
}

/** Whether clients that were built on the released schema may be given this one. */
export async function judge(released: string, current: string, declarations: readonly Declared[]): Promise<Verdict> {
  const changes = await diff(buildSchema(released), buildSchema(current));
  const breaking = messagesOf(changes, CriticalityLevel.Breaking);
  const reasons = new Map(declarations.map(({ change, reason = "" }) => [change, reason.trim()]));
  return {
    refusals: [
      ...breaking
        .filter((change) => !reasons.has(change))
        .map((change) => `breaks clients, and is not declared: ${change}`),
      ...[...reasons.keys()]
        .filter((change) => !breaking.includes(change))
        .map((change) => `is declared, and does not happen: ${change}`),
      ...[...reasons]
        .filter(([, reason]) => reason === "")
        .map(([change]) => `is declared without a reason: ${change}`),
    ],
    declared: declarations.filter(({ change }) => breaking.includes(change)),
    dangerous: messagesOf(changes, CriticalityLevel.Dangerous),
  };
}

function messagesOf(changes: Change[], level: CriticalityLevel): string[] {
  return changes.filter(({ criticality }) => criticality.level === level).map(({ message }) => message);
}
