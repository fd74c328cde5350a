// Judges an import as the controller of datasets would, before there is a Dataset.

import type { z } from 'zod';
import { isFault } from '../aws/fault.ts';
import { claimsOf } from '../controllers/dataset/import-claims.ts';
import { judgeImportParts } from '../controllers/dataset/import-rules.ts';
import { observeImport } from '../controllers/dataset/observe-import.ts';
import { apiVersion } from '../kernel/kind.ts';
import { annotations, verbs } from '../resources/annotations.ts';
import { datasetKind, type Dataset } from '../resources/dataset.ts';
import { environmentKind } from '../resources/environment.ts';
import { defineAction, type ActionContext } from './action.ts';
import { importCheckRoute } from './contract/importable.ts';
import { environmentOf, sessionIn } from './objects.ts';

export const importCheckAction = defineAction({
  route: importCheckRoute,
  limits: { milliseconds: 20_000, bytes: 64_000 },
  run: async (context, input) => {
    const { platform, object } = context;
    const environment = environmentOf(platform, object);
    const aws = sessionIn(platform, environment);
    const isTrusted = await context.may(verbs.import, { resource: 'environments', name: environment.metadata.name });
    const dataset = datasetOf(context, input, isTrusted);
    const around = {
      datasets: platform.stores.get(datasetKind).list(),
      environments: platform.stores.get(environmentKind).list(),
    };
    return await context.inAccount(aws.account, async () => {
      try {
        const observed = await observeImport(aws, dataset);
        return { value: { problems: [...judgeImportParts(claimsOf(dataset, environment, around), observed)] } };
      } catch (error) {
        if (!isFault(error, 'AccessDenied')) throw error;
        // Most often a bucket of another account.
        const part = error.service === 'glue' ? 'Catalog' : 'Storage';
        const message = `${error.message}. ${error.advice}`;
        return { value: { problems: [{ part, reason: 'AccessDenied', message }] } };
      }
    });
  },
});

/** As it would be stored now: the youngest of all, with what admission writes of who may import. */
const datasetOf = (
  { object, user, now }: ActionContext,
  { owner, bucket, kmsAlias, database }: z.output<typeof importCheckRoute.input>,
  isTrusted: boolean,
): Dataset => ({
  apiVersion: apiVersion(datasetKind),
  kind: datasetKind.kind,
  metadata: {
    namespace: object.namespace ?? '',
    name: object.name,
    uid: '',
    resourceVersion: '',
    generation: 1,
    creationTimestamp: new Date(now()).toISOString(),
    ...(isTrusted && { annotations: { [annotations.importAuthorized]: user.name } }),
  },
  spec: {
    label: object.name,
    owner,
    confidentiality: 'Official',
    deletionPolicy: 'Retain',
    s3: {
      origin: 'Import',
      bucket: { name: bucket },
      ...(kmsAlias !== undefined && { kmsKey: { alias: kmsAlias } }),
      ...(database !== undefined && { glueDatabase: { name: database } }),
    },
  },
  status: { observedGeneration: 0 },
});
