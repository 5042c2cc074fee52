import { useEffect, useState } from "react";

/** Long enough that what a local server sends at once is not announced as awaited. */
const lateMs = 300;

/** Whether something has been awaited for so long that the page should say so. */
export function useIsLate(awaited: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!awaited) return undefined;
    const timer = setTimeout(() => setLate(true), lateMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [awaited]);
  return awaited && late;
}
