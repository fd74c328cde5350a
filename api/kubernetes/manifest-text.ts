// Objects as a file for Git.

import { stringify } from 'yaml';
import { manifestOf } from '../../operator/resources/manifest.ts';
import type { ProjectedObject } from '../read-model/object-columns.ts';

/** YAML documents, one an object. @param objects as the API server gives them */
export const manifestText = (objects: readonly StoredObject[]): string =>
  objects.map((object) => stringify(manifestOf(object), { lineWidth: 0 })).join('---\n');

export type StoredObject = ProjectedObject & { readonly apiVersion: string; readonly kind: string };
