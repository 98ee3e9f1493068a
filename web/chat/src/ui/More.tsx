import { useState } from "react";

/** Reads the next page of a list. */
export function More({ of, onMore }: { of: string; onMore: () => Promise<unknown> }) {
  const [state, setState] = useState<"idle" | "reading" | "failed">("idle");

  async function read() {
    setState("reading");
    await onMore().then(() => setState("idle"), () => setState("failed"));
  }

  return (
    <button type="button" className="button quiet" disabled={state === "reading"} onClick={() => void read()}>
      {state === "failed" ? `Try again to read more ${of}` : `More ${of}`}
    </button>
  );
}
