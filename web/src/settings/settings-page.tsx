import { Tabs } from "@base-ui/react/tabs";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { toApiError } from "../api/client.ts";
import { trackersQuery } from "../api/queries.ts";
import { ConnectionNotice } from "../shell/connection-notice.tsx";
import { SearchButton } from "../shell/search-button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { ProblemList } from "../ui/problem-list.tsx";
import { ProjectsTab } from "./projects-tab.tsx";
import { TrackersTab } from "./trackers-tab.tsx";
import "./settings.css";

export function SettingsPage() {
  const [path, navigate] = useLocation();
  const tab = path.startsWith("/settings/projects") ? "projects" : "trackers";
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
        onValueChange={(value) => navigate(value === "projects" ? "/settings/projects" : "/settings")}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List className="tabs" aria-label="Settings">
          <Tabs.Tab value="trackers" className="tab-button">
            Trackers
          </Tabs.Tab>
          <Tabs.Tab value="projects" className="tab-button">
            Projects
          </Tabs.Tab>
        </Tabs.List>
        <div className="settings-scroll">
          {problems.length > 0 && <ProblemList problems={problems} className="mb-4" />}
          {trackers.error !== null && (
            <div className="mb-4">
              <ErrorNote error={toApiError(trackers.error)} />
            </div>
          )}
          <Tabs.Panel value="trackers">{trackers.data && <TrackersTab trackers={trackers.data.trackers} />}</Tabs.Panel>
          <Tabs.Panel value="projects">{trackers.data && <ProjectsTab trackers={trackers.data.trackers} />}</Tabs.Panel>
        </div>
      </Tabs.Root>
    </>
  );
}
