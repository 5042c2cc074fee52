// `node bench/peers/list.ts TRACKER SOURCE,SOURCE [SINCE]`: lists sources with the tracker's client in its own process; prints {issues}. Credentials come from
// the environment.
import { clients } from "./clients.ts";

const [tracker = "", sources = "", since] = process.argv.slice(2);
const client = clients[tracker];
if (client === undefined) throw new Error(`there is no client for "${tracker}"`);
let issues = 0;
for (const source of sources.split(",")) issues += await client.list({ env: process.env, source, since });
console.log(JSON.stringify({ issues }));
