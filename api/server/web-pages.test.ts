// What the gateway serves to browsers: files as they were built, one page for every address of people, and none for programs.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveWebPages } from './web-pages.ts';

const PAGE = '<!doctype html><title>data.all</title>';
const GUIDE = '<!doctype html><title>Guide</title>';
const SCRIPT = 'export {};\n'.repeat(1_000);

const parent = mkdtempSync(join(tmpdir(), 'dataall-web-pages-'));
const folder = join(parent, 'dist');
const SECRET = 'a secret beside the folder';
let fastify: FastifyInstance;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), SECRET);
  mkdirSync(join(folder, 'docs'), { recursive: true });
  writeFileSync(join(folder, 'docs', 'index.html'), GUIDE);
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'assets', 'index-Ab12.js'), SCRIPT);
  writeFileSync(join(folder, 'assets', 'index-Ab12.js.br'), brotliCompressSync(SCRIPT));
  fastify = Fastify();
  fastify.get('/auth/userinfo', async () => 'somebody');
  await serveWebPages(fastify, { folder, guide: true });
});
afterAll(async () => {
  await fastify.close();
  rmSync(parent, { recursive: true, force: true });
});

describe('the gateway, asked by a browser,', () => {
  it.each(['/', '/shares/ab12cd34?tab=items', '/catalog', '/authors', '/search-results'])(
    'answers %s with the page, to be asked for each time',
    async (url) => {
      const { statusCode, body, headers } = await fastify.inject({ url });
      expect([statusCode, body]).toEqual([200, PAGE]);
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-type']).toContain('text/html');
    },
  );

  it('has the guide under /docs, and nothing of it where it is switched off', async () => {
    expect((await fastify.inject({ url: '/docs' })).headers.location).toBe('/docs/');
    expect((await fastify.inject({ url: '/docs/' })).body).toBe(GUIDE);
    const without = Fastify();
    await serveWebPages(without, { folder, guide: false });
    for (const url of ['/docs', '/docs/', '/docs/index.html']) expect((await without.inject({ url })).body).toBe(PAGE);
    await without.close();
  });

  it('sends a script compressed, to be kept for ever: its name changes with its content', async () => {
    const { rawPayload, headers } = await fastify.inject({
      url: '/assets/index-Ab12.js',
      headers: { 'accept-encoding': 'br' },
    });
    expect(headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: expect.stringContaining('accept-encoding') as string,
    });
    expect(headers['content-type']).toContain('javascript');
    expect(brotliDecompressSync(rawPayload).toString()).toBe(SCRIPT);
  });

  it('lets nothing in but from files of its own, and stands in no frame of others', async () => {
    const { headers } = await fastify.inject({ url: '/' });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(expect.arrayContaining(["script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]));
    expect(policy.join()).not.toMatch(/unsafe|data:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('the gateway, asked by a program,', () => {
  it.each(['/graphql/other', '/auth/nothing', '/search', '/assets/index-Old1.js', '/healthz/x', '/readyz?full'])(
    'answers %s with 404 and no page',
    async (url) => {
      const { statusCode, body } = await fastify.inject({ url });
      expect(statusCode).toBe(404);
      expect(body).not.toContain('<');
    },
  );

  it('answers what somebody posts to a page with 404', async () => {
    expect((await fastify.inject({ method: 'POST', url: '/shares', payload: {} })).statusCode).toBe(404);
  });

  it.each(['/../secret.txt', '/assets/..%2f..%2fsecret.txt', '/%2e%2e/secret.txt'])(
    'does not get a file from beside the folder by %s',
    async (url) => expect((await fastify.inject({ url })).body).not.toContain(SECRET),
  );

  it('gets what the gateway has at its own addresses', async () => {
    expect((await fastify.inject({ url: '/auth/userinfo' })).body).toBe('somebody');
  });
});
