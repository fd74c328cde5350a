// Cloudscape's style sheet holds its fonts in itself: here they become files, which browsers load when they show the letters, and keep.

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const FONT = /url\((['"]?)data:font\/woff2;(?:charset=[\w-]+;)?base64,([A-Za-z0-9+/=]+)\1\)/g;

export const fontsAsFiles = (): Plugin => ({
  name: 'fonts-as-files',
  apply: 'build',
  generateBundle(_, bundle) {
    for (const sheet of Object.values(bundle)) {
      if (sheet.type !== 'asset' || !sheet.fileName.endsWith('.css')) continue;
      sheet.source = sheet.source.toString().replaceAll(FONT, (_match, _quote, base64: string) => {
        const source = Buffer.from(base64, 'base64');
        const name = `font-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.woff2`;
        this.emitFile({ type: 'asset', fileName: `assets/${name}`, source });
        return `url(./${name})`;
      });
    }
  },
});
