const loopbackHosts = new Set(["127.0.0.1", "localhost", "::1", "[::1]"]);

/** Whether a server that listens on this host is reachable only from this machine. */
export function isLoopbackHost(host: string): boolean {
  return loopbackHosts.has(host.toLowerCase());
}

/** What to do instead of listening on other addresses; `port` is the server's. */
export function tunnelHint(port: number): string {
  return `Panopticon has no sign-in yet, so it listens on this machine only. From another machine, use an SSH tunnel: ssh -N -L ${port}:127.0.0.1:${port} user@this-machine, then open http://127.0.0.1:${port} there.`;
}
