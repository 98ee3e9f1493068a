// Draws valid documents from a schema.
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from "graphql";

const TEXTS = ['"x"', '""', '"– 👍"', '"\\u0041\\n"', '"\\u{1F600}"', '"\\uD83D\\uDE00"', '"""block"""', '"""\n  a \\"""\n    b\n  """'];

export class Draw {
  constructor(schema, random) {
    this.schema = schema;
    this.random = random;
  }

  /** A document, valid unless two of its fields happen not to merge. */
  document() {
    this.fields = 0;
    this.fragments = [];
    const count = this.random.chance(0.15) ? 2 : 1;
    const operations = Array.from({ length: count }, (_, index) => this.operation(count > 1 ? `Op${index}` : null));
    const parts = [...operations, ...this.fragments.map(({ text }) => text)];
    if (this.random.chance(0.3)) parts.reverse();
    return parts.join("\n");
  }

  operation(name) {
    const kind = this.random.pick(["query", "query", "query", "mutation", "subscription"]);
    this.variables = new Map();
    // A fragment belongs to one operation, whose variables it may use.
    const before = this.fragments.length;
    this.usable = () => this.fragments.slice(before);
    const type = { query: this.schema.getQueryType(), mutation: this.schema.getMutationType(), subscription: this.schema.getSubscriptionType() }[kind];
    const selection = kind === "subscription" ? this.root(type) : this.selection(type, 0);
    const described = this.random.chance(0.1) ? '"What it is." ' : "";
    const variables = [...this.variables].map(([variable, text]) => `$${variable}: ${text}`);
    if (kind === "query" && name === null && variables.length === 0 && described === "" && this.random.chance(0.5)) return selection;
    const called = name ?? (this.random.chance(0.4) ? "Named" : "");
    return `${described}${kind} ${called}${variables.length ? `(${variables.join(this.random.pick([", ", " "]))})` : ""} ${selection}`;
  }

  /** A subscription has one field, which may stand in a fragment. */
  root(type) {
    const field = this.field(type, type.getFields().events, 0);
    if (this.random.chance(0.3)) return `{ ...${this.fragment(type, `{ ${field} }`)} }`;
    return this.random.chance(0.2) ? `{ ... { ${field} } }` : `{ ${field} }`;
  }

  selection(type, depth) {
    const parts = [];
    const count = 1 + this.random.below(depth === 0 ? 3 : 4);
    for (let index = 0; index < count; index += 1) parts.push(this.part(type, depth));
    return `{ ${parts.join(this.random.pick([" ", ", ", "\n  "]))} }`;
  }

  part(type, depth) {
    const choice = this.random.next();
    if (choice < 0.12 || isUnionType(type)) return this.random.chance(0.3) ? `__typename${this.directives()}` : this.inline(type, depth);
    if (choice < 0.25) return this.inline(type, depth);
    if (choice < 0.35) return `...${this.spread(type, depth)}${this.directives()}`;
    const fields = Object.values(type.getFields()).filter((field) => depth < 5 || !isCompositeType(getNamedType(field.type)));
    return fields.length === 0 || this.fields > 60 ? "__typename" : this.field(type, this.random.pick(fields), depth);
  }

  field(type, field, depth) {
    this.fields += 1;
    const given = field.args.filter((argument) => isRequiredArgument(argument) || this.random.chance(0.4));
    const texts = given.map((argument) => `${argument.name}: ${this.argument(argument)}`);
    const named = getNamedType(field.type);
    const below = isCompositeType(named) ? ` ${depth >= 5 ? "{ __typename }" : this.selection(named, depth + 1)}` : "";
    const alias = this.random.chance(0.15) ? `a${this.random.below(1000)}: ` : "";
    const directives = type === this.schema.getSubscriptionType() ? "" : this.directives();
    return `${alias}${field.name}${texts.length ? `(${texts.join(", ")})` : ""}${directives}${below}`;
  }

  inline(type, depth) {
    const condition = this.random.chance(0.25) && !isUnionType(type) ? type : this.random.pick(this.overlapping(type));
    const on = condition === type && this.random.chance(0.5) ? "" : ` on ${condition.name}`;
    return `...${on}${this.directives()} ${depth >= 5 ? "{ __typename }" : this.selection(condition, depth + 1)}`;
  }

