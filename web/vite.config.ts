// How the web UI is built, and served while it is worked on: `npm run dev -w web` sends what is not a page to the gateway of `npm start`.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { fontsAsFiles } from './build/font-files.ts';
import { oneAppLayout } from './build/one-app-layout.ts';
import { usedMessages } from './build/used-messages.ts';

const FRAMEWORK =
  /node_modules\/(?:react|react-dom|react-is|scheduler|react-router|urql|@urql\/core|wonka|@0no-co|intl-messageformat|@formatjs|tslib|clsx|react-transition-group)\//;

/** What the gateway answers and no page is. */
const GATEWAY_PATHS = ['/graphql', '/auth', '/search'];

/** Of the installation that is up in this clone; while there is none, where one would be by its own choice. */
function gatewayUrl(): string {
  const endpoints = join(import.meta.dirname, '..', '.run', 'endpoints.json');
  if (!existsSync(endpoints)) return 'http://127.0.0.1:8443';
  const { graphql } = JSON.parse(readFileSync(endpoints, 'utf8')) as { readonly graphql: string };
  return new URL(graphql).origin;
}

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  plugins: [fontsAsFiles(), oneAppLayout(), usedMessages()],
  build: {
    target: 'es2023',
    manifest: true,
    // Everything has an address of its own: the content security policy takes no data: but by name.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // `npm run build` says what budgets say, compressed as it is sent.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      output: {
        // What every page needs, in one file: it is compressed better than in thirty.
        codeSplitting: { groups: [{ name: 'framework', test: FRAMEWORK }] },
      },
      onLog: (level, log, tell) => {
        // Written for servers that render React, of which there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
    },
  },
  ...(command === 'serve' && {
    // The session's cookie belongs to the host, whatever the port: sign in at the gateway's own address first.
    server: {
      host: '127.0.0.1',
      proxy: Object.fromEntries(
        GATEWAY_PATHS.map((path) => [
          path,
          { target: gatewayUrl(), changeOrigin: true, headers: { origin: gatewayUrl() } },
        ]),
      ),
    },
  }),
}));
