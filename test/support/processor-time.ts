/** The CPU time of some work in milliseconds; unlike elapsed time, it does not grow with other load on the machine. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
