import { explain } from "../api/refusal";

/** Something could not be read: says why, and lets one try again. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <div className="trouble" role="alert">
      <p>{explain(error)}</p>
      <button type="button" className="button" onClick={onRetry}>Try again</button>
    </div>
  );
}
