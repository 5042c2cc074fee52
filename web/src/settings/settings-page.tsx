import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import { toApiError } from "../api/client.ts";
import { trackersQuery } from "../api/queries.ts";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { SearchButton } from "../shell/search-button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { ProblemList } from "../ui/problem-list.tsx";
import { useTitle } from "../ui/use-title.ts";
import { AgentsTab } from "./agents-tab.tsx";
import { AppearanceTab } from "./appearance-tab.tsx";
import { ProjectPage } from "./project-page.tsx";
import { ProjectsTab } from "./projects-tab.tsx";
import { TabSkeleton } from "./tab-skeleton.tsx";
import { TrackersTab } from "./trackers-tab.tsx";
import "./settings.css";
import "./project-settings.css";
import { decodePercent } from "../../../src/domain/decode-percent.ts";

type TabEntry = {
  readonly id: string;
  readonly label: string;
  /** `below`: the path segment after the tab, such as a project's id. */
  readonly content: (trackers: readonly TrackerShape[], below: string | null) => ReactNode;
};

const tabs: readonly TabEntry[] = [
  { id: "trackers", label: "Trackers", content: (trackers) => <TrackersTab trackers={trackers} /> },
  {
    id: "projects",
    label: "Projects",
    content: (trackers, project) =>
      project === null ? <ProjectsTab trackers={trackers} /> : <ProjectPage id={project} trackers={trackers} />,
  },
  { id: "agents", label: "Agents", content: () => <AgentsTab /> },
  { id: "appearance", label: "Appearance", content: () => <AppearanceTab /> },
];

/** `/settings` is the first tab, `/settings/projects/myapp` a project. */
export function SettingsPage() {
  const [path, navigate] = useLocation();
  const [, , section, below] = path.split("/");
  const tab = tabs.find(({ id }) => id === section)?.id ?? "trackers";
  useTitle("Settings");
  const trackers = useQuery(trackersQuery);
  const problems = trackers.data?.problems ?? [];
  return (
    <>
      <ConnectionNotice />
      <header className="bar">
        <h1 className="bar-title">Settings</h1>
        <span className="flex-1" />
        <SearchButton />
      </header>
      <Tabs.Root
        value={tab}
        onValueChange={(value) => navigate(value === "trackers" ? "/settings" : `/settings/${String(value)}`)}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List className="tabs" aria-label="Settings">
          {tabs.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id} className="tab-button">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className="settings-scroll">
          {problems.length > 0 && <ProblemList problems={problems} className="mb-4" />}
          {trackers.error !== null && (
            <div className="mb-4">
              <ErrorNote error={toApiError(trackers.error)} onRetry={() => void trackers.refetch()} />
            </div>
          )}
          {tabs.map(({ id, content }) => (
            <Tabs.Panel key={id} value={id}>
              {trackers.isPending && <TabSkeleton />}
              {trackers.data && content(trackers.data.trackers, toId(below))}
            </Tabs.Panel>
          ))}
        </div>
      </Tabs.Root>
    </>
  );
}

function toId(written: string | undefined): string | null {
  return written === undefined || written === "" ? null : decodePercent(written);
}
