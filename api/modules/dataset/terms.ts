// Glossary terms as far as objects name them: by path. There is no glossary in this version that would say more.

import type { ResolversTypes } from '../../graphql/schema-types.ts';
import { pageOfAll } from '../../read-model/page.ts';

type Terms = Awaited<ResolversTypes['TermSearchResult']>;

/** @param paths e.g. `/finance/revenue` @param since when what names them was created */
export function termsOf(paths: readonly string[], since: Date): Terms {
  const nodes = paths.map((path) => {
    const at = path.lastIndexOf('/');
    return {
      nodeUri: path,
      parentUri: path.slice(0, Math.max(at, 0)),
      owner: '',
      path,
      label: path.slice(at + 1),
      status: 'approved',
      created: since.toISOString(),
    };
  });
  return pageOfAll(nodes, { pageSize: Math.max(nodes.length, 1) });
}

export const noTerms = pageOfAll([], {});
