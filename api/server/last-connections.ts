// Which connections end with the server, beside those that Node ends.

import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * A server that closes waits for its connections. Node ends those that lie between two requests at that moment; neither those on which no request
 * has come, as browsers and balancers open them for later, nor, before their keep-alive is over, those whose request is answered afterwards: any
 * of them would hold up the end until the cluster kills us. https://nodejs.org/api/http.html#servercloseidleconnections
 */
export function endLastConnections(fastify: FastifyInstance): void {
  // By its other end, which a connection and the TLS in it have in common.
  const unused = new Map<string, Socket>();
  const otherEnd = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
  let isClosing = false;
  const opened = (socket: Socket): void => {
    if (isClosing) {
      socket.destroy();
      return;
    }
    const end = otherEnd(socket);
    unused.set(end, socket);
    socket.once('close', () => unused.delete(end));
  };
  fastify.server.on('connection', opened);
  fastify.server.on('secureConnection', opened);
  fastify.server.on('request', ({ socket }, response) => {
    unused.delete(otherEnd(socket));
    response.once('close', () => {
      if (isClosing) socket.end();
    });
  });
  fastify.addHook('preClose', async () => {
    isClosing = true;
    for (const socket of unused.values()) socket.destroy();
  });
}
