// What a projection is: how the objects of one kind become rows. Pure; one file a kind in projections/.

import type { Insertable } from 'kysely';
import type { KindDefinition } from '../../operator/resources/kind.ts';
import type { ObjectOf } from '../../operator/resources/define-kind.ts';
import type { ProjectedObject } from './object-columns.ts';
import type { Tables } from './tables.ts';

/** Added when a row is written. */
type Added = 'epoch' | 'viewers' | 'digest';

interface ChildRow {
  readonly id: string;
  /** uid of the object. */
  readonly parent_uid: string;
}

/** Rows of one table that hang on one object, e.g. the items of a share. They go with it. */
export interface Children {
  readonly table: keyof Tables;
  readonly rows: readonly ChildRow[];
}

export interface Projection<T extends ProjectedObject = ProjectedObject> {
  readonly kind: KindDefinition<T>;
  readonly table: keyof Tables;
  row(object: T): Readonly<Record<string, unknown>>;
  /** By table, always the same ones in the same order. */
  children?(object: T): readonly Children[];
}

/** A projection whose row has the columns of its table. */
export const defineProjection = <Kind extends KindDefinition, Table extends keyof Tables>(projection: {
  readonly kind: Kind;
  readonly table: Table;
  readonly row: (object: ObjectOf<Kind>) => Omit<Insertable<Tables[Table]>, Added>;
  readonly children?: (object: ObjectOf<Kind>) => readonly Children[];
}): Projection => projection as unknown as Projection;
