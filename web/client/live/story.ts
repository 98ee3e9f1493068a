// The typed operations are run against a server with the example, and each answer is compared with its type.
// Usage: tsx live/story.ts URL URL_OF_ANOTHER URL_OF_TRUSTING
import assert from "node:assert/strict";
import { changeEverything } from "./changing";
import { everyOperationWasAsked, everyRootFieldIsUsed } from "./coverage";
import { doubt } from "./doubting";
import { people } from "./example";
import { hearEverything, hearReset, placeOf } from "./following";
import { read } from "./reading";
import { hearRefusals } from "./refusals";
import { askByIdOnly } from "./trusting";

const [url, another, trusting] = process.argv.slice(2);
assert.ok(url && another && trusting, "usage: tsx live/story.ts URL URL_OF_ANOTHER URL_OF_TRUSTING");

everyRootFieldIsUsed();
const here = people(url);
const place = await placeOf(here);
await doubt(here);
await read(here);
await changeEverything(here);
await hearRefusals(here);
await hearEverything(here, place);
await hearReset(people(another), await placeOf(here));
await askByIdOnly(people(trusting));
everyOperationWasAsked();
process.exit(0);
