import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ViewPatch, ViewShape } from "../../../../src/server/contract/project.ts";
import { toApiError } from "../../api/client.ts";
import { api } from "../../api/endpoints.ts";
import { queryKeys } from "../../api/queries.ts";
import { useNoticeStore } from "../../changes/changes-provider.tsx";
import { movedBy } from "./moved-by.ts";

/** What can be done with a saved view besides opening and renaming it. Each offers undo, except `move`, whose opposite is as near. */
export type ViewActions = {
  /** Makes the view show `query` from now on. */
  readonly update: (view: ViewShape, query: string) => void;
  /** Moves the view one place up or down; at once on the screen. */
  readonly move: (view: ViewShape, step: 1 | -1) => void;
  readonly remove: (view: ViewShape) => void;
};

type Change = { readonly view: ViewShape; readonly patch: ViewPatch };
type Move = { readonly view: ViewShape; readonly step: 1 | -1; readonly position: number };

/** Options of every change of a view, so that they are sent in the order in which they were made. */
export const inOrder = { mutationKey: queryKeys.views, scope: { id: "views" } };

/** Reads the views again, unless another change of them is still on its way: its answer is newer than what would be read now. */
export async function readViewsAgain(client: QueryClient): Promise<void> {
  if (client.isMutating({ mutationKey: queryKeys.views }) > 1) return;
  await client.invalidateQueries({ queryKey: queryKeys.views });
}

export function useViewActions(): ViewActions {
  const client = useQueryClient();
  const notices = useNoticeStore();
  const onSettled = () => readViewsAgain(client);
  const fail = (what: string, { name }: ViewShape) => {
    const message = `Couldn’t ${what} view “${name}”`;
    return (error: unknown) => notices.fail(message, toApiError(error));
  };

  const bringBack = useMutation({
    ...inOrder,
    mutationFn: ({ name, query, position }: ViewShape) => api.addView({ name, query, position }),
    onError: (error, view) => fail("restore", view)(error),
    onSettled,
  });
  const remove = useMutation({
    ...inOrder,
    mutationFn: ({ id }: ViewShape) => api.removeView(id),
    onSuccess: (_, view) => notices.say(`View “${view.name}” deleted`, () => bringBack.mutate(view)),
    onError: (error, view) => fail("delete", view)(error),
    onSettled,
  });
  const update = useMutation({
    ...inOrder,
    mutationFn: ({ view, patch }: Change) => api.changeView(view.id, patch),
    onError: (error, { view }) => fail("update", view)(error),
    onSettled,
  });
  /** Shows the views after one of them moved; null if it cannot move further. */
  const show = (id: string, step: 1 | -1) => {
    const moved = movedBy(client.getQueryData<readonly ViewShape[]>(queryKeys.views) ?? [], id, step);
    if (moved !== null) client.setQueryData(queryKeys.views, moved.views);
    return moved;
  };
  const move = useMutation({
    ...inOrder,
    mutationFn: ({ view, position }: Move) => api.changeView(view.id, { position }),
    onError: (error, { view, step }) => {
      fail("move", view)(error);
      show(view.id, step === 1 ? -1 : 1);
    },
    onSettled,
  });

  return {
    remove: remove.mutate,
    update: (view, query) =>
      update.mutate(
        { view, patch: { query } },
        {
          onSuccess: () =>
            notices.say(`View “${view.name}” updated`, () => update.mutate({ view, patch: { query: view.query } })),
        },
      ),
    move: (view, step) => {
      const moved = show(view.id, step);
      if (moved === null) return;
      // An answer from before the move would put the view back for a moment.
      client.cancelQueries({ queryKey: queryKeys.views }).catch(() => undefined);
      move.mutate({ view, step, position: moved.position });
    },
  };
}
