// Spoils a document in one place.
import { Kind, parse, print, visit } from "graphql";

const NAMES = ["nobody", "id", "nodes", "users", "first", "input", "text", "User", "Message", "Query", "Node", "F0", "v0", "on", "__schema", "__typename"];
const VALUES = ["1", "-0", "1.5", "1e400", "2147483648", '"x"', "true", "null", "AWAY", "[]", "[1, null]", "{}", '{last: 1}', "{last: 1, last: 2}", "{days: null}", "$v0", "$nobody", "[[1]]"];
const DIRECTIVES = ["@nobody", "@skip", "@skip(if: true)", "@include(if: null)", "@include(if: $v0)", "@skip(if: true, if: true)", "@deprecated", "@oneOf", "@skip(unless: true)", "@specifiedBy(url: \"x\")"];
const TYPES = ["Int", "Int!", "String", "ID", "ID!", "[ID!]!", "[ID]", "Boolean!", "Boolean", "User", "Nobody", "RecentWindow", "PresenceStatus", "SendMessageInput!", "__TypeKind"];
const PIECES = ["{", "}", "(", ")", "[", "]", "$", "!", "@", "...", ":", "=", "|", "&", ",", "#", '"', '"""', "\\", "\\u{1F600}", "\\u{D800}", "\\uD83D", "\\u00", "\\q", "\n", "\r", "\t", "\u0000", "\ufeff", "é", "👍", "0", "1", ".", "-", "e", "on", "fragment", "query", "mutation", "subscription", "type X { a: Int }", "extend", "schema { query: Query }", "{ __typename }", "fragment F0 on Query { __typename }"];

/** The document with one thing changed; what comes of it may be valid all the same. */
export function spoil(document, random) {
  return random.chance(0.3) ? inText(document, random) : inTree(document, random);
}

/** A piece more, a piece less, or another one. */
function inText(document, random) {
  const at = random.below(document.length + 1);
  const until = random.chance(0.5) ? at : Math.min(document.length, at + 1 + random.below(6));
  return document.slice(0, at) + (random.chance(0.75) ? random.pick(PIECES) : "") + document.slice(until);
}

function inTree(document, random) {
  const tree = parse(document, { noLocation: true });
  const places = [];
  visit(tree, { enter: (node, key, parent, path) => void places.push({ node, path: [...path] }) });
  // Not every place can be spoiled in every way.
  for (let tries = 0; tries < 40; tries += 1) {
    const place = random.pick(places);
    const changes = CHANGES[place.node.kind];
    if (!changes) continue;
    const copy = structuredClone(tree);
    const node = place.path.reduce((node, key) => node[key], copy);
    const parent = place.path.slice(0, -1).reduce((node, key) => node[key], copy);
    random.pick(changes)(node, random, parent, copy);
    return print(copy);
  }
  return document;
}

const name = (value) => ({ kind: Kind.NAME, value });
const value = (text) => parse(`{ a(b: ${text}) }`, { noLocation: true }).definitions[0].selectionSet.selections[0].arguments[0].value;
const directive = (text) => parse(`{ a ${text} }`, { noLocation: true }).definitions[0].selectionSet.selections[0].directives[0];
const selection = (text) => parse(`{ ${text} }`, { noLocation: true }).definitions[0].selectionSet;
const type = (text) => parse(`query ($a: ${text}) { a }`, { noLocation: true }).definitions[0].variableDefinitions[0].type;
const definition = (text) => parse(text, { noLocation: true }).definitions[0];

/** Puts a copy of a node beside it. */
function twice(node, random, parent) {
  if (Array.isArray(parent)) parent.push(structuredClone(node));
}

/** Takes a node out of its list, unless it is the last one. */
function gone(node, random, parent) {
  if (Array.isArray(parent) && parent.length > 1) parent.splice(parent.indexOf(node), 1);
}

function directed(node, random) {
  node.directives = [...(node.directives ?? []), directive(random.pick(DIRECTIVES))];
}

function revalued(node, random) {
  const other = value(random.pick(VALUES));
  Object.keys(node).forEach((key) => delete node[key]);
  Object.assign(node, other);
}

function renamed(node, random) {
  node.name = name(random.pick(NAMES));
}

