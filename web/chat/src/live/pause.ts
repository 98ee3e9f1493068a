const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Waits before connecting again: longer with each attempt, so that a server that starts is not run over, by chance a
 * little more or less, so that not all come at once, and not a moment longer when the browser is online again.
 */
export function pause(attempt: number): Promise<void> {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return new Promise((resolve) => {
    const goOn = () => {
      clearTimeout(timer);
      removeEventListener("online", goOn);
      resolve();
    };
    const timer = setTimeout(goOn, longest * (0.5 + Math.random() / 2));
    addEventListener("online", goOn);
  });
}
