import type { MessageFieldsFragment } from "../generated/graphql";
import { Dialog } from "../ui/Dialog";
import { useDeleteMessage } from "./changes";

export function DeleteDialog({ message, onClose }: { message: MessageFieldsFragment; onClose: () => void }) {
  const deleteMessage = useDeleteMessage();
  return (
    <Dialog title="Delete this message?" onClose={onClose}>
      <p className="deleted-text">{message.text}</p>
      <p>Its text goes for everybody, and for good. Its place stays.</p>
      <div className="choices">
        <button type="button" className="button" onClick={onClose}>Keep it</button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            onClose();
            void deleteMessage(message.id);
          }}
        >
          Delete
        </button>
      </div>
    </Dialog>
  );
}