const CHANGES = {
  [Kind.DOCUMENT]: [
    (node, random) => node.definitions.push(definition(random.pick(["{ __typename }", "query Named { __typename }", "query Op0 { __typename }", "fragment F0 on User { id }", "fragment Unused on User { id }", "mutation { nobody }", "scalar X"]))),
    (node, random) => node.definitions.length > 1 && node.definitions.splice(random.below(node.definitions.length), 1),
  ],
  [Kind.OPERATION_DEFINITION]: [
    (node, random) => (node.operation = random.pick(["query", "mutation", "subscription"])),
    (node, random) => node.variableDefinitions?.push(definition(`query ($${random.pick(["v0", "v9"])}: ${random.pick(TYPES)}) { a }`).variableDefinitions[0]),
    directed,
    twice,
  ],
  [Kind.FRAGMENT_DEFINITION]: [
    renamed,
    directed,
    twice,
    gone,
    (node) => node.selectionSet.selections.push(selection(`...${node.name.value}`).selections[0]),
  ],
  [Kind.VARIABLE_DEFINITION]: [
    twice,
    gone,
    directed,
    (node, random) => (node.type = type(random.pick(TYPES))),
    (node, random) => (node.defaultValue = value(random.pick(VALUES.filter((text) => !text.includes("$"))))),
    (node) => delete node.defaultValue,
    (node, random) => (node.variable.name = name(random.pick(NAMES))),
  ],
  [Kind.FIELD]: [
    renamed,
    directed,
    twice,
    (node, random) => (node.alias = name(random.pick(["id", "text", "nodes", "a", "__x"]))),
    (node, random) => (node.selectionSet = node.selectionSet ? undefined : selection(random.pick(["id", "__typename", "nobody"]))),
    (node, random) => node.arguments?.push(definition(`{ a(${random.pick(["nobody", "first", "input", "id", "userId"])}: ${random.pick(VALUES)}) }`).selectionSet.selections[0].arguments[0]),
    (node) => node.arguments && (node.arguments = node.arguments.slice(1)),
    // The same name with something else beside it.
    (node, random, parent) => {
      const other = structuredClone(node);
      other.alias ??= other.name;
      if (random.chance(0.5)) other.name = name(random.pick(NAMES));
      else if (other.arguments?.length) other.arguments[0].value = value(random.pick(VALUES));
      if (Array.isArray(parent)) parent.push(random.chance(0.5) ? other : { kind: Kind.INLINE_FRAGMENT, selectionSet: { kind: Kind.SELECTION_SET, selections: [other] } });
    },
  ],
  [Kind.ARGUMENT]: [renamed, twice, gone, (node, random) => (node.value = value(random.pick(VALUES)))],
  [Kind.OBJECT_FIELD]: [renamed, twice, gone, (node, random) => (node.value = value(random.pick(VALUES)))],
  [Kind.INLINE_FRAGMENT]: [
    directed,
    (node, random) => (node.typeCondition = { kind: Kind.NAMED_TYPE, name: name(random.pick(["User", "Message", "Node", "Event", "Query", "Nobody", "ErrorCode", "CreateUserInput"])) }),
    (node) => delete node.typeCondition,
  ],
  [Kind.FRAGMENT_SPREAD]: [renamed, directed, twice],
  [Kind.SELECTION_SET]: [
    (node, random) => node.selections.push(selection(random.pick(["id", "nobody", "__typename", "__schema { __typename }", "...F0", "...Nobody", "... on User { id }", "a: id a: __typename", "__type(name: \"User\") { fields { args(includeDeprecated: true) { name } } }"])).selections[0]),
    (node, random) => node.selections.length > 1 && node.selections.splice(random.below(node.selections.length), 1),
  ],
  [Kind.DIRECTIVE]: [renamed, twice, (node) => (node.arguments = [])],
  [Kind.VARIABLE]: [renamed],
  [Kind.NAMED_TYPE]: [renamed],
  [Kind.INT]: [revalued],
  [Kind.STRING]: [revalued],
  [Kind.ENUM]: [revalued],
  [Kind.BOOLEAN]: [revalued],
  [Kind.LIST]: [revalued],
  [Kind.OBJECT]: [revalued],
  [Kind.NULL]: [revalued],
};
