import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { WorkspaceShape } from "../../../src/server/contract/work.ts";
import { toApiError } from "../api/client.ts";
import { workApi } from "../api/work-endpoints.ts";
import { workKeys } from "../api/work-queries.ts";
import { useChanges } from "../changes/changes-provider.tsx";
import type { DialogProps } from "../shell/dialog-props.ts";
import { DialogFrame } from "../shell/dialog.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatNumberOf } from "../ui/time.ts";
import "./work.css";

export type RemoveWorkspaceDialogProps = DialogProps & { readonly workspace: WorkspaceShape };

const shownFiles = 8;

/** Removes a workspace, listing first what would be lost. */
export function RemoveWorkspaceDialog({ workspace, onClose }: RemoveWorkspaceDialogProps) {
  const client = useQueryClient();
  const { say } = useChanges();
  const { dirtyFiles, unpublished, ref, branch, path } = workspace;
  const loses = dirtyFiles.length > 0 || unpublished > 0;
  const remove = useMutation({
    mutationFn: (force: boolean) => workApi.removeWorkspace(workspace.id, force),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: workKeys.workspaces }),
        client.invalidateQueries({ queryKey: workKeys.agents }),
      ]),
  });
  const error = remove.error === null ? null : toApiError(remove.error);
  const mustForce = loses || error?.code === "conflict" || error?.code === "busy";
  return (
    <DialogFrame label={`Remove workspace of ${ref}`} title={`Remove workspace of ${ref}`} onClose={onClose}>
      {(close) => (
        <div className="remove-workspace">
          <p>
            This deletes the folder <code>{path}</code> and the branch <code>{branch}</code> on this machine. Nothing
            changes in the tracker.
          </p>
          {loses && (
            <div className="would-lose" role="note">
              <Icon name="alert" size={14} />
              <div>
                <b>This work exists only here:</b>
                <ul>
                  {dirtyFiles.slice(0, shownFiles).map((file) => (
                    <li key={file}>
                      <code>{file}</code> is uncommitted
                    </li>
                  ))}
                  {dirtyFiles.length > shownFiles && (
                    <li>{formatNumberOf(dirtyFiles.length - shownFiles, "more uncommitted file")}</li>
                  )}
                  {unpublished > 0 && (
                    <li>{formatNumberOf(unpublished, "commit")} not pushed or merged; kept in a git ref</li>
                  )}
                </ul>
              </div>
            </div>
          )}
          {error !== null && <ErrorNote error={error} />}
          <footer>
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className="button"
              data-kind="danger"
              disabled={remove.isPending}
              onClick={() =>
                remove.mutate(mustForce, {
                  onSuccess: ({ kept }) => {
                    say(
                      kept === null
                        ? `Workspace of ${ref} removed`
                        : `Workspace of ${ref} removed. Its commits are kept as ${kept}`,
                    );
                    close();
                  },
                })
              }
            >
              <Icon name="trash" />
              {mustForce ? "Remove anyway" : "Remove"}
            </button>
          </footer>
        </div>
      )}
    </DialogFrame>
  );
}
