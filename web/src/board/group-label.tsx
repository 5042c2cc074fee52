import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { parsePriority } from "../../../src/domain/priority.ts";
import { isStatus } from "../../../src/domain/status.ts";
import { facetsQuery, projectsQuery, trackersQuery } from "../api/queries.ts";
import type { Grouping } from "../../../src/domain/grouping.ts";
import { noGroup, plainGroupLabel } from "../filter/grouping.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, PriorityIcon, StatusIcon, TrackerGlyph } from "../ui/icon.tsx";

/** The display name of a group. */
export function useGroupLabel(grouping: Grouping): (group: string) => string {
  const trackers = useQuery({ ...trackersQuery, enabled: grouping === "tracker" }).data?.trackers;
  const projects = useQuery({ ...projectsQuery, enabled: grouping === "project" }).data;
  const people = useQuery({ ...facetsQuery, enabled: grouping === "assignee" }).data?.assignees;
  const peopleNames = useMemo(() => new Map(people?.map(({ login, name }) => [login, name])), [people]);
  return useCallback(
    (group) => {
      const named =
        grouping === "tracker"
          ? trackers?.find(({ id }) => id === group)?.label
          : grouping === "project"
            ? projects?.find(({ id }) => id === group)?.name
            : grouping === "assignee"
              ? peopleNames.get(group)
              : undefined;
      return named === undefined || named === "" ? plainGroupLabel(grouping, group) : named;
    },
    [grouping, trackers, projects, peopleNames],
  );
}

type GroupIconProps = { readonly grouping: Grouping; readonly group: string; readonly size?: 14 | 16 };

/** The icon next to a group's name. */
export function GroupIcon({ grouping, group, size = 16 }: GroupIconProps) {
  switch (grouping) {
    case "status":
      return isStatus(group) ? <StatusIcon status={group} size={size} label={false} /> : null;
    case "tracker":
      return <TrackerGlyph tracker={group} size={size} />;
    case "priority":
      return <PriorityIcon priority={parsePriority(group) ?? 0} label={false} />;
    case "project":
      return <Icon name="folder" size={14} className="text-ink-3" />;
    case "cycle":
      return <Icon name="sync" size={14} className="text-ink-3" />;
    case "state":
      return <GroupStatus state={group} size={size} />;
    case "assignee":
      return <GroupAvatar login={group} />;
  }
}

/** The status that a native state maps to. */
function GroupStatus({ state, size }: { readonly state: string; readonly size: 14 | 16 }) {
  const status = useQuery(facetsQuery).data?.states.find(({ name }) => name === state)?.status;
  return status === undefined ? null : <StatusIcon status={status} size={size} label={false} />;
}

function GroupAvatar({ login }: { readonly login: string }) {
  const people = useQuery(facetsQuery).data?.assignees;
  return (
    <Avatar
      person={
        login === noGroup ? null : (people?.find((one) => one.login === login) ?? { login, name: "", avatarUrl: null })
      }
    />
  );
}
