// The web UI, as it was built: its files, and its one page under every address that nothing else answers.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { topics } from '../modules/dataset/words.ts';

const PAGE = 'index.html';

export const webSettings = z.strictObject({
  /** Folder of the built web UI: what `npm run build -w web` makes. */
  folder: z
    .string()
    .min(1)
    .refine(
      (folder) => existsSync(join(folder, PAGE)),
      `holds no ${PAGE}: npm run build -w web -- --out FOLDER makes the web UI`,
    ),
  /** Whether the guide that is built with it is served, under /docs, and pages link to it. */
  guide: z.boolean().default(true),
  /** What the form of a dataset suggests; others may be typed. Give it what the operator's `catalog.topics` has, or data.all's stand there. */
  topics: z.array(z.string().min(1)).default([...topics]),
});

export type WebSettings = z.output<typeof webSettings>;

/** Files under it bear a digest of their content in their names. */
const ASSETS = '/assets/';
const GUIDE = '/docs';
/** Addresses for programs: what is not there is not there, and no page. */
const FOR_PROGRAMS = /^\/(?:graphql|auth|search|templates|healthz|readyz|assets)(?:[/?]|$)/;

const FOREVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

/** Nothing is taken from elsewhere, and no script or style but from files of ours. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

export async function serveWebPages(
  fastify: FastifyInstance,
  { folder, guide }: Omit<WebSettings, 'topics'>,
): Promise<void> {
  const assets = join(folder, ASSETS);
  if (guide) fastify.get(GUIDE, async (_, reply) => reply.redirect(`${GUIDE}/`));
  else for (const url of [GUIDE, `${GUIDE}/*`]) fastify.get(url, (_, reply) => reply.callNotFound());
  await fastify.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    cacheControl: false,
    index: PAGE,
    logLevel: 'warn',
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(assets) ? FOREVER : ASK_EACH_TIME);
      for (const [name, value] of Object.entries(HEADERS)) reply.header(name, value);
    },
  });
  fastify.setNotFoundHandler(async ({ method, url }, reply) => {
    if (method === 'GET' && !FOR_PROGRAMS.test(url)) return reply.sendFile(PAGE);
    return reply.code(404).send({ errors: [{ message: `There is nothing at ${method} ${url.split('?')[0]}` }] });
  });
}
