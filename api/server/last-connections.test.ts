import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../hack/control-plane/certificates.ts';
import { endLastConnections } from './last-connections.ts';

/** Node keeps a connection for so long after its last answer; Fastify's own is 72 s. A test that waits for it fails. */
const KEEP_ALIVE_MS = 120_000;

async function listening(https?: { cert: string; key: string }) {
  const fastify = (https === undefined
    ? Fastify({ keepAliveTimeout: KEEP_ALIVE_MS })
    : Fastify({ keepAliveTimeout: KEEP_ALIVE_MS, https })) as unknown as FastifyInstance;
  endLastConnections(fastify);
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  fastify.get('/', () => {
    asked.resolve();
    return answer.promise;
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = fastify.server.address() as AddressInfo;
  return { fastify, port, asked: asked.promise, answer: answer.resolve };
}

async function opened(
  socket: Socket,
  event: string,
): Promise<{ readonly socket: Socket; readonly read: () => string }> {
  let read = '';
  socket.on('data', (chunk: Buffer) => (read += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, event);
  return { socket, read: () => read };
}

describe('A server that closes', () => {
  it('answers who has asked, and waits neither for who asks nothing nor for what may be asked after the answer', async () => {
    const { fastify, port, asked, answer } = await listening();
    const silent = await opened(connect(port, '127.0.0.1'), 'connect');
    const asking = await opened(connect(port, '127.0.0.1'), 'connect');
    asking.socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
    await asked;
    const ends = [silent, asking].map(({ socket }) => once(socket, 'close'));
    const closed = fastify.close();
    await ends[0];
    answer('said');
    await Promise.all([closed, ends[1]]);
    expect(asking.read()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*said$/);
  });

  it('does so under TLS', async () => {
    const authority = await CertificateAuthority.create();
    const { certificate: cert, privateKey: key } = await authority.issueServer();
    const { fastify, port, asked, answer } = await listening({ cert, key });
    const to = { port, host: '127.0.0.1', ca: authority.certificate };
    const shaking = await opened(connect(port, '127.0.0.1'), 'connect');
    const silent = await opened(connectSecurely(to), 'secureConnect');
    const asking = await opened(connectSecurely(to), 'secureConnect');
    asking.socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
    await asked;
    const ends = [shaking, silent, asking].map(({ socket }) => once(socket, 'close'));
    const closed = fastify.close();
    await Promise.all(ends.slice(0, 2));
    answer('said');
    await Promise.all([closed, ends[2]]);
    expect(asking.read()).toMatch(/said$/);
  });
});
