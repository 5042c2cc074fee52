import { readKept, writeKept } from "../ui/kept-text.ts";

const key = "panopticon.notifications";

/** Whether the user wants the browser to tell of waiting agents, and the browser may. */
export function wantsNotifications(): boolean {
  return canNotify() && Notification.permission === "granted" && readKept(key) === "on";
}

export function canNotify(): boolean {
  return "Notification" in globalThis;
}

/** Keeps the choice in this browser; the browser asks the user when it is switched on. Gives what holds now. */
export async function chooseNotifications(on: boolean): Promise<boolean> {
  if (on && canNotify() && Notification.permission !== "granted") await Notification.requestPermission();
  writeKept(key, on ? "on" : "off");
  return wantsNotifications();
}
