// All actions of the internal API. A new one is one line here.

import type { Action } from './action.ts';
import { consoleAction } from './console.ts';
import { credentialsAction } from './credentials.ts';
import { templateAction } from './template.ts';

export const ACTIONS: readonly Action[] = [templateAction, credentialsAction, consoleAction];
