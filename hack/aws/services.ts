// Every service of the simulator. Adding one: write hack/aws/services/<name>/service.ts, list it here.
import type { ServiceModule } from './core/operation.ts';
import { athena } from './services/athena/service.ts';
import { cloudformation } from './services/cloudformation/service.ts';
import { events } from './services/events/service.ts';
import { glue } from './services/glue/service.ts';
import { iam } from './services/iam/service.ts';
import { lakeformation } from './services/lakeformation/service.ts';
import { ram } from './services/ram/service.ts';
import { kms } from './services/kms/service.ts';
import { s3 } from './services/s3/service.ts';
import { s3control } from './services/s3control/service.ts';
import { secretsmanager } from './services/secretsmanager/service.ts';
import { servicequotas } from './services/servicequotas/service.ts';
import { sqs } from './services/sqs/service.ts';
import { ssm } from './services/ssm/service.ts';
import { sts } from './services/sts/service.ts';

/** @param seal key of temporary credentials: STS seals with it, the directory opens. */
export const serviceModules = (seal: string): readonly ServiceModule[] => [
  sts(seal),
  iam,
  kms,
  s3,
  s3control,
  cloudformation,
  events,
  secretsmanager,
  servicequotas,
  sqs,
  ssm,
  glue,
  lakeformation,
  ram,
  athena,
];
