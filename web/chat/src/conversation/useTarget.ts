import { type RefObject, useEffect, useRef } from "react";

/** Larger pages than scrolling reads: what is searched for may be far up. */
const JUMP_SIZE = 150;

interface Aimed {
  /** The `seq` of the message to show. */
  target: number | null;
  box: RefObject<HTMLElement | null>;
  count: number;
  isReading: boolean;
  readEarlier: (howMany: number) => Promise<void>;
}

/**
 * Reads up to a message and shows it. The list stays without holes, so that one can scroll on from there in both
 * directions.
 */
export function useTarget({ target, box, count, isReading, readEarlier }: Aimed): void {
  const shown = useRef<number | null>(null);
  const readAt = useRef(0);
  useEffect(() => {
    if (target === null || target === shown.current || isReading) return;
    const message = box.current?.querySelector<HTMLElement>(`[data-seq="${target}"]`);
    if (message) {
      shown.current = target;
      message.scrollIntoView({ block: "center" });
      message.focus({ preventScroll: true });
    } else if (readAt.current !== count) {
      readAt.current = count; // once for each length of the list: what fails, or leads no further, is not repeated
      void readEarlier(JUMP_SIZE);
    }
  }, [target, count, isReading]);
}
