import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import type { TrackerShape, ValidationShape } from "../../../src/server/contract/tracker.ts";
import { api, type CredentialChanges } from "../api/endpoints.ts";

export type TestResult = { readonly result: ValidationShape; readonly tookMs: number };

export type ConnectionTest = UseMutationResult<TestResult, Error, CredentialChanges>;

/** Tests a connection's stored credentials with a form's changes applied. */
export function useConnectionTest(tracker: Pick<TrackerShape, "id" | "connection">): ConnectionTest {
  return useMutation({
    mutationFn: async (changes: CredentialChanges) => {
      const started = performance.now();
      const result = await api.validate(tracker.id, tracker.connection, changes);
      return { result, tookMs: Math.round(performance.now() - started) };
    },
  });
}
