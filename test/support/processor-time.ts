/** How many milliseconds of processor time some work takes: unlike the time that passes, it does not grow when other programs use the machine. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
