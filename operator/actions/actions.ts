// All actions of the internal API. A new one is one line here.

import type { Action } from './action.ts';
import { catalogAction } from './catalog.ts';
import { consoleAction } from './console.ts';
import { credentialsAction } from './credentials.ts';
import { importCheckAction } from './import-check.ts';
import { importableAction } from './importable.ts';
import { linkAction } from './link.ts';
import { reapplyAction } from './reapply.ts';
import { stackAction } from './stack.ts';
import { templateAction } from './template.ts';
import { verifyAction } from './verify.ts';

/** Some remember what they have read, for as long as the process lives. */
export const makeActions = (): readonly Action[] => [
  catalogAction(),
  importableAction,
  importCheckAction,
  linkAction,
  templateAction,
  credentialsAction,
  consoleAction,
  stackAction,
  verifyAction,
  reapplyAction,
];
