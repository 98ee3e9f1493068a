// What `messenger example-setup` makes, by the ids that it always has.
import { Caller } from "./caller";

export const IDS = {
  aaron: "user_01kdvq5a00eaaaaaaaaaaaaaaa",
  betty: "user_01kdvq5a00ebbbbbbbbbbbbbbb",
  carol: "user_01kdvq5a00ecc8cccccccccccc",
  chatroom: "room_01kdvq5a00edd8dddddddddddd",
  welcome: "msg_01kdvdna00fesahzpb6jrvvzhr",
} as const;

export interface People {
  aaron: Caller;
  betty: Caller;
  carol: Caller;
}

export function people(url: string): People {
  return {
    aaron: new Caller(url, "aaron"),
    betty: new Caller(url, "betty"),
    carol: new Caller(url, "carol"),
  };
}

export const tell = (line: string) => console.log(`ok  ${line}`);
