// All actions of the internal API. A new one is one line here.

import type { Action } from './action.ts';
import { templateAction } from './template.ts';

export const ACTIONS: readonly Action[] = [templateAction];
