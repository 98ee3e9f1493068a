import { explain } from "../api/refusal";

interface Told {
  error: unknown;
  onRetry: () => Promise<unknown>;
}

/** Something could not be read: says why, and lets one try again. */
export function Trouble({ error, onRetry }: Told) {
  // What fails again is told by the next `error`.
  const retry = () => void onRetry().catch(() => {});
  return (
    <div className="trouble" role="alert">
      <p>{explain(error)}</p>
      <button type="button" className="button" onClick={retry}>Try again</button>
    </div>
  );
}
