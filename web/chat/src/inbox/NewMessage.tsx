import { People } from "../people/People";
import { Dialog } from "../ui/Dialog";
import { goTo, toPerson } from "../ui/place";

/** Picks whom to write to. The conversation begins with the first message. */
export function NewMessage({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="New message" onClose={onClose}>
      <People
        onPick={(user) => {
          onClose();
          goTo(toPerson(user.id));
        }}
      />
    </Dialog>
  );
}
