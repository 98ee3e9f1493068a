import { useEffect, useState } from "react";

const STILL_MS = 250;

/** A value that is typed, once nothing was typed for a moment: not every letter is a request. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), STILL_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
