import { readKept, writeKept } from "../ui/kept-text.ts";

const key = "panopticon.notifications";

/** Whether the user has turned on notifications of waiting agents and the browser permits them. */
export function wantsNotifications(): boolean {
  return canNotify() && Notification.permission === "granted" && readKept(key) === "on";
}

export function canNotify(): boolean {
  return "Notification" in globalThis;
}

/** Stores the choice in this browser, asking for permission when turned on. Returns the setting now in effect. */
export async function chooseNotifications(on: boolean): Promise<boolean> {
  if (on && canNotify() && Notification.permission !== "granted") await Notification.requestPermission();
  writeKept(key, on ? "on" : "off");
  return wantsNotifications();
}
