// One connection carried on to another place, in both directions.
import { createConnection, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** For `createServer`. The end of one side, orderly or not, is that of the other. */
export const carryTo =
  (place: NetConnectOpts) =>
  (from: Socket): void => {
    const to = createConnection(place);
    from.pipe(to).pipe(from);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  };

export const listening = async (
  server: Server,
  on: { readonly port: number; readonly host: string } | { readonly path: string },
): Promise<Server> =>
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(on, () => resolve(server));
  });
