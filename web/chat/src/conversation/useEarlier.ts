import { type RefObject, useEffect, useState } from "react";
import { explain } from "../api/refusal";
import { useSession } from "../session/SessionContext";
import { PAGE_SIZE } from "./conversationQuery";

/** How near the top must be before it is reached: a page should be there when one gets there. */
const AHEAD = "800px 0px 0px";

interface Scrolled {
  /** What stands above the oldest message. */
  top: RefObject<HTMLElement | null>;
  box: RefObject<HTMLElement | null>;
  hasEarlier: boolean;
  count: number;
  onEarlier: (count: number) => Promise<unknown>;
}

/** Reads earlier messages when the top comes near, until it does not any more. */
export function useEarlier({ top, box, hasEarlier, count, onEarlier }: Scrolled) {
  const { notice } = useSession();
  const [state, setState] = useState<"idle" | "reading" | "failed">("idle");

  async function readEarlier(howMany: number) {
    if (state === "reading") return;
    setState("reading");
    try {
      await onEarlier(howMany);
      setState("idle");
    } catch (error) {
      notice(explain(error));
      setState("failed"); // not again by itself, or it would fail as fast as it can; there is a button
    }
  }

  useEffect(() => {
    if (!hasEarlier || state !== "idle") return;
    const near = ([entry]: IntersectionObserverEntry[]) => entry?.isIntersecting && void readEarlier(PAGE_SIZE);
    const observer = new IntersectionObserver(near, { root: box.current, rootMargin: AHEAD });
    observer.observe(top.current!);
    return () => observer.disconnect();
  }, [hasEarlier, state, count]);

  return { isReading: state === "reading", readEarlier };
}
