// Must be the first style import: the first sheet defines the order of the layers.
import "./styles/base.css";
import "./styles/icon.css";
import "./styles/motion.css";
import "./styles/button.css";
import "./styles/check.css";
import "./styles/chip.css";
import "./styles/avatar.css";
import "./styles/menu.css";
import "./styles/dialog.css";
import "./styles/notice.css";
import "./styles/toast.css";
import "./styles/shell.css";
import "./styles/sidebar.css";
import "./styles/tab-bar.css";
import "./styles/bar.css";
import "./styles/filter.css";
import "./styles/board.css";
import "./styles/card.css";
import "./styles/card-changes.css";
import "./styles/forced-colors.css";
import "./styles/print.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { TrackersShape } from "../../src/server/contract/tracker.ts";
import { afterPaint } from "./api/after-paint.ts";
import { takeFirstAnswer, untilFirstAnswers } from "./api/first-reads.ts";
import { createQueryClient, trackersQuery } from "./api/queries.ts";
import { App } from "./app.tsx";
import { seedBoard } from "./board/data/board-query-cache.ts";
import { ChangesProvider } from "./changes/changes-provider.tsx";
import { LocalChanges } from "./changes/local-changes.tsx";
import { LiveProvider } from "./live/live-provider.tsx";

/** How long the first render waits for its data. After that, show the placeholders. */
const answerWaitMs = 200;

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
const client = createQueryClient();
await untilFirstAnswers(answerWaitMs);
const trackers = takeFirstAnswer("/api/trackers");
if (trackers !== undefined) client.setQueryData(trackersQuery.queryKey, trackers.content as TrackersShape);
const seeded = seedBoard(client, location.search);
// Hold other requests until the first render is painted.
if (seeded) afterPaint(() => undefined);
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LocalChanges>
        <LiveProvider>
          <ChangesProvider>
            <App />
          </ChangesProvider>
        </LiveProvider>
      </LocalChanges>
    </QueryClientProvider>
  </StrictMode>,
);
