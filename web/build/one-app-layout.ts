// Cloudscape's frame comes in three designs and chooses when it is shown: only the one that it shows here is built in (41 kB less of the first page).

import type { Plugin } from 'vite';

/** Chooses among `./classic`, `./visual-refresh` and `./visual-refresh-toolbar`: the last is of the AWS console. */
const CHOICE = '/components/app-layout/internal.js';
const THEME = '/components/internal/environment.js';

export function oneAppLayout(): Plugin {
  let isChosen = false;
  return {
    name: 'one-app-layout',
    apply: 'build',
    load(id) {
      if (!id.endsWith(CHOICE)) return undefined;
      isChosen = true;
      return `export { default as AppLayoutInternal } from './visual-refresh';`;
    },
    transform(code, id) {
      if (id.endsWith(THEME) && !code.includes('ALWAYS_VISUAL_REFRESH = true'))
        this.error('Cloudscape has another design than visual refresh: choose it in one-app-layout.ts');
    },
    buildEnd(error) {
      if (error === undefined && !isChosen)
        this.error(`Cloudscape has no ${CHOICE} any more: one-app-layout.ts has to know where its frame is chosen`);
    },
  };
}
