// Where a request's template comes from: the body, an S3 URL, or the stack itself.
import type { Call } from '../../core/operation.ts';
import type { Stack } from './stack.ts';
import { validationError } from './template.ts';

export interface TemplateSource {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: in a request, and in S3. */
const MAX_BODY_BYTES = 51_200;
const MAX_OBJECT_BYTES = 1_048_576;

export async function templateBodyOf(call: Call, input: TemplateSource, stack?: Stack): Promise<string> {
  if (input.UsePreviousTemplate === true) {
    if (stack === undefined || stack.design.templateBody === '')
      throw validationError('UsePreviousTemplate is only valid for an existing stack');
    return stack.design.templateBody;
  }
  if (input.TemplateBody !== undefined) {
    if (Buffer.byteLength(input.TemplateBody) > MAX_BODY_BYTES) {
      throw validationError(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY_BYTES}`,
      );
    }
    return input.TemplateBody;
  }
  if (input.TemplateURL === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  return readObject(call, input.TemplateURL);
}

/** Read as the caller: path style, host style, with or without region, also on a local endpoint. */
async function readObject(call: Call, url: string): Promise<string> {
  const { hostname, pathname } = new URL(url);
  const [, hostBucket] = /^(.+?)\.s3[.-]/.exec(hostname) ?? [];
  const path = decodeURIComponent(pathname.slice(1));
  const Bucket = hostBucket ?? path.split('/')[0] ?? '';
  const Key = hostBucket === undefined ? path.slice(Bucket.length + 1) : path;
  const { Body } = await call.invoke<{ Body: AsyncIterable<Uint8Array> | Uint8Array }>('s3', 'GetObject', {
    Bucket,
    Key,
  });
  const chunks: Uint8Array[] = [];
  if (Body instanceof Uint8Array) chunks.push(Body);
  else for await (const chunk of Body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.byteLength > MAX_OBJECT_BYTES)
    throw validationError(`Template may not exceed ${MAX_OBJECT_BYTES} bytes in size.`);
  return bytes.toString();
}