  spread(type, depth) {
    const overlapping = this.overlapping(type);
    const usable = this.usable().filter(({ condition }) => overlapping.includes(condition));
    if (usable.length > 0 && this.random.chance(0.4)) return this.random.pick(usable).name;
    const condition = this.random.pick(overlapping);
    return this.fragment(condition, depth >= 5 ? "{ __typename }" : this.selection(condition, depth + 1));
  }

  fragment(condition, selection) {
    const name = `F${this.fragments.length}`;
    const described = this.random.chance(0.1) ? '"""What it is.""" ' : "";
    this.fragments.push({ name, condition, text: `${described}fragment ${name} on ${condition.name} ${selection}` });
    return name;
  }

  /** The types of which a value of a type may be. */
  overlapping(type) {
    if (isObjectType(type)) {
      const abstract = Object.values(this.schema.getTypeMap()).filter((other) => isAbstractType(other) && this.schema.isSubType(other, type));
      return [type, ...type.getInterfaces(), ...abstract];
    }
    const possible = this.schema.getPossibleTypes(type);
    return isInterfaceType(type) ? [type, ...possible] : [...possible];
  }

  directives() {
    const texts = [];
    if (this.random.chance(0.06)) texts.push(`@skip(if: ${this.value(this.boolean())})`);
    if (this.random.chance(0.06)) texts.push(`@include(if: ${this.value(this.boolean())})`);
    return texts.map((text) => ` ${text}`).join("");
  }

  boolean() {
    return this.schema.getDirective("skip").args[0].type;
  }

  argument(argument) {
    return this.value(argument.type, argument.defaultValue !== undefined);
  }

  value(type, hasDefault = false, mayVary = true) {
    if (mayVary && this.random.chance(0.25)) return `$${this.variable(type, hasDefault)}`;
    if (isNonNullType(type)) return this.literal(type.ofType, mayVary);
    return this.random.chance(0.08) ? "null" : this.literal(type, mayVary);
  }

  literal(type, mayVary) {
    if (isListType(type)) {
      if (this.random.chance(0.15) && !isListType(type.ofType)) return this.value(type.ofType, false, mayVary && isNonNullType(type.ofType));
      const count = this.random.below(3);
      return `[${Array.from({ length: count }, () => this.value(type.ofType, false, mayVary)).join(", ")}]`;
    }
    if (isEnumType(type)) return this.random.pick(type.getValues()).name;
    if (isInputObjectType(type)) return this.object(type, mayVary);
    switch (type.name) {
      case "Int":
        return this.random.pick(["0", "1", "-5", "100", "2147483647", "-2147483648"]);
      case "Float":
        return this.random.pick(["1", "1.5", "-2e3", "0.0"]);
      case "Boolean":
        return this.random.pick(["true", "false"]);
      case "ID":
        return this.random.pick([...TEXTS, "7", "99999999999999999999"]);
      default:
        return this.random.pick(TEXTS);
    }
  }

  object(type, mayVary) {
    const fields = Object.values(type.getFields());
    if (type.isOneOf) {
      const field = this.random.pick(fields);
      return `{${field.name}: ${this.literal(field.type, mayVary)}}`;
    }
    const given = fields.filter((field) => isRequiredInputField(field) || this.random.chance(0.4));
    return `{${given.map((field) => `${field.name}: ${this.value(field.type, field.defaultValue !== undefined, mayVary)}`).join(", ")}}`;
  }

  /** Declares a variable that may stand where a type is wanted. */
  variable(type, hasDefault) {
    const name = `v${this.variables.size}`;
    const nullable = isNonNullType(type) ? type.ofType : type;
    const choice = this.random.next();
    const described = this.random.chance(0.05) ? '"What it is." ' : "";
    if (choice < 0.3) {
      // Reserved first: a default holds no variables, so none is declared meanwhile.
      this.variables.set(name, `${nullable} = ${this.literal(nullable, false)}`);
    } else if (choice < 0.5 && (hasDefault || !isNonNullType(type))) {
      this.variables.set(name, `${nullable}`);
    } else {
      this.variables.set(name, `${nullable}!`);
    }
    if (described) this.variables.set(`${name}`, this.variables.get(name));
    return name;
  }
}
