// Names of what an account has that could be imported. Nothing is remembered: people look for what they have just made, too.

import type { AccountAws } from '../aws/account.ts';
import { reservedBuckets } from '../controllers/dataset/import-claims.ts';
import type { Platform } from '../controllers/reconcile/platform.ts';
import { environmentKind } from '../resources/environment.ts';
import { defineAction } from './action.ts';
import { importableRoute, MAX_NAMES, type ImportableKind } from './contract/importable.ts';
import { environmentOf, sessionIn } from './objects.ts';

/** Pages of AWS that one question is worth: 10,000 buckets, 1,000 aliases or databases. */
const MAX_PAGES = 10;

export const importableAction = defineAction({
  route: importableRoute,
  limits: { milliseconds: 20_000, bytes: 64_000 },
  run: async (context, { kind, term }) => {
    const { platform, object } = context;
    const aws = sessionIn(platform, environmentOf(platform, object));
    const wanted = term.toLowerCase();
    return await context.inAccount(aws.account, async () => ({
      value: await firstNames(pagesOf[kind](aws, platform), (name) => name.toLowerCase().includes(wanted)),
    }));
  },
});

const pagesOf: Readonly<Record<ImportableKind, (aws: AccountAws, platform: Platform) => Pages>> = {
  Bucket: async function* (aws, { stores }) {
    const reserved = reservedBuckets(stores.get(environmentKind).list());
    for await (const page of aws.s3.bucketPages()) yield page.filter((name) => !reserved(name));
  },
  // What AWS manages cannot be shared.
  Key: async function* (aws) {
    for await (const page of aws.kms.aliasPages()) yield page.filter((alias) => !alias.startsWith('aws/'));
  },
  Database: async function* (aws) {
    for await (const page of aws.glue.databasePages())
      yield page.flatMap(({ name, target }) => (target === undefined ? name : []));
  },
};

type Pages = AsyncGenerator<readonly string[]>;

const firstNames = async (pages: Pages, isWanted: (name: string) => boolean) => {
  const names: string[] = [];
  let read = 0;
  for await (const page of pages) {
    names.push(...page.filter(isWanted));
    read += 1;
    if (names.length > MAX_NAMES || read === MAX_PAGES) {
      return { names: names.slice(0, MAX_NAMES).toSorted(), complete: false };
    }
  }
  return { names: names.toSorted(), complete: true };
};
